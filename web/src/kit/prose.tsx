/** Instructions as their writers typed them: paragraphs, headings, lists, bold, code. Never markup. */

import { createElement, Fragment, type ReactNode } from "react";

type Block =
  | { readonly kind: "heading"; readonly text: string }
  | { readonly kind: "paragraph"; readonly text: string }
  | { readonly kind: "list"; readonly ordered: boolean; readonly items: readonly string[] }
  | { readonly kind: "code"; readonly text: string };

const FENCE = /^```/;
const HEADING = /^#{1,6}\s+(.*)$/;
const ITEM = /^\s*(?:[-*•]|(\d{1,3})[.)])\s+(.*)$/;

/** Return the blocks of a text. Whatever it says, every line of it is in one of them. */
export function blocksOf(text: string): readonly Block[] {
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? "";
    const [block, next] = blockAt(lines, at, line);
    if (block) blocks.push(block);
    at = next;
  }
  return blocks;
}

function blockAt(lines: readonly string[], at: number, line: string): readonly [Block | null, number] {
  if (!line.trim()) return [null, at + 1];
  if (FENCE.test(line)) {
    const end = lines.findIndex((one, place) => place > at && FENCE.test(one));
    const last = end < 0 ? lines.length : end;
    return [{ kind: "code", text: lines.slice(at + 1, last).join("\n") }, last + 1];
  }
  const heading = HEADING.exec(line)?.[1];
  if (heading !== undefined) return [{ kind: "heading", text: heading }, at + 1];
  const item = ITEM.exec(line);
  const end = until(lines, at, (one) => (item ? !ITEM.test(one) : ITEM.test(one) || begins(one)));
  const taken = lines.slice(at, end);
  if (item) {
    const items = taken.map((one) => ITEM.exec(one)?.[2] ?? one);
    return [{ kind: "list", ordered: item[1] !== undefined, items }, end];
  }
  return [{ kind: "paragraph", text: taken.join("\n") }, end];
}

const begins = (line: string) => !line.trim() || FENCE.test(line) || HEADING.test(line);

function until(lines: readonly string[], from: number, ends: (line: string) => boolean): number {
  const end = lines.findIndex((line, place) => place > from && ends(line));
  return end < 0 ? lines.length : end;
}

const MARKED = /(\*\*[^*\n]+\*\*|`[^`\n]+`)/;

/** Nodes one after the other: they never change places, so that they need no keys. */
const together = <T,>(values: readonly T[], drawn: (value: T, at: number) => ReactNode): ReactNode =>
  createElement(Fragment, null, ...values.map(drawn));

/** Return a line's pieces: bold between `**`, code between backticks, all else as it is. */
function inline(text: string): ReactNode {
  return together(text.split(MARKED), (piece, at) => {
    if (at % 2 === 0) return piece;
    if (piece.startsWith("**")) return <strong>{piece.slice(2, -2)}</strong>;
    return (
      <code className="rounded-sm bg-sunken px-1 py-0.5 font-mono text-[0.92em]">{piece.slice(1, -1)}</code>
    );
  });
}

function Shown({ block }: { readonly block: Block }) {
  if (block.kind === "heading")
    return <h3 className="mt-4 font-semibold first:mt-0">{inline(block.text)}</h3>;
  if (block.kind === "paragraph")
    return <p className="mt-2 whitespace-pre-line first:mt-0">{inline(block.text)}</p>;
  if (block.kind === "code")
    return (
      <pre className="mt-2 overflow-x-auto rounded-md bg-sunken p-2.5 font-mono text-sm first:mt-0">
        {block.text}
      </pre>
    );
  const List = block.ordered ? "ol" : "ul";
  return (
    <List className={`mt-2 space-y-1 pl-5 first:mt-0 ${block.ordered ? "list-decimal" : "list-disc"}`}>
      {together(block.items, (item) => (
        <li>{inline(item)}</li>
      ))}
    </List>
  );
}

export function Prose({ text }: { readonly text: string }) {
  return (
    <div dir="auto" className="text-base leading-relaxed break-words">
      {together(blocksOf(text), (block) => (
        <Shown block={block} />
      ))}
    </div>
  );
}
