/** Small letters without accents, so that "ngon ngu" finds "ngôn ngữ" and "ё" finds "е". */
export const plain = (text: string): string => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/g, "d");

/** How well the words fit: higher is better, 0 not at all. Each word must start somewhere or at least be inside. */
export function score(words: string, title: string, more = ""): number {
  const wanted = plain(words).split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return 1;
  const name = plain(title), hidden = plain(more);
  let total = 0;
  for (const word of wanted) {
    const fit = one(word, name) || one(word, hidden) / 2;
    if (fit === 0) return 0;
    total += fit;
  }
  return total / wanted.length - name.length / 10_000;
}

function one(word: string, text: string): number {
  if (text === "") return 0;
  if (text.startsWith(word)) return 100;
  const at = text.indexOf(word);
  if (at >= 0) return /[\s(«“"/-]/.test(text[at - 1] ?? "") ? 80 : 50;
  return scattered(word, text) ? 10 : 0;
}

/** The letters in their order, anywhere: "nwcnv" in "new conversation". */
function scattered(word: string, text: string): boolean {
  if (word.length < 3) return false;
  let from = 0;
  for (const letter of word) {
    const at = text.indexOf(letter, from);
    if (at < 0) return false;
    from = at + 1;
  }
  return true;
}
