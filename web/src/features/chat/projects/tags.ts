/** As many as a conversation may have. */
export const mostTags = 12;

/** A tag as the server keeps it: without its sign, in lower case. */
export const cleanTag = (typed: string): string => typed.trim().replace(/^#+/, "").trim().normalize().toLowerCase().slice(0, 40);
