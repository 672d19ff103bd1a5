const common = ["password", "passwort", "qwerty", "azerty", "letmein", "welcome", "iloveyou", "admin", "jeantrail", "пароль", "йцукен", "matkhau", "abc123", "111111", "123456"];
export const minimumLength = 12;

export interface Strength {
  /** 0 very weak to 4 strong. */
  level: 0 | 1 | 2 | 3 | 4;
  /** Characters still missing to the minimum. */
  missing: number;
}

/**
 * A rough guess at how hard a password is to guess, in bits: length times the size of its alphabet, with repeats, runs,
 * well-known words and the person's own name or e-mail counted as almost nothing. The server has the last word.
 */
export function passwordStrength(password: string, known: readonly string[] = []): Strength {
  const missing = Math.max(0, minimumLength - Array.from(password).length);
  let rest = password.toLowerCase();
  for (const word of [...common, ...known.flatMap((k) => k.toLowerCase().split(/[\s@.]+/)).filter((k) => k.length > 2)]) rest = rest.replaceAll(word, "\u0000");
  let counted = 0;
  const letters = Array.from(rest);
  letters.forEach((letter, i) => {
    const step = i > 0 ? letter.codePointAt(0)! - letters[i - 1]!.codePointAt(0)! : 9;
    counted += Math.abs(step) <= 1 ? 0.25 : 1;
  });
  const alphabet = [/\p{Ll}/u, /\p{Lu}/u, /\p{Lo}/u, /\d/, /[^\p{L}\d]/u].reduce((size, kind, i) => size + (kind.test(password) ? [26, 26, 30, 10, 20][i]! : 0), 0);
  const variety = new Set(letters).size;
  const bits = Math.min(counted, variety * 2) * Math.log2(Math.max(alphabet, 2));
  const level = bits >= 75 ? 4 : bits >= 58 ? 3 : bits >= 42 ? 2 : bits >= 24 ? 1 : 0;
  return { level: (missing > 0 ? Math.min(level, 1) : level) as Strength["level"], missing };
}
