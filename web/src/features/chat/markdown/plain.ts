import type { Token, Tokens } from "marked";
import { markdown } from "./parser";

/** What a message says when it is read aloud: no signs, no code, no addresses. */
export function plainText(source: string): string {
  return markdown.lexer(source).map(said).filter(Boolean).join("\n");
}

function said(token: Token): string {
  switch (token.type) {
    case "code": case "mathBlock": case "html": case "hr": case "def": case "space": return "";
    case "list": return (token as Tokens.List).items.map((item) => item.tokens.map(said).join(" ")).join("\n");
    case "table": {
      const { header, rows } = token as Tokens.Table;
      return [header, ...rows].map((row) => row.map((cell) => inline(cell.tokens)).join(", ")).join("\n");
    }
    case "blockquote": return (token as Tokens.Blockquote).tokens.map(said).join("\n");
    default: return inline((token as { tokens?: Token[] }).tokens) || ("text" in token ? String(token["text"]) : "");
  }
}

function inline(tokens: readonly Token[] | undefined): string {
  return (tokens ?? []).map((token): string => {
    if (token.type === "br") return "\n";
    if (token.type === "html" || token.type === "image") return "";
    const inner = (token as { tokens?: Token[] }).tokens;
    return inner ? inline(inner) : "text" in token ? String(token["text"]) : token.raw;
  }).join("");
}

/** Cuts a text into pieces of speech: sentences, and none longer than one request may carry. */
export function sentencesOf(text: string, language: string | null): string[] {
  const segmenter = new Intl.Segmenter(language ?? undefined, { granularity: "sentence" });
  return [...segmenter.segment(text)]
    .flatMap(({ segment }) => segment.match(/[\s\S]{1,1500}(?:\s|$)|[\s\S]{1,1500}/g) ?? [])
    .map((piece) => piece.trim())
    .filter((piece) => /[\p{L}\p{N}]/u.test(piece));
}
