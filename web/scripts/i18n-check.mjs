// Fails when a language lacks a message, has one too many, lacks a plural form or fills other places than English does.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const locales = ["en", "ar", "vi", "ru"];
const forms = Object.fromEntries(locales.map((l) => [l, new Intl.PluralRules(l).resolvedOptions().pluralCategories]));
const places = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]);

const folders = [];
(function walk(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const path = join(folder, entry.name);
    if (entry.name === "locales") folders.push(path);
    else walk(path);
  }
})("src");

const faults = [];
let count = 0;
for (const folder of folders) {
  const read = (locale) => {
    const file = join(folder, `${locale}.json`);
    if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
    faults.push(`${file}: missing`);
    return {};
  };
  const english = read("en");
  for (const locale of locales) {
    const messages = read(locale);
    const where = (key) => `${join(folder, locale)}.json: ${key}`;
    for (const key of Object.keys(messages)) if (!(key in english)) faults.push(`${where(key)}: not in English`);
    for (const [key, original] of Object.entries(english)) {
      const message = messages[key];
      count++;
      if (message === undefined) { faults.push(`${where(key)}: missing`); continue; }
      const plural = typeof original === "object";
      if (plural !== (typeof message === "object")) { faults.push(`${where(key)}: plural in one language only`); continue; }
      if (plural) {
        for (const form of forms[locale]) if (!(form in message)) faults.push(`${where(key)}: plural form "${form}" missing`);
        for (const form of Object.keys(message)) if (!forms[locale].includes(form)) faults.push(`${where(key)}: plural form "${form}" is not used in this language`);
      }
      const allowed = new Set(plural ? Object.values(original).flatMap(places) : places(original));
      const texts = plural ? Object.values(message) : [message];
      for (const text of texts) {
        if (text.trim() === "") faults.push(`${where(key)}: empty`);
        for (const place of places(text)) if (!allowed.has(place)) faults.push(`${where(key)}: {${place}} is not in English`);
        // "One" and "two" may be said in words, so only plain messages must use every place.
        if (!plural) for (const place of allowed) if (!places(text).includes(place)) faults.push(`${where(key)}: {${place}} is not used`);
      }
    }
  }
}
for (const fault of faults) console.error(fault);
console.log(`${folders.length} features, ${count} messages, ${faults.length} faults`);
process.exit(faults.length > 0 ? 1 : 0);
