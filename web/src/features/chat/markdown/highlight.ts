import { createCssVariablesTheme, createHighlighterCore, type HighlighterCore, type LanguageInput } from "shiki/core";
import { createJavaScriptRegexEngine } from "shiki/engine/javascript";

// One small file per language, fetched the first time it is met.
const languages: Record<string, () => Promise<{ default: unknown }>> = {
  bash: () => import("@shikijs/langs/bash"),
  c: () => import("@shikijs/langs/c"),
  cpp: () => import("@shikijs/langs/cpp"),
  csharp: () => import("@shikijs/langs/csharp"),
  css: () => import("@shikijs/langs/css"),
  diff: () => import("@shikijs/langs/diff"),
  docker: () => import("@shikijs/langs/docker"),
  go: () => import("@shikijs/langs/go"),
  graphql: () => import("@shikijs/langs/graphql"),
  html: () => import("@shikijs/langs/html"),
  java: () => import("@shikijs/langs/java"),
  javascript: () => import("@shikijs/langs/javascript"),
  json: () => import("@shikijs/langs/json"),
  kotlin: () => import("@shikijs/langs/kotlin"),
  lua: () => import("@shikijs/langs/lua"),
  make: () => import("@shikijs/langs/make"),
  markdown: () => import("@shikijs/langs/markdown"),
  php: () => import("@shikijs/langs/php"),
  powershell: () => import("@shikijs/langs/powershell"),
  python: () => import("@shikijs/langs/python"),
  r: () => import("@shikijs/langs/r"),
  ruby: () => import("@shikijs/langs/ruby"),
  rust: () => import("@shikijs/langs/rust"),
  sql: () => import("@shikijs/langs/sql"),
  swift: () => import("@shikijs/langs/swift"),
  toml: () => import("@shikijs/langs/toml"),
  tsx: () => import("@shikijs/langs/tsx"),
  typescript: () => import("@shikijs/langs/typescript"),
  xml: () => import("@shikijs/langs/xml"),
  yaml: () => import("@shikijs/langs/yaml"),
};
const aliases: Record<string, string> = {
  sh: "bash", shell: "bash", zsh: "bash", console: "bash", "c++": "cpp", "c#": "csharp", cs: "csharp", dockerfile: "docker", js: "javascript", mjs: "javascript",
  jsx: "tsx", jsonc: "json", kt: "kotlin", makefile: "make", md: "markdown", ps1: "powershell", py: "python", rb: "ruby", rs: "rust", ts: "typescript", svg: "xml", yml: "yaml",
};

let making: Promise<HighlighterCore> | undefined;
const highlighter = (): Promise<HighlighterCore> =>
  (making ??= createHighlighterCore({ themes: [createCssVariablesTheme({ name: "paper", variablePrefix: "--code-" })], langs: [], engine: createJavaScriptRegexEngine({ forgiving: true }) }));

/** Longer code stays plain: it would be long on its way. */
const longest = 60_000;

/** Pieces of a line with their colours; null is the colour of all text. */
export type ColouredLine = (readonly [text: string, colour: string | null])[];

/** The lines in colours, or null for a language without. */
export async function highlight(code: string, language: string): Promise<ColouredLine[] | null> {
  const name = aliases[language.toLowerCase()] ?? language.toLowerCase();
  const load = languages[name];
  if (!load || code.length > longest) return null;
  const [shiki, grammar] = await Promise.all([highlighter(), load()]);
  await shiki.loadLanguage(grammar.default as LanguageInput);
  // A line may take long the first time, while its patterns are made, on a machine that is busy.
  return shiki.codeToTokens(code, { lang: name, theme: "paper", tokenizeTimeLimit: 5_000 }).tokens.map((line) =>
    line.map(({ content, color }) => [content, !color || color === "var(--code-foreground)" ? null : color] as const));
}
