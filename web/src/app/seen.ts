/** The commands that this person has met: settings can change their keys while their page is not open. */

import type { Known } from "@/engine/hotkeys/catalogue";
import { type Registry, SCOPES } from "@/engine/hotkeys/registry";
import { Persisted } from "./persisted";

const KEPT = 200;

const isText = (found: unknown): found is string => typeof found === "string" && found !== "";

function known(stored: unknown): readonly Known[] {
  if (typeof stored !== "object" || stored === null) return [];
  const { id, title, scope, keys }: Record<string, unknown> = { ...stored };
  const home = SCOPES.find((one) => one === scope);
  if (!isText(id) || !isText(title) || !home || !Array.isArray(keys)) return [];
  return [{ id, title, scope: home, keys: keys.filter(isText) }];
}

export const seen = new Persisted<readonly Known[]>("annotary.commands", (stored) =>
  Array.isArray(stored) ? stored.flatMap(known) : [],
);

/** Return what was seen with what is there now; of one id the latest counts, and the oldest go first. */
export function withThose(before: readonly Known[], now: readonly Known[]): readonly Known[] {
  const byId = new Map(before.map((one) => [one.id, one]));
  for (const { id, title, scope, keys } of now) {
    byId.delete(id);
    byId.set(id, { id, title, scope, keys });
  }
  return [...byId.values()].slice(-KEPT);
}

/** Remembers what is registered from now on; commands of one project or one task are not worth it. */
export function rememberCommands(registry: Registry): void {
  let due: ReturnType<typeof setTimeout> | undefined;
  const remember = () => {
    due = undefined;
    const now = registry.commands.filter(({ id, keys }) => keys.length > 0 && !/^project-/.test(id));
    const fresh = now.some(({ id }) => !seen.get().some((one) => one.id === id));
    if (fresh) seen.set(withThose(seen.get(), now));
  };
  registry.subscribe(() => {
    if (due === undefined) due = setTimeout(remember, 1000);
  });
}
