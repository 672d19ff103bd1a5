import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

/** What PDF files name without bringing it: the standard fonts, the tables of Asian letters, and a decoder that needs no WebAssembly. */
const wanted = [/^cmaps\/(?:.+\.bcmap|LICENSE)$/, /^standard_fonts\/.+$/, /^wasm\/(?:openjpeg_nowasm_fallback\.js|LICENSE_(?:PDFJS_)?OPENJPEG)$/];

/** Puts them under an address that names their version, as they are kept for ever. In development they come out of node_modules. */
export function pdfFiles(): Plugin {
  return {
    name: "pdf-files",
    apply: "build",
    generateBundle() {
      const home = fileURLToPath(new URL("../node_modules/pdfjs-dist/", import.meta.url));
      const { version } = JSON.parse(readFileSync(join(home, "package.json"), "utf8")) as { version: string };
      for (const found of readdirSync(home, { recursive: true, encoding: "utf8" })) {
        const file = found.replaceAll("\\", "/");
        if (wanted.some((pattern) => pattern.test(file))) this.emitFile({ type: "asset", fileName: `assets/pdfjs-${version}/${file}`, source: readFileSync(join(home, file)) });
      }
    },
  };
}
