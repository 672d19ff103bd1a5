const browsers: readonly (readonly [RegExp, string])[] = [[/Edg(A|iOS)?\//, "Edge"], [/OPR\//, "Opera"], [/SamsungBrowser\//, "Samsung Internet"], [/(Firefox|FxiOS)\//, "Firefox"], [/(Chrome|CriOS|Chromium)\//, "Chrome"], [/Safari\//, "Safari"], [/curl\//, "curl"]];
const systems: readonly (readonly [RegExp, string])[] = [[/iPhone/, "iPhone"], [/iPad/, "iPad"], [/Android/, "Android"], [/Windows/, "Windows"], [/Mac OS X|Macintosh/, "macOS"], [/CrOS/, "ChromeOS"], [/Linux|X11/, "Linux"]];

/** What a person would call the device; the order matters, since browsers name each other in their agents. */
export function deviceOf(userAgent: string | null): { browser: string; system: string } | null {
  const find = (list: readonly (readonly [RegExp, string])[]): string | undefined => list.find(([sign]) => sign.test(userAgent ?? ""))?.[1];
  const browser = find(browsers), system = find(systems);
  return browser && system ? { browser, system } : null;
}
