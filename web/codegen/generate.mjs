/** Writes the types of our APIs, `src/api/{platform,modality}/*.gen.d.ts`, from what the services say of themselves. */

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import openapiTypes, { astToString } from "openapi-typescript";
import { files } from "./files.mjs";

const MODALITIES = ["text", "image", "video"];
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const COMMAND = "from annotary.cli.main import main; main()";
// What is not there need not be said to be.
const ABSENT = [
  /^ +(get|put|post|delete|options|head|patch|trace|query|header|path|cookie|requestBody)\?: never;\n/gm,
  /^ +headers: \{\n +\[name: string\]: unknown;\n +\};\n/gm,
  /^ +parameters: \{\n +\};\n/gm,
  // The name of a shape stands below it, and a type says what a format would.
  /^ +\/\*\*[^\n]*\*\/\n/gm,
];
const SOURCES = `${ROOT}web/src/`;

/** Everything the pages' sources say; a path or a shape that is not quoted there is not used. */
const said = readdirSync(SOURCES, { recursive: true })
  .filter((name) => /\.tsx?$/.test(name) && !name.endsWith(".gen.d.ts"))
  .map((name) => readFileSync(SOURCES + name, "utf-8"))
  .join("\n");

/** The methods that the pages call on a path: none where they never name it, all where they name it elsewhere too. */
function methodsOf(path, operations) {
  const quoted = path.replace(/[{}]/g, "\\$&");
  const named = [...said.matchAll(new RegExp(`["\`]${quoted}["\`]`, "g"))];
  const called = [...said.matchAll(new RegExp(`\\.([A-Z]+)\\(\\s*["\`]${quoted}["\`]`, "g"))];
  const direct = new Set(called.map(([, method]) => method.toLowerCase()));
  return Object.keys(operations).filter((method) =>
    called.length === named.length ? direct.has(method) : named.length > 0,
  );
}

/** Keeps of an operation what types are made of: its success, since every error is a `Problem`, and no words. */
function lean({ operationId, summary, description, responses, parameters = [], ...operation }) {
  // Headers are the client's concern, not that of whoever calls it.
  const told = parameters.filter((one) => one.in !== "header");
  const [[state, { description: _, ...success }]] = Object.entries(responses).filter(
    ([state]) => state < 400,
  );
  return { ...operation, parameters: told, responses: { [state]: success } };
}

/** Keeps of a description what the pages use: paths, and the shapes that these or the sources name. */
function used({ paths, components, ...whole }) {
  const kept = {};
  for (const [path, operations] of Object.entries(paths)) {
    const methods = methodsOf(path, operations);
    if (methods.length > 0)
      kept[path] = Object.fromEntries(methods.map((method) => [method, lean(operations[method])]));
  }
  const schemas = {};
  const reach = (part) => {
    for (const [, name] of JSON.stringify(part).matchAll(/#\/components\/schemas\/([^"]+)"/g)) {
      if (schemas[name]) continue;
      schemas[name] = components.schemas[name];
      reach(schemas[name]);
    }
  };
  reach(kept);
  for (const [, name] of said.matchAll(/Shape<"(\w+)">/g))
    if (components.schemas[name]) reach({ $ref: `#/components/schemas/${name}` });
  return { ...whole, paths: kept, components: { schemas } };
}

function described(service) {
  const ours = `${ROOT}.venv/bin/python`;
  const python = process.env.PYTHON ?? (existsSync(ours) ? ours : "python3");
  const given = { cwd: ROOT, encoding: "utf-8", maxBuffer: 1 << 28 };
  return JSON.parse(execFileSync(python, ["-c", COMMAND, "openapi", service], given));
}

/** The services of the modalities share their routes: one description, of paths below `/v1/{modality}`. */
function joined(descriptions) {
  const [first] = Object.values(descriptions);
  const whole = { ...first, paths: {}, components: { schemas: {} } };
  for (const [modality, { paths, components }] of Object.entries(descriptions)) {
    const root = `/v1/${modality}`;
    for (const [path, operations] of Object.entries(paths))
      if (path.startsWith(`${root}/`)) whole.paths[path.slice(root.length)] ??= operations;
    for (const [name, schema] of Object.entries(components.schemas)) {
      const before = whole.components.schemas[name];
      if (before && JSON.stringify(before) !== JSON.stringify(schema))
        throw new Error(`${name} is one thing for ${modality} and another elsewhere: name them apart`);
      whole.components.schemas[name] = schema;
    }
  }
  return whole;
}

async function write(name, description) {
  const into = `${process.argv[2] ?? fileURLToPath(new URL("../src/api", import.meta.url))}/${name}`;
  const types = astToString(await openapiTypes(used(description), { defaultNonNullable: false }));
  const made = files(ABSENT.reduce((text, absent) => text.replace(absent, ""), types));
  // Nothing stays of a noun that is gone.
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into, { recursive: true });
  for (const [file, text] of made) writeFileSync(`${into}/${file}`, text);
}

await write("platform", described("platform"));
await write("modality", joined(Object.fromEntries(MODALITIES.map((name) => [name, described(name)]))));
