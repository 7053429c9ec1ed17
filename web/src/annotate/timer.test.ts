/** Time counts while somebody works, and stops when they are idle or away. */

import { expect, it } from "vitest";
import { WorkTimer } from "./timer";

it("counts work, not idling nor time out of sight", () => {
  let now = 0;
  const timer = new WorkTimer(() => now);
  timer.begin(5);
  now += 10_000;
  expect(timer.seconds).toBe(15);
  timer.alive();
  now += 3_600_000;
  expect(timer.seconds).toBe(75);
  timer.alive();
  expect(timer.seconds).toBe(75);
  now += 2_000;
  timer.hidden();
  now += 50_000;
  expect(timer.seconds).toBe(77);
  timer.alive();
  now += 1_500;
  expect(timer.seconds).toBe(78.5);
});

it("tells milliseconds, and at least one", () => {
  let now = 0;
  const timer = new WorkTimer(() => now);
  timer.begin();
  expect(timer.seconds).toBe(0.001);
  now += 23.4;
  expect(timer.seconds).toBe(0.023);
});

it("knows when the answer was first changed, anew for each task", () => {
  let now = 0;
  const timer = new WorkTimer(() => now);
  timer.begin();
  now += 3_000;
  expect(timer.firstInputAgo).toBeUndefined();
  timer.changed();
  now += 4_000;
  timer.changed();
  expect(timer.firstInputAgo).toBe(4);
  timer.begin();
  expect(timer.firstInputAgo).toBeUndefined();
});
