import { markdownEngine } from "./remote-engine";

/** Code in its colours, or null for a language without. */
export async function coloured(code: string, language: string): Promise<DocumentFragment | null> {
  const lines = await (await markdownEngine()).highlight(code, language);
  if (!lines) return null;
  const fragment = document.createDocumentFragment();
  lines.forEach((line, i) => {
    if (i > 0) fragment.append("\n");
    for (const [text, colour] of line) {
      if (!colour) {
        fragment.append(text);
        continue;
      }
      const span = document.createElement("span");
      span.style.color = colour;
      span.textContent = text;
      fragment.append(span);
    }
  });
  return fragment;
}
