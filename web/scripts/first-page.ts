import type { Plugin, Rolldown } from "vite";

type Bundle = Rolldown.OutputBundle;

/** Where the inline script of index.html takes its addresses from; in development there is nothing to fetch ahead. */
const place = "{ words: {}, pages: {} }";

/** Pages with code of their own that people open directly, and the route whose code it is. */
const pages = { "/chat": /routes\/_app\/chat\.tsx\?tsr-split=component$/ };

/**
 * Writes into the page what its first paint waits for, so that nothing is asked for one thing after the other: the style itself, and
 * the addresses of each language's words and of each page's code, which the inline script fetches while the scripts are on their way.
 */
export function firstPage(): Plugin {
  return {
    name: "first-page",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(html, { bundle }) {
        if (!bundle) return html;
        if (!html.includes(place)) throw new Error("index.html has no place for the addresses of the first page.");
        return withStyle(html, bundle).replace(place, () => JSON.stringify({ words: words(bundle), pages: pageChunks(bundle) }));
      },
    },
  };
}

function withStyle(html: string, bundle: Bundle): string {
  return html.replace(/<link rel="stylesheet"[^>]* href="\/([^"]+)">/, (link, file: string) => {
    const asset = bundle[file];
    if (asset?.type !== "asset") return link;
    Reflect.deleteProperty(bundle, file);
    // It is in the page already: nobody may ask for it before loading a chunk that uses it.
    for (const chunk of chunks(bundle)) chunk.viteMetadata?.importedCss.delete(file);
    return `<style>${String(asset.source)}</style>`;
  });
}

const chunks = (bundle: Bundle): Rolldown.OutputChunk[] => Object.values(bundle).filter((file) => file.type === "chunk");

function words(bundle: Bundle): Record<string, string> {
  return Object.fromEntries(chunks(bundle).filter((chunk) => chunk.name.startsWith("words-")).map((chunk) => [chunk.name.slice("words-".length), `/${chunk.fileName}`]));
}

function pageChunks(bundle: Bundle): Record<string, string[]> {
  const first = withImports(bundle, chunks(bundle).filter((chunk) => chunk.isEntry).map((chunk) => chunk.fileName));
  return Object.fromEntries(Object.entries(pages).map(([path, route]) => {
    const own = chunks(bundle).filter((chunk) => chunk.facadeModuleId && route.test(chunk.facadeModuleId)).map((chunk) => chunk.fileName);
    if (own.length === 0) throw new Error(`There is no code of its own for ${path}.`);
    return [path, [...withImports(bundle, own)].filter((file) => !first.has(file)).map((file) => `/${file}`)];
  }));
}

function withImports(bundle: Bundle, files: readonly string[], seen = new Set<string>()): Set<string> {
  for (const file of files) {
    const chunk = bundle[file];
    if (chunk?.type !== "chunk" || seen.has(file)) continue;
    seen.add(file);
    withImports(bundle, chunk.imports, seen);
  }
  return seen;
}
