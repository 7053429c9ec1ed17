/** Edits become steps: the fewest that say the same, in an order that the server takes; undo goes through them. */

import golden from "@golden/steps.json";
import { describe, expect, it } from "vitest";
import type { Attribute, Definition } from "@/engine/document/values";
import { applied, tidy } from "./applying";
import { attributeSteps, edited, rebased, redone, undone, untouched, withStep } from "./editing";
import { conditionOf } from "./split_rules";
import { Refused, type Step } from "./steps";

const kind: Attribute = { name: "kind", kind: "choice", choices: ["sedan", "suv"] };
const base: Definition = {
  tools: { box: {}, ordinal: { scales: { car: { minimum: 1, maximum: 3 } } } },
  labels: [
    { name: "vehicle" },
    { name: "car", parent: "vehicle", tools: ["box"], hotkey: "c", attributes: [kind] },
    { name: "van", parent: "vehicle" },
    { name: "person" },
  ],
};
const changed = (...steps: readonly Step[]) => applied(base, steps);
const told = (...steps: readonly Step[]) =>
  steps.reduce<readonly Step[]>((now, step) => withStep(base, now, step), []);
const named = (definition: Definition, name: string) => definition.labels?.find((one) => one.name === name);

describe("what a step makes of a definition", () => {
  const [before] = golden.before as unknown as readonly [Definition];
  it.each(golden.made.map(({ steps, after }) => [JSON.stringify(steps), steps, after]))(
    "is what the server makes of it: %s",
    (_, steps, wanted) => {
      expect(applied(before, steps as unknown as readonly Step[])).toEqual(
        tidy(wanted as unknown as Definition),
      );
    },
  );
  it.each(golden.refused.map((step) => [JSON.stringify(step), step]))(
    "is refused where the server refuses it: %s",
    (_, step) => {
      expect(() => applied(before, [step as unknown as Step])).toThrow(Refused);
    },
  );
  it("takes a renamed label's children and scales along", () => {
    const made = changed({ step: "rename_label", label: "car", to: "auto" });
    expect(made.tools.ordinal).toEqual({ scales: { auto: { minimum: 1, maximum: 3 } } });
    const up = changed({ step: "rename_label", label: "vehicle", to: "thing" });
    expect(named(up, "van")?.parent).toBe("thing");
  });
  it("gives a split label's parts all but the key", () => {
    const made = changed({ step: "split_label", label: "car", into: ["car", "taxi"] });
    expect(made.labels?.map(({ name }) => name)).toEqual(["vehicle", "car", "taxi", "van", "person"]);
    expect(named(made, "car")?.hotkey).toBe("c");
    expect(named(made, "taxi")).toEqual({
      name: "taxi",
      parent: "vehicle",
      tools: ["box"],
      attributes: [kind],
    });
  });
  it("puts what was below a merged label below the other", () => {
    const made = changed({ step: "merge_labels", labels: ["vehicle"], into: "person" });
    expect(named(made, "van")?.parent).toBe("person");
  });
  it.each<[string, Step]>([
    ["a name that is taken", { step: "rename_label", label: "car", to: "van" }],
    ["a label below itself", { step: "move_label", label: "vehicle", parent: "car" }],
    ["a parent that would leave children", { step: "remove_label", label: "vehicle" }],
    ["labels of other scales", { step: "merge_labels", labels: ["car"], into: "van" }],
    ["a tool that labels name", { step: "remove_tool", tool: "box" }],
    [
      "a choice without choices",
      {
        step: "retype_attribute",
        label: "car",
        attribute: "kind",
        to: { kind: "choice", choices: [] },
      },
    ],
  ])("refuses %s", (_, step) => {
    expect(() => changed(step)).toThrow(Refused);
  });
});

describe("steps told shortly", () => {
  it("renames once what is renamed twice, and not at all what gets its name back", () => {
    const twice: Step[] = [
      { step: "rename_label", label: "car", to: "auto" },
      { step: "rename_label", label: "auto", to: "automobile" },
    ];
    expect(told(...twice)).toEqual([{ step: "rename_label", label: "car", to: "automobile" }]);
    expect(told(...twice, { step: "rename_label", label: "automobile", to: "car" })).toEqual([]);
  });
  it("makes one step of a label that is added, renamed, coloured and asked about", () => {
    expect(
      told(
        { step: "add_label", label: { name: "bike" } },
        { step: "move_label", label: "bike", parent: "vehicle" },
        { step: "describe_label", label: "bike", colour: "#112233" },
        { step: "add_attribute", label: "bike", attribute: { name: "old", kind: "boolean" } },
        { step: "rename_label", label: "bike", to: "bicycle" },
      ),
    ).toEqual([
      {
        step: "add_label",
        label: {
          name: "bicycle",
          parent: "vehicle",
          colour: "#112233",
          attributes: [{ name: "old", kind: "boolean" }],
        },
      },
    ]);
  });
  it("keeps a rename apart where an earlier step speaks of the old name", () => {
    const steps = told(
      { step: "add_label", label: { name: "bike" } },
      { step: "merge_labels", labels: ["person"], into: "bike" },
      { step: "rename_label", label: "bike", to: "bicycle" },
    );
    expect(steps.map(({ step }) => step)).toEqual(["add_label", "merge_labels", "rename_label"]);
  });
  it("forgets what was added and removed, and what was retired and restored", () => {
    const add: Step = { step: "add_label", label: { name: "bike" } };
    expect(told(add, { step: "remove_label", label: "bike" })).toEqual([]);
    const retired: Step = { step: "retire_label", label: "van" };
    expect(told(retired, { step: "restore_label", label: "van" })).toEqual([]);
  });
  it("says of a choice that is renamed twice what the first one becomes", () => {
    const renames = (from: string, to: string, choices: readonly string[]): Step => ({
      step: "retype_attribute",
      label: "car",
      attribute: "kind",
      to: { kind: "choice", choices },
      values: { [from]: to },
    });
    expect(
      told(
        renames("sedan", "saloon", ["saloon", "suv"]),
        renames("saloon", "limousine", ["limousine", "suv"]),
      ),
    ).toEqual([renames("sedan", "limousine", ["limousine", "suv"])]);
  });
  it("does not fold a choice that comes back after its answers went elsewhere", () => {
    const steps = told(
      {
        step: "retype_attribute",
        label: "car",
        attribute: "kind",
        to: { kind: "choice", choices: ["suv"] },
        values: { sedan: "suv" },
      },
      {
        step: "retype_attribute",
        label: "car",
        attribute: "kind",
        to: { kind: "choice", choices: ["sedan", "suv"] },
      },
    );
    expect(steps).toHaveLength(1);
    expect(steps[0]).toMatchObject({ values: { sedan: "suv" } });
  });
});

describe("an attribute that is edited", () => {
  it("becomes a rename, a new type, a default and a requirement, in that order", () => {
    const now: Attribute = {
      name: "make",
      kind: "choice",
      choices: ["saloon", "suv"],
      default: "suv",
      required: true,
    };
    const steps = attributeSteps("car", kind, now, { sedan: "saloon" });
    expect(steps.map(({ step }) => step)).toEqual([
      "rename_attribute",
      "retype_attribute",
      "set_default",
      "require",
    ]);
    expect(named(changed(...steps), "car")?.attributes).toEqual([now]);
  });
  it("loses its default first where the new type does not allow it", () => {
    const old: Attribute = { ...kind, default: "sedan" };
    const steps = attributeSteps("car", old, { name: "kind", kind: "boolean" });
    expect(steps.map(({ step }) => step)).toEqual(["set_default", "retype_attribute"]);
  });
  it("takes its default along where the choice is renamed", () => {
    const old: Attribute = { ...kind, default: "sedan" };
    const now: Attribute = { ...kind, choices: ["saloon", "suv"], default: "saloon" };
    const steps = attributeSteps("car", old, now, { sedan: "saloon" });
    expect(steps.map(({ step }) => step)).toEqual(["retype_attribute"]);
  });
});

describe("undo and redo", () => {
  const rename: Step = { step: "rename_label", label: "car", to: "auto" };
  it("go back to each edit and on again, and a new edit ends what was undone", () => {
    const one = edited(untouched("v"), base, [rename]);
    const two = edited(one, base, [{ step: "retire_label", label: "van" }]);
    expect(undone(two).steps).toEqual(one.steps);
    expect(redone(undone(two)).steps).toEqual(two.steps);
    expect(undone(undone(undone(two))).steps).toEqual([]);
    expect(edited(undone(two), base, [{ step: "retire_label", label: "person" }]).future).toEqual([]);
  });
  it("keeps nothing of an edit that is refused", () => {
    const one = edited(untouched("v"), base, [rename]);
    expect(() => edited(one, base, [rename])).toThrow(Refused);
  });
  it("goes on from another version as far as the steps fit there", () => {
    const two = edited(untouched("v"), base, [rename, { step: "retire_label", label: "van" }]);
    const other = tidy({ ...base, labels: base.labels?.filter(({ name }) => name !== "van") ?? [] });
    expect(rebased(two, "w", other)).toEqual({ ...untouched("w"), steps: [rename] });
  });
});

it("reads the value of a rule as its attribute has it", () => {
  const label = { name: "car", attributes: [{ name: "axles", kind: "number" as const }, kind] };
  const rule = { id: "1", value: "3", to: "car" };
  expect(conditionOf({ ...rule, subject: "attribute axles", how: "equals" }, label)).toEqual({
    attribute: "axles",
    equals: 3,
  });
  expect(conditionOf({ ...rule, subject: "attribute kind", how: "equals" }, label)).toEqual({
    attribute: "kind",
    equals: "3",
  });
  expect(conditionOf({ ...rule, subject: "shape area", how: "at_most" }, label)).toEqual({
    shape: "area",
    at_most: 3,
  });
});
