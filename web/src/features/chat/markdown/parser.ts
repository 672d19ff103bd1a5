import { Marked, type TokenizerAndRendererExtension } from "marked";

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escape = (text: string): string => text.replace(/[&<>"]/g, (c) => escapes[c]!);

/** `$$ … $$` and `\[ … \]` as a paragraph of their own. An open one is math too: it is on its way. */
const mathBlock: TokenizerAndRendererExtension = {
  name: "mathBlock",
  level: "block",
  start: (source) => {
    const at = source.search(/(?:^|\n) {0,3}(?:\$\$|\\\[)/);
    return at < 0 ? undefined : at;
  },
  tokenizer(source) {
    const match = /^ {0,3}(?:\$\$([\s\S]+?)\$\$|\\\[([\s\S]+?)\\\])[^\S\n]*(?:\n+|$)/.exec(source);
    return match ? { type: "mathBlock", raw: match[0], text: (match[1] ?? match[2] ?? "").trim() } : undefined;
  },
  renderer: (token) => `<pre class="math-block"><code>${escape((token)["text"] as string)}</code></pre>`,
};

/** `$ … $` hugging its contents, so that two prices in a sentence stay prices, and `\( … \)`. */
const mathInline: TokenizerAndRendererExtension = {
  name: "mathInline",
  level: "inline",
  start: (source) => {
    const at = source.search(/\$|\\\(/);
    return at < 0 ? undefined : at;
  },
  tokenizer(source) {
    const match = /^(?:\$\$([^$\n]+?)\$\$|\$(?![\s$])([^$\n]*?[^\s$\\])\$(?![\d$])|\\\(([\s\S]+?)\\\))/.exec(source);
    return match ? { type: "mathInline", raw: match[0], text: match[1] ?? match[2] ?? match[3] ?? "" } : undefined;
  },
  renderer: (token) => `<code class="math-inline">${escape((token)["text"] as string)}</code>`,
};

/** GitHub's Markdown with formulas. */
export const markdown = new Marked({ gfm: true, breaks: true, extensions: [mathBlock, mathInline] });
