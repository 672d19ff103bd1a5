import type { LucideIcon } from "lucide-react";

/** A part of the house with a place in the rail. A feature registers itself by one of these, listed in routes/-parts.ts. */
export interface Part {
  id: string;
  /** In the person's language. */
  label: () => string;
  /** Loads the messages `label` needs. */
  load: () => Promise<void>;
  icon: LucideIcon;
  /** Where it lives; the part is current on this path and below it. */
  to: string;
  /** Two keys pressed one after the other, such as "g c". */
  keys?: string;
  /** At the end of the rail instead of the start. */
  end?: boolean;
  /** Kept in the phone's bottom bar; others are under More. */
  onPhone?: boolean;
}

/** Something found by typing in the palette. */
export interface Found {
  id: string;
  title: string;
  detail?: string;
  to: string;
  icon?: LucideIcon;
}

/** Searches one kind of thing for the palette; failing is the same as finding nothing. */
export interface PaletteSource {
  id: string;
  title: () => string;
  search: (words: string, signal: AbortSignal) => Promise<readonly Found[]>;
}
