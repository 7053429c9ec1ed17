/** Gestures: what a button, two fingers and a wheel become. */

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Gestures, listenTo } from "./input";

const heard: string[] = [];
const numbers = (...values: number[]) => values.map((value) => Math.round(value * 100) / 100).join(" ");
const gestures: Gestures = {
  press: ({ at, shift }) => heard.push(`press ${numbers(at.x, at.y)}${shift ? " shift" : ""}`),
  move: ({ at }) => heard.push(`move ${numbers(at.x, at.y)}`),
  release: ({ at }) => heard.push(`release ${numbers(at.x, at.y)}`),
  double: () => heard.push("double"),
  cancel: () => heard.push("cancel"),
  leave: () => heard.push("leave"),
  pan: (dx, dy) => heard.push(`pan ${numbers(dx, dy)}`),
  zoom: (factor, at) => heard.push(`zoom ${numbers(factor, at.x, at.y)}`),
  pans: () => pans,
};
let pans = false;
let element: HTMLElement;
let stop: () => void;

beforeEach(() => {
  heard.length = 0;
  pans = false;
  element = document.body.appendChild(document.createElement("div"));
  element.setPointerCapture = vi.fn();
  stop = listenTo(element, gestures);
});

afterEach(() => {
  stop();
  element.remove();
});

function pointer(type: string, id: number, x: number, y: number, more: PointerEventInit = {}): void {
  const event = new PointerEvent(type, { pointerId: id, clientX: x, clientY: y, button: 0, ...more });
  // The test's window knows no coalesced events.
  Object.assign(event, { getCoalescedEvents: () => [] });
  element.dispatchEvent(event);
}

it("gives the main button to the tool and the middle one to the view", () => {
  pointer("pointermove", 1, 5, 5);
  pointer("pointerdown", 1, 10, 10, { shiftKey: true });
  pointer("pointermove", 1, 20, 30);
  pointer("pointerup", 1, 20, 30);
  pointer("pointerdown", 1, 10, 10, { button: 1 });
  pointer("pointermove", 1, 14, 7);
  pointer("pointerup", 1, 14, 7, { button: 1 });
  pointer("pointerdown", 1, 10, 10, { button: 2 });
  expect(heard).toEqual(["move 5 5", "press 10 10 shift", "move 20 30", "release 20 30", "pan 4 -3"]);
});

it("drags the view while the space bar is held", () => {
  pans = true;
  pointer("pointerdown", 1, 10, 10);
  pointer("pointermove", 1, 15, 10);
  pans = false;
  pointer("pointermove", 1, 20, 10);
  pointer("pointerup", 1, 20, 10);
  expect(heard).toEqual(["pan 5 0", "pan 5 0"]);
});

it("gives up the shape when a second finger comes, pinches and pans, and never draws with what is left", () => {
  pointer("pointerdown", 1, 100, 100, { pointerType: "touch" });
  pointer("pointerdown", 2, 200, 100, { pointerType: "touch" });
  pointer("pointermove", 2, 300, 100, { pointerType: "touch" });
  pointer("pointerup", 1, 100, 100, { pointerType: "touch" });
  pointer("pointermove", 2, 310, 100, { pointerType: "touch" });
  pointer("pointerup", 2, 310, 100, { pointerType: "touch" });
  expect(heard).toEqual(["press 100 100", "cancel", "zoom 2 200 100", "pan 50 0", "pan 10 0"]);
});

it("zooms with the wheel at the pointer, finer with a touchpad's pinch, and goes sideways with Shift", () => {
  const wheel = (deltaY: number, more: WheelEventInit = {}) => {
    const event = new WheelEvent("wheel", { deltaY, cancelable: true });
    // The test's window knows wheels without a place and without keys.
    Object.assign(event, { clientX: 7, clientY: 9, ...more });
    return element.dispatchEvent(event);
  };
  expect(wheel(-100)).toBe(false);
  wheel(-10, { ctrlKey: true });
  wheel(30, { shiftKey: true });
  wheel(1e9);
  expect(heard).toEqual(["zoom 1.17 7 9", "zoom 1.11 7 9", "pan -30 0", "zoom 0.68 7 9"]);
});

it("gives up when the system takes the pointer", () => {
  pointer("pointerdown", 1, 10, 10);
  pointer("pointercancel", 1, 10, 10);
  pointer("pointerup", 1, 10, 10);
  expect(heard).toEqual(["press 10 10", "cancel"]);
});
