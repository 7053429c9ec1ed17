/** A definition while a step changes it. */

import type { Label } from "@/engine/document/values";
import type { Settings } from "./steps";

export interface Writable {
  tools: Record<string, Settings>;
  labels: Label[];
}
