/** Rows of own files: their lines, what is guessed of them, and what is said where they cannot be used. */

import { describe, expect, it } from "vitest";
import { look } from "./looking";
import { rowParcel } from "./parcels";
import { guessed, lineOf, readyAs } from "./reading";
import { NotText, rowsOf } from "./rows";
import type { Kind, Looked, Row } from "./values";

const file = (name: string, content: BlobPart) => ({ name, file: new File([content], name) });

async function all(content: BlobPart, kind: Kind, plain: "lines" | "files" = "lines"): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of rowsOf(new Blob([content]), kind, plain)) rows.push(row);
  return rows;
}

describe("rows of files", () => {
  it("keeps the line a row began at, over blank lines and line ends within quotes", async () => {
    const table = '\ufeffid,text\r\n1,"a ""b"",\nc"\r\n\r\n2,d\r\n3,"e';
    expect((await all(table, "csv")).map(({ line, fields }) => [line, fields])).toEqual([
      [2, { id: "1", text: 'a "b",\nc' }],
      [5, { id: "2", text: "d" }],
      [6, { id: "3", text: "e" }],
    ]);
    const lines = await all('{"text":"x"}\r\n\r\nno json\n[1]', "jsonl");
    expect(lines.map(({ line, fields }) => [line, fields?.text ?? null])).toEqual([
      [1, "x"],
      [3, null],
      [4, null],
    ]);
  });

  it("reads characters that are cut by the pieces of the stream, and refuses what is no UTF-8", async () => {
    const text = "ä€😀".repeat(50_000);
    expect((await all(text, "text"))[0]?.raw).toBe(text);
    await expect(all(new Uint8Array([0x66, 0xfc, 0x72]), "text")).rejects.toBeInstanceOf(NotText);
  });

  it("takes a document whole, or each of its lines", async () => {
    expect(await all("a\nb\n", "text", "files")).toMatchObject([{ line: 1, fields: { text: "a\nb\n" } }]);
    expect((await all("a\n\nb", "text")).map(({ line }) => line)).toEqual([1, 3]);
    expect((await all('[{"text":"x"}, 3]', "json")).map(({ fields }) => fields)).toEqual([
      { text: "x" },
      null,
    ]);
  });
});

describe("a look into a file", () => {
  it("says what is wrong and what to do", async () => {
    const told = async (name: string, content: BlobPart) => (await look(file(name, content))).problem;
    expect(await told("a.zip", "PK")).toContain("unpack");
    expect(await told("a.xlsx", "PK")).toContain("CSV UTF-8");
    expect(await told("a.jsonl", "")).toContain("empty");
    expect(await told("a.csv", new Uint8Array([0x61, 0x0a, 0xfc]))).toContain("UTF-8");
    expect(await told("a.json", "{")).toContain("not valid JSON");
    expect(await told("a.jsonl", "one\ntwo")).toContain("None of its first rows");
    expect(await told("a.csv", "text\n")).toContain("no rows");
  });

  it("tells COCO by what is in it", async () => {
    const coco = { images: [], annotations: [], categories: [{ id: 1, name: "cell" }] };
    expect(await look(file("a.json", JSON.stringify(coco)))).toMatchObject({
      kind: "coco",
      categories: ["cell"],
    });
  });
});

describe("how rows are read", () => {
  const sampleOf = async (rows: readonly object[]): Promise<Looked> =>
    look(file("rows.jsonl", rows.map((row) => JSON.stringify(row)).join("\n")));

  it("sends what is in a format of ours as it stands, also where some rows are wrong", async () => {
    const own = [
      { unique_id: "1", text: "a" },
      { unique_id: "2", text: "b" },
      { unique_id: "3", txt: "c" },
    ];
    expect((await sampleOf(own)).ready).toBe("jsonl");
    expect((await sampleOf([{ sentence: 1, text: "a" }])).ready).toBeNull();
    expect((await sampleOf([{ prompt: "p", chosen: "a", rejected: "b", by: "x" }])).ready).toBe(
      "preference_jsonl",
    );
    expect(readyAs([])).toBeNull();
  });

  it("guesses what rows hold from their columns, else by the longest text", async () => {
    const of = async (row: object) => guessed([await sampleOf([row])]);
    expect(await of({ question: "?", response_a: "a", response_b: "b", id: 7 })).toMatchObject({
      shape: "compared",
      from: { prompt: "question", a: "response_a", b: "response_b", unique_id: "id" },
    });
    expect(await of({ Tweet: "hello", user: "x" })).toMatchObject({ shape: "text", from: { text: "Tweet" } });
    expect(await of({ kind: "z", wording: "a long text" })).toMatchObject({ from: { text: "wording" } });
    expect((await of({ conversation: [{ role: "user", content: "x" }] })).shape).toBe("chat");
  });

  it("keeps what it has no place for as metadata, and leaves what is wrong to the server", () => {
    const reading = { shape: "text", from: { text: "body", unique_id: "id" }, plain: "lines" } as const;
    const row = (fields: Row["fields"], raw = "") => lineOf({ line: 1, raw, fields }, reading);
    expect(JSON.parse(row({ id: 7, body: "x", stars: 4, empty: "", metadata: { a: 1 } }))).toEqual({
      unique_id: "7",
      text: "x",
      metadata: { a: 1, stars: 4 },
    });
    expect(JSON.parse(row({ id: "", body: "" }))).toEqual({ text: "" });
    expect(row(null, "no json")).toBe("no json");
  });

  it("gives every line the number of its row in the file", async () => {
    const looked = await look(file("a.csv", 'text,n\n"a\nb",1\n\nc,2\n'));
    const parcel = await rowParcel(looked, guessed([looked]));
    const lines = (await parcel.content.text()).split("\n");
    expect(lines.map((line) => line && JSON.parse(line).text)).toEqual(["", "a\nb", "", "", "c", ""]);
  });
});
