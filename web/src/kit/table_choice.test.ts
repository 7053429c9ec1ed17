/** Rows of a table: chosen one by one and by the stretch, and in which order they stand. */

import { describe, expect, it } from "vitest";
import { inOrder } from "./table";
import { turned } from "./table_choice";

const choice = (chosen: readonly string[]) => ({
  keys: ["a", "b", "c", "d"],
  chosen: new Set(chosen),
  onChoose: () => undefined,
});

describe("choosing", () => {
  it("turns one row, and keeps what is chosen elsewhere", () => {
    expect([...turned(choice(["z"]), "b", null)]).toEqual(["z", "b"]);
    expect([...turned(choice(["b", "z"]), "b", null)]).toEqual(["z"]);
  });

  it("turns a stretch in either direction as the row at its end is turned", () => {
    expect([...turned(choice(["a"]), "c", "a")].sort()).toEqual(["a", "b", "c"]);
    expect([...turned(choice(["d"]), "b", "d")].sort()).toEqual(["b", "c", "d"]);
    expect([...turned(choice(["a", "b", "c"]), "a", "c")]).toEqual([]);
  });

  it("turns one row where the stretch's beginning is not in this table", () => {
    expect([...turned(choice([]), "c", "elsewhere")]).toEqual(["c"]);
  });
});

describe("order", () => {
  const columns = [{ id: "n", title: "n", cell: () => null, value: (row: number | null) => row }];
  const rows = [10, null, 9, 2];

  it("is of numbers, up and down, with what has no value last", () => {
    expect(inOrder(rows, columns, { column: "n", down: false })).toEqual([2, 9, 10, null]);
    expect(inOrder(rows, columns, { column: "n", down: true })).toEqual([10, 9, 2, null]);
  });

  it("is as it came where no column, or one that is not sorted, was chosen", () => {
    expect(inOrder(rows, columns, null)).toEqual(rows);
    expect(inOrder(rows, columns, { column: "other", down: true })).toEqual(rows);
  });
});
