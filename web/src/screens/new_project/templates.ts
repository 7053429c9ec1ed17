/** Every template, and which are offered. */

import type { Modality } from "@/engine/document/values";
import type { Shape } from "@/screens/intake/values";
import { images, videos } from "./media_templates";
import type { Template } from "./template";
import { texts } from "./text_templates";

let made: readonly Template[] | null = null;

/** Every template, in the order they are offered. */
export function templates(): readonly Template[] {
  made ??= [...texts(), ...images(), ...videos()];
  return made;
}

/** Return the templates of a modality; first those that the rows have what it takes for. */
export function offered(
  modality: Modality,
  shape: Shape | null,
): readonly (readonly [Template, fits: boolean])[] {
  const all = templates().filter((one) => one.modality === modality);
  const fits = ({ shapes }: Template) => modality !== "text" || shape === null || shapes.includes(shape);
  return [...all.filter(fits), ...all.filter((one) => !fits(one))].map((one) => [one, fits(one)] as const);
}
