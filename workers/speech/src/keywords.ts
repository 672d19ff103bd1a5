import { readFileSync } from "node:fs";
import { CallFailure } from "../../shared/dist/calls.js";
import { Pieces } from "./pieces.js";

/** What wakes Jean, and how sure the model must be of it: the name alone is said more often than it is meant. */
const PHRASES = [
  { keyword: "hey-jean", words: "hey jean", threshold: 0.25 },
  { keyword: "jean", words: "jean", threshold: 0.4 },
];

/** How the library writes where a word begins. */
const WORD = "\u2581";

/** The phrases as the library reads them: a line of tokens for each, with its threshold and its name. */
export function keywordLines(files: Record<string, string>): string {
  const tokens = new Set(readFileSync(files["tokens"]!, "utf8").split(/\r?\n/).map((line) => line.trim().split(/\s+/)[0]!).filter((token) => token !== ""));
  const pieces = files["pieces"] ? Pieces.read(readFileSync(files["pieces"])) : undefined;
  return PHRASES.map(({ keyword, words, threshold }) => `${spell(words, tokens, pieces).join(" ")} #${threshold} @${keyword}`).join("\n");
}

/** The tokens that the words are written with, as the model was taught or else always the longest that fits. */
export function spell(words: string, tokens: ReadonlySet<string>, pieces?: Pieces): string[] {
  // Models know one of the two, seldom both.
  for (const cased of [words.toUpperCase(), words.toLowerCase()]) {
    const text = cased.split(" ").map((word) => WORD + word).join("");
    const spelt = pieces?.split(text) ?? longest(text, tokens);
    if (spelt?.every((token) => tokens.has(token))) return spelt;
  }
  throw new CallFailure("model_unreadable", "This model is not written in letters but in sounds or signs: the words that wake Jean cannot be spelt with its tokens. One for English does, whose tokens.txt has pieces of words.");
}

function longest(text: string, tokens: ReadonlySet<string>): string[] | undefined {
  const spelt: string[] = [];
  for (let at = 0; at < text.length; ) {
    let end = text.length;
    while (end > at && !tokens.has(text.slice(at, end))) end--;
    if (end === at) return undefined;
    spelt.push(text.slice(at, end));
    at = end;
  }
  return spelt;
}
