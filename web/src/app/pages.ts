/** The pages of an organisation beside its projects, as the menu and the palette offer them to a role. */

import type { IconName } from "@/kit/icon";
import type { Me } from "./session";
import { t } from "./words";

export interface PageLink {
  readonly to: "/organisation" | "/jobs" | "/webhooks" | "/health";
  readonly words: string;
  readonly icon: IconName;
}

/** Return the pages that members of a role in the organisation may see. */
export function pagesOf(role: Me["member"]["role"]): readonly PageLink[] {
  const health: PageLink = { to: "/health", words: t("Health"), icon: "info" };
  if (role !== "owner" && role !== "manager") return [health];
  return [
    { to: "/organisation", words: t("Organisation"), icon: "people" },
    { to: "/jobs", words: t("Jobs"), icon: "clock" },
    { to: "/webhooks", words: t("Webhooks"), icon: "link" },
    health,
  ];
}
