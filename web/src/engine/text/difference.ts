/** What differs between two texts, word by word: the shortest edit script of Myers (Algorithmica 1, 1986). */

export interface Run {
  readonly kind: "same" | "removed" | "added";
  readonly text: string;
}

/** Beyond this many words that differ, what lies between is shown as replaced: nobody reads more than that. */
const EDITS_MAX = 600;

const wordsOf = (text: string): readonly string[] =>
  text.match(/\r\n|\s|[\p{L}\p{M}\p{N}_]+|[^\s\p{L}\p{M}\p{N}_]/gu) ?? [];

/** Return runs whose same and removed ones put together are `before`, and same and added ones `after`. */
export function difference(before: string, after: string): readonly Run[] {
  const [a, b] = [wordsOf(before), wordsOf(after)];
  const head = countSame(a.length, b.length, (at) => a[at] === b[at]);
  const tail = countSame(a.length - head, b.length - head, (at) => a.at(-1 - at) === b.at(-1 - at));
  const [left, right] = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)];
  return merged([
    { kind: "same", text: a.slice(0, head).join("") },
    ...between(left, right),
    { kind: "same", text: a.slice(a.length - tail).join("") },
  ]);
}

function countSame(first: number, second: number, same: (at: number) => boolean): number {
  const end = Math.min(first, second);
  let count = 0;
  while (count < end && same(count)) count++;
  return count;
}

function between(a: readonly string[], b: readonly string[]): readonly Run[] {
  const trace = traced(a, b);
  if (trace) return walkedBack(a, b, trace);
  return [
    { kind: "removed", text: a.join("") },
    { kind: "added", text: b.join("") },
  ];
}

/** Return the furthest places reached by each number of edits, by diagonal; undefined when there are too many. */
function traced(
  a: readonly string[],
  b: readonly string[],
): readonly ReadonlyMap<number, number>[] | undefined {
  const trace: Map<number, number>[] = [];
  let reached = new Map<number, number>([[1, 0]]);
  for (let edits = 0; edits <= Math.min(EDITS_MAX, a.length + b.length); edits++) {
    trace.push(reached);
    const next = new Map<number, number>();
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = entered(reached, diagonal, edits);
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++;
      next.set(diagonal, x);
      if (x >= a.length && x - diagonal >= b.length) return trace;
    }
    reached = next;
  }
  return undefined;
}

/** Whether the last edit on a diagonal is an addition, which comes from the diagonal above. */
const isAddition = (reached: ReadonlyMap<number, number>, diagonal: number, edits: number): boolean =>
  diagonal === -edits ||
  (diagonal !== edits && (reached.get(diagonal - 1) ?? -1) < (reached.get(diagonal + 1) ?? -1));

const entered = (reached: ReadonlyMap<number, number>, diagonal: number, edits: number): number =>
  isAddition(reached, diagonal, edits)
    ? (reached.get(diagonal + 1) ?? 0)
    : (reached.get(diagonal - 1) ?? 0) + 1;

function walkedBack(
  a: readonly string[],
  b: readonly string[],
  trace: readonly ReadonlyMap<number, number>[],
): readonly Run[] {
  const runs: Run[] = [];
  let [x, y] = [a.length, b.length];
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const reached = trace[edits] ?? new Map<number, number>();
    const diagonal = x - y;
    const from = isAddition(reached, diagonal, edits) ? diagonal + 1 : diagonal - 1;
    const fromX = edits === 0 ? 0 : (reached.get(from) ?? 0);
    const fromY = edits === 0 ? 0 : fromX - from;
    while (x > fromX && y > fromY) {
      x--;
      y--;
      runs.push({ kind: "same", text: a[x] ?? "" });
    }
    if (edits === 0) break;
    if (x === fromX) runs.push({ kind: "added", text: b[fromY] ?? "" });
    else runs.push({ kind: "removed", text: a[fromX] ?? "" });
    [x, y] = [fromX, fromY];
  }
  return runs.reverse();
}

/** Return runs with neighbours of one kind put together, and removals before additions within a change. */
function merged(runs: readonly Run[]): readonly Run[] {
  const result: Run[] = [];
  let change = { removed: "", added: "" };
  const close = () => {
    if (change.removed) result.push({ kind: "removed", text: change.removed });
    if (change.added) result.push({ kind: "added", text: change.added });
    change = { removed: "", added: "" };
  };
  for (const { kind, text } of runs) {
    if (!text) continue;
    if (kind !== "same") {
      change = { ...change, [kind]: change[kind] + text };
      continue;
    }
    close();
    const last = result.at(-1);
    if (last?.kind === "same") result[result.length - 1] = { kind, text: last.text + text };
    else result.push({ kind, text });
  }
  close();
  return result;
}
