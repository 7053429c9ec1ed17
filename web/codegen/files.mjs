/** Lays the types of an API out over files: one for each noun of its paths, one for the shapes that several use. */

const NOTE =
  "/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */";
const SHARED = "shared";
const WHOLE = "index";
const LINE_CHARACTERS = 110;
const FIELD = /^ +[^{}]+: [^{}]+;$/;
const NAMED = /components\["schemas"\]\["([^"]+)"\]/g;

/** Puts plain fields beside one another, as many as fit on a line. */
function packed(text) {
  const lines = [];
  for (const line of text.split("\n")) {
    const before = lines.at(-1) ?? "";
    const both = `${before} ${line.trim()}`;
    const alike = FIELD.test(line) && FIELD.test(before) && before.search(/\S/) === line.search(/\S/);
    if (alike && both.length <= LINE_CHARACTERS) lines[lines.length - 1] = both;
    else lines.push(line);
  }
  return lines.join("\n");
}

/** Puts blocks with one line in them on one line. */
function short(text) {
  const block = /\{\n +((?:[^{}\n]|\{[^\n]*\})+;)\n +\}/g;
  for (let before = ""; before !== text; ) {
    before = text;
    text = text.replace(block, (whole, line) => (line.length < 90 ? `{ ${line} }` : whole));
  }
  return text;
}

/** The members of a block, by name; they stand `indent` spaces in, what is below them stands further in. */
function members(text, opening, indent) {
  const start = text.indexOf(opening) + opening.length;
  const end = text.indexOf(`\n${" ".repeat(indent - 4)}}`, start);
  const own = new RegExp(`\\n(?= {${indent}}[^ }\\]|&)])`);
  const found = text.slice(start, end).split(own).slice(1);
  return new Map(found.map((member) => [/^ *"?([^":?]+)/.exec(member)[1], member]));
}

/** The nouns below which each shape is needed. */
function users(paths, shapes) {
  const nouns = new Map([...shapes.keys()].map((name) => [name, new Set()]));
  const reach = (text, noun) => {
    for (const [, name] of text.matchAll(NAMED)) {
      const known = nouns.get(name);
      if (known.has(noun)) continue;
      known.add(noun);
      reach(shapes.get(name), noun);
    }
  };
  for (const [path, text] of paths) reach(text, nounOf(path));
  return nouns;
}

const nounOf = (path) => path.replace(/^\/v1/, "").split("/")[1].replace(/\W/g, "_");

function grouped(entries, nounOfEntry) {
  const groups = new Map();
  for (const [name, text] of entries) {
    const noun = nounOfEntry(name);
    groups.set(noun, [...(groups.get(noun) ?? []), text]);
  }
  return groups;
}

function file(paths, shapes) {
  const parts = [NOTE];
  const bodies = [
    ["Paths", paths, ""],
    ["OwnShapes", shapes, "    "],
  ];
  const text = bodies
    .filter(([, members]) => members)
    .map(([name, members, deeper]) => {
      const body = members.map((member) => member.replaceAll(`\n${deeper}`, "\n").slice(deeper.length));
      return `export interface ${name} {\n${body.join("\n")}\n}`;
    })
    .join("\n\n")
    .replace(NAMED, 'Shapes["$1"]');
  if (text.includes("Shapes[")) parts.push(`import type { Shapes } from "./${WHOLE}.gen";`);
  return `${packed(short([...parts, text].join("\n\n")))}\n`;
}

function whole(paths, shapes) {
  const nouns = [...new Set([...paths.keys(), ...shapes.keys()])].sort();
  const every = (kind, groups) =>
    nouns.filter((noun) => groups.has(noun)).map((noun) => `    ${noun}.${kind}`);
  return [
    NOTE,
    nouns.map((noun) => `import type * as ${noun} from "./${noun}.gen";`).join("\n"),
    `export interface Paths extends\n${every("Paths", paths).join(",\n")} {}`,
    `export interface Shapes extends\n${every("OwnShapes", shapes).join(",\n")} {}\n`,
  ].join("\n\n");
}

/** Returns the text of each file by its name; `types` is what was made of a whole description. */
export function files(types) {
  const paths = members(types, "export interface paths {", 4);
  const shapes = members(types, "    schemas: {", 8);
  const needed = users(paths, shapes);
  const home = (name) => (needed.get(name).size === 1 ? [...needed.get(name)][0] : SHARED);
  const [pathsOf, shapesOf] = [grouped(paths, nounOf), grouped(shapes, home)];
  const made = new Map([[WHOLE, whole(pathsOf, shapesOf)]]);
  for (const noun of new Set([...pathsOf.keys(), ...shapesOf.keys()]))
    made.set(noun, file(pathsOf.get(noun), shapesOf.get(noun)));
  return new Map([...made].map(([name, text]) => [`${name}.gen.d.ts`, text]));
}
