import type { Template, TemplateVariable } from "@/shared/api/types";

const place = /\{\{([a-z][a-z0-9_]{0,39})\}\}/g;

/** The names of the places in a text, each once, in order. */
export const placesOf = (body: string): string[] => [...new Set([...body.matchAll(place)].map((match) => match[1]!))];

/** The text with its places filled in; what is written into one is not looked at for others. */
export const fillIn = (body: string, values: Readonly<Record<string, string>>): string => body.replace(place, (whole, name: string) => values[name]?.trim() ?? whole);

export const standardValues = (variables: readonly TemplateVariable[]): Record<string, string> =>
  Object.fromEntries(variables.map((v) => [v.name, v.standard ?? (v.kind === "choice" ? v.choices?.[0] ?? "" : "")]));

const plain = (text: string): string => text.toLocaleLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d");

/** Those whose name or field begins with what was typed first, then those that hold it anywhere; accents may be left out. */
export function findTemplates(templates: readonly Template[], words: string): Template[] {
  const needle = plain(words.trim());
  if (!needle) return [...templates];
  const rank = (template: Template): number => {
    const name = plain(template.name);
    if (name.startsWith(needle) || plain(template.id).startsWith(needle)) return 0;
    if (name.split(/\s+/).some((word) => word.startsWith(needle))) return 1;
    if (name.includes(needle)) return 2;
    return plain(template.about).includes(needle) ? 3 : 4;
  };
  return templates.map((template) => ({ template, at: rank(template) })).filter(({ at }) => at < 4).sort((a, b) => a.at - b.at).map(({ template }) => template);
}
