/** How a pace becomes bars, and when the rest will be done. */

import { describe, expect, it } from "vitest";
import { csvOf, moved, rowsOf, stacked } from "@/kit/chart_data";
import type { BatchRow, Pace } from "./asking";
import { byTheClock, estimatedEnd, plotOfPace } from "./pace";
import { forecasts } from "./queue_panel";

const moment = (at: string, member: string | null, labels: number) => ({
  at,
  member,
  labels,
  revisions: 0,
  discounted: 0,
  worked_seconds: 0,
});
const person = (member: string) => ({ ...moment("", member, 1), member, name: `name of ${member}` });
const pace = {
  project: "prj",
  since: "2026-11-23T00:00:00Z",
  until: "2026-11-23T04:00:00Z",
  step: "hour",
  people: ["a", "b", "c", "d", "e", "f"].map(person),
  people_total: 7,
  moments: [
    moment("2026-11-23T01:00:00Z", "a", 5),
    moment("2026-11-23T01:00:00Z", "f", 2),
    moment("2026-11-23T01:00:00Z", null, 3),
    moment("2026-11-23T03:00:00Z", "b", 4),
  ],
  first_at: "2026-11-23T01:00:00Z",
  last_at: "2026-11-23T03:00:00Z",
} as Pace;

describe("a pace", () => {
  it("has a bar for each hour, with nobody's labels lost among the others", () => {
    const { times, lines } = plotOfPace(pace);
    expect(times).toHaveLength(4);
    expect(lines.map(({ name }) => name).slice(-1)).toEqual(["Others"]);
    expect(lines.at(-1)?.values).toEqual([0, 5, 0, 0]);
    expect(stacked(lines).at(-1)).toEqual([0, 10, 0, 4]);
  });

  it("says when the rest will be in, and nothing where nobody works", () => {
    const now = Date.parse("2026-11-23T04:00:00Z");
    expect(byTheClock(pace, now)).toBeCloseTo(14 / 3);
    expect(estimatedEnd(14, 14 / 3, now)?.toISOString()).toBe("2026-11-23T07:00:00.000Z");
    expect(estimatedEnd(14, 0, now)).toBeNull();
  });

  it("lets a batch wait for those that are due before it", () => {
    const batch = (id: string, deadline: string | null, asked: number) =>
      ({ batch: { id, deadline, state: "open" }, progress: { asked, answered: 0 } }) as BatchRow;
    const rows = [batch("late", null, 10), batch("soon", "2026-11-24T00:00:00Z", 5)];
    const ends = forecasts(rows, 5, 0).map(({ batch: { id }, end }) => [
      id,
      (end?.getTime() ?? 0) / 3_600_000,
    ]);
    expect(ends).toEqual([
      ["soon", 1],
      ["late", 3],
    ]);
  });
});

describe("a chart", () => {
  it("is a table with intervals, safe for a spreadsheet", () => {
    const plot = { times: [0], lines: [{ name: '=1+"x"', values: [0.5], low: [0.4], high: [null] }] };
    expect(csvOf(rowsOf(plot))).toBe(
      `time,"'=1+""x""","'=1+""x"": low","'=1+""x"": high"\r\n1970-01-01T00:00:00.000Z,0.5,0.4,\r\n`,
    );
  });

  it("is read by arrows, within its ends", () => {
    expect(moved("ArrowRight", null, 3)).toBe(0);
    expect(moved("ArrowLeft", null, 3)).toBe(2);
    expect(moved("PageUp", 1, 3)).toBe(0);
    expect(moved("End", 0, 3)).toBe(2);
    expect(moved("x", 0, 3)).toBeNull();
    expect(moved("Home", null, 0)).toBeNull();
  });
});
