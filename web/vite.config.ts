/** How the pages are built: what is split from what, and each file compressed once instead of at every request. */

import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const COMPRESSED = /\.(js|css|html|svg|json|txt)$/;
const WORTHWHILE_BYTES = 512;

/** Writes `x.br` and `x.gz` beside every file of text; the edge sends them as they are. */
function compress(): Plugin {
  const folder = here("./dist");
  return {
    name: "compress",
    apply: "build",
    closeBundle() {
      for (const name of readdirSync(folder, { recursive: true, encoding: "utf-8" })) {
        const file = `${folder}/${name}`;
        if (!COMPRESSED.test(name) || statSync(file).size < WORTHWHILE_BYTES) continue;
        const content = readFileSync(file);
        const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
        writeFileSync(`${file}.br`, brotliCompressSync(content, { params: quality }));
        writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
      }
    },
  };
}

/** While developing (`npm run dev`) the services of a running installation answer: ANNOTARY_URL. */
const services = process.env.ANNOTARY_URL ?? "http://127.0.0.1:8080";
const passedOn = { target: services, changeOrigin: true, ws: true };

export default defineConfig({
  plugins: [react(), tailwindcss(), compress()],
  resolve: { alias: { "@": here("./src"), "@golden": here("../tests/golden") } },
  build: { target: "es2022", sourcemap: false, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { host: "127.0.0.1", proxy: { "/v1": passedOn, "/schema": passedOn, "/services": passedOn } },
  test: { environment: "happy-dom", include: ["src/**/*.test.{ts,tsx}"] },
});
