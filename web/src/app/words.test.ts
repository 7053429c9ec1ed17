/** Words: plurals, numbers, and a pseudo-language in which every text that passes by `t` is seen at once. */

import { afterEach, expect, test } from "vitest";
import { counted, speak, t } from "./words";

afterEach(() => speak("en"));

test("values and plurals are put in", () => {
  const tasks = "{count, plural, one {# task} other {# tasks}} for {name}";
  expect(t(tasks, { count: 1, name: "Ada" })).toBe("1 task for Ada");
  expect(t(tasks, { count: 1200, name: "Ada" })).toBe("1,200 tasks for Ada");
});

test("what people wrote is no message: braces in a value stay", () => {
  expect(t("Hello {name}", { name: "{count, plural}" })).toBe("Hello {count, plural}");
});

test("another language speaks where it has the words, and English where it has none", () => {
  speak("xx", {
    "{count, plural, one {# task} other {# tasks}}": "[!! {count} ŧašķš !!]",
    Submit: "[!! Šubɱıŧ !!]",
  });
  expect(t("Submit")).toBe("[!! Šubɱıŧ !!]");
  expect(t("{count, plural, one {# task} other {# tasks}}", { count: 2 })).toBe("[!! 2 ŧašķš !!]");
  expect(t("Skip")).toBe("Skip");
  expect(document.documentElement.lang).toBe("xx");
  speak("de");
  expect(counted(1234567)).toBe("1.234.567");
});
