/** Webhooks as the services tell them: each has a courier and deliveries in every service. */

import { queryOptions } from "@tanstack/react-query";
import { answered, type ModalityShape, modality, type PlatformShape, platform } from "@/api/client";
import { queryClient } from "@/app/query";
import type { Modality } from "@/engine/document/values";

export type Webhook = PlatformShape<"WebhookView">;
export type Courier = ModalityShape<"CourierView">;
export type Delivery = ModalityShape<"DeliveryView">;
export type DeliveryState = Delivery["state"];

/** Services deliver from their own logs; the platform's own are listed by it alone. */
export const SERVICES: readonly Modality[] = ["text", "image", "video"];
const PAGE_ROWS = 200;
const REFRESH_MILLISECONDS = 4000;

export const webhooksQuery = queryOptions({
  queryKey: ["webhooks"],
  queryFn: async () => {
    const query = { limit: PAGE_ROWS };
    return (await answered(platform.GET("/v1/webhooks", { params: { query } }))).items;
  },
});

export const courierQuery = (webhook: string, service: Modality) =>
  queryOptions({
    queryKey: ["webhooks", webhook, "courier", service],
    queryFn: () =>
      answered(modality(service).GET("/webhooks/{webhook}/courier", { params: { path: { webhook } } })),
    refetchInterval: REFRESH_MILLISECONDS,
  });

export const deliveriesQuery = (webhook: string, service: Modality, state: DeliveryState | "") =>
  queryOptions({
    queryKey: ["webhooks", webhook, "deliveries", service, state],
    queryFn: () => {
      const query = { limit: 50, ...(state && { state }) };
      const params = { path: { webhook }, query };
      return answered(modality(service).GET("/webhooks/{webhook}/deliveries", { params }));
    },
    refetchInterval: REFRESH_MILLISECONDS,
  });

export const again = () => void queryClient.invalidateQueries({ queryKey: ["webhooks"] });

export const make = (body: PlatformShape<"NewWebhook">) => answered(platform.POST("/v1/webhooks", { body }));

/** Changes what is named, and nothing where somebody else changed it meanwhile. */
export const change = ({ id, version }: Webhook, body: PlatformShape<"WebhookChange">) =>
  answered(
    platform.PATCH("/v1/webhooks/{webhook}", {
      params: { path: { webhook: id } },
      headers: { "If-Match": `"${version}"` },
      body,
    }),
  );

export const remove = ({ id }: Webhook) =>
  answered(platform.DELETE("/v1/webhooks/{webhook}", { params: { path: { webhook: id } } }));

export const rotate = ({ id }: Webhook, overlap_hours: number) =>
  answered(
    platform.POST("/v1/webhooks/{webhook}/rotate", {
      params: { path: { webhook: id } },
      body: { overlap_hours },
    }),
  );

export const test = ({ id }: Webhook) =>
  answered(platform.POST("/v1/webhooks/{webhook}/test", { params: { path: { webhook: id } } }));

export const redeliver = (webhook: string, service: Modality, event: string) =>
  answered(
    modality(service).POST("/webhooks/{webhook}/deliveries/{event}/redeliver", {
      params: { path: { webhook, event } },
    }),
  );

export const replay = (webhook: string, service: Modality, body: ModalityShape<"Replay">) =>
  answered(modality(service).POST("/webhooks/{webhook}/replay", { params: { path: { webhook } }, body }));

/** Lines or commas between words; nothing means all. */
export const wordsOf = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);
