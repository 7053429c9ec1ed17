/** Prose: what is marked up is drawn, what looks like HTML is text, and nothing of what was written is lost. */

import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { blocksOf, Prose } from "./prose";

const drawn = (text: string) => renderToStaticMarkup(<Prose text={text} />);

test("paragraphs, headings, lists, bold and code", () => {
  const text =
    "# Names\nMark **every** name.\n\n- people\n- `places`\n\n1. first\n2) second\n\n```\na  <b>\n```";
  expect(blocksOf(text).map(({ kind }) => kind)).toEqual(["heading", "paragraph", "list", "list", "code"]);
  const html = drawn(text);
  expect(html).toContain("<strong>every</strong>");
  expect(html).toMatch(/<ol[^>]*><li>first<\/li><li>second<\/li><\/ol>/);
  expect(html).toContain("a  &lt;b&gt;</pre>");
});

test("markup that people write stays text", () => {
  const html = drawn('<img src=x onerror="alert(1)"> [link](javascript:alert(1)) **<script>x</script>**');
  expect(html).not.toMatch(/<(img|script|a)\b/);
  expect(html).toContain("&lt;img");
});

test.each(["no end ```", "```\nnever closed", "a\n- b\nc", "** not bold", "1) only", "`", "\r\nx\ry"])(
  "every word of %j is drawn",
  (text) => {
    const shown = drawn(text).replace(/<[^>]*>/g, " ");
    for (const word of text.match(/[a-z]+/g) ?? []) expect(shown).toContain(word);
  },
);
