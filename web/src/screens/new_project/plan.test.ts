/** What a draft comes to: right as it begins, and what is wrong where the server would say it. */

import { describe, expect, it } from "vitest";
import { look } from "@/screens/intake/looking";
import type { Looked } from "@/screens/intake/values";
import { type Draft, fresh } from "./draft";
import { planOf, STEPS, stepOf, wrongWith } from "./plan";
import { templates } from "./templates";

const plan = (change: Partial<Draft> = {}, files: readonly Looked[] = []) =>
  planOf({ ...fresh(), ...change }, files, () => undefined);
const looked = (name: string, content: BlobPart) => look({ name, file: new File([content], name) });

describe("the plan of a project", () => {
  it("is right with every template as it comes", () => {
    for (const { id, modality } of templates()) {
      const made = plan({ modality, template: id, name: "x" });
      expect(made.template.id).toBe(id);
      for (const step of STEPS) expect(wrongWith(step, made), id).toEqual({});
    }
  });

  it("has the modality, the name and the labels that the files suggest", async () => {
    const coco = JSON.stringify({ images: [], categories: [{ name: "cell" }, { name: "platelet" }] });
    const made = plan({}, [await looked("blood_cells.json", coco), await looked("a.png", "x")]);
    expect([made.modality, made.name]).toEqual(["image", "Blood cells"]);
    expect(made.entries.map(({ name }) => name)).toEqual(["cell", "platelet"]);
    expect(made.template.define(made.entries).labels?.map(({ name }) => name)).toEqual(["cell", "platelet"]);
  });

  it("offers what the rows have what it takes for", async () => {
    const rows = await looked("pairs.jsonl", JSON.stringify({ prompt: "p", a: "x", b: "y" }));
    expect(plan({}, [rows]).template.shapes).toContain("compared");
    expect(plan({ template: "entities" }, [rows]).template.id).not.toBe("entities");
    expect(plan({ template: "preference" }, [rows]).template.id).toBe("preference");
  });

  it("says what is wrong where the server would", () => {
    const made = plan({ template: "classification", name: " ", overlap: "0", review: "sample", share: "x" });
    expect(Object.keys(wrongWith("work", made))).toEqual(["/name", "/overlap", "/quality/review/share"]);
    const [first, second] = made.entries;
    if (!first || !second) throw new Error("no labels");
    const twice = [
      { ...first, hotkey: "q" },
      { ...second, name: first.name, hotkey: "q" },
    ];
    const entries = { classification: [...twice, { ...first, id: "3", name: "" }] };
    expect(Object.keys(wrongWith("labels", plan({ template: "classification", entries })))).toEqual([
      "/definition/labels/1/name",
      "/definition/labels/1/hotkey",
      "/definition/labels/2/name",
    ]);
    const none = plan({ template: "rubric", entries: { rubric: [] } });
    expect(Object.keys(wrongWith("labels", none))).toHaveLength(1);
    expect([stepOf("/definition/labels/0/name"), stepOf("/name"), stepOf(null)]).toEqual([
      "labels",
      "work",
      "make",
    ]);
  });
});
