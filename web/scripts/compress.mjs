// Leaves a brotli and a gzip copy beside every text file of the build, so that the server never compresses anything itself.
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const compressible = /\.(?:js|mjs|css|html|svg|json|webmanifest|txt|vrm)$/;
const smallest = 1_000;

let count = 0;
for (const name of readdirSync(dist, { recursive: true })) {
  const file = join(dist, name);
  if (!compressible.test(file) || name.startsWith(".vite") || !statSync(file).isFile()) continue;
  const bytes = readFileSync(file);
  if (bytes.length < smallest) continue;
  const quality = bytes.length > 1_000_000 ? 6 : 10;
  writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }));
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
  count++;
}
console.log(`${count} files compressed`);
