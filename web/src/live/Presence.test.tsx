/** Who is there, as it is drawn and as it is read out. */

import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, describe, expect, it } from "vitest";
import { TooltipProvider } from "@/kit/tooltip";
import { initialsOf, People } from "./Presence";

const place = document.createElement("div");
document.body.append(place);
const root = createRoot(place);
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

function draw(count: number, names: readonly string[]): string {
  const members = names.map((name, at) => ({
    member: `mem_${at}`,
    name,
    task: at === 0 ? "task_1" : null,
    since: "2026-11-23T12:00:00Z",
  }));
  act(() =>
    root.render(
      <TooltipProvider>
        <People state={{ count, members }} />
      </TooltipProvider>,
    ),
  );
  return [...place.querySelectorAll("li")].map((one) => one.textContent).join(" ");
}

afterEach(() => act(() => root.render(null)));

describe("the people on a project", () => {
  it("are initials with names that are read out", () => {
    expect(draw(2, ["Ada Lovelace", "Ben"])).toBe("AL B");
    const names = [...place.querySelectorAll('[role="img"]')].map((one) => one.getAttribute("aria-label"));
    expect(names[0]).toMatch(/^Ada Lovelace, at a task; here since /);
    expect(names[1]).toMatch(/^Ben, here since /);
    expect(place.querySelector('[role="status"]')?.textContent).toBe("2 people are on this project now");
  });

  it("are five, and how many more", () => {
    expect(draw(12, ["A", "B", "C", "D", "E", "F", "G"])).toBe("A B C D E +7");
  });

  it("are only a number to those who may not know them", () => {
    expect(draw(3, [])).toBe("3");
    expect(draw(0, [])).toBe("");
  });
});

it("takes the first letters of the first and the last word, whole characters of any script", () => {
  expect(["Ada King Lovelace", " émile ", "🦊 fox", ""].map(initialsOf)).toEqual(["AL", "É", "🦊F", "?"]);
});
