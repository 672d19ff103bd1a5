import { formatMessage, type Message, type Params } from "./format";
import { currentLocale, directionOf, useLocale, useLocaleStore, type Locale } from "./locale";

export type Messages = Record<string, Message>;
type Loaders<M> = { readonly [L in Locale]: () => Promise<{ default: { readonly [K in keyof M]: Message } }> };
export type T<M> = (key: keyof M & string, params?: Params) => string;

/** The messages of one feature: loaded with its route, one language at a time. */
export interface Text<M> {
  /** Fetches the current language; route loaders call it so that nothing flashes. */
  readonly load: () => Promise<void>;
  /** Translates outside React; falls back to the key before the messages are there. */
  readonly t: T<M>;
  /** Translates in a component; suspends until the messages are there. */
  readonly useT: () => T<M>;
}

interface Loadable {
  used: boolean;
  load(locale: Locale): Promise<void>;
}
const all: Loadable[] = [];

export function defineText<M extends Messages>(loaders: Loaders<M>): Text<M> {
  const loaded = new Map<Locale, { readonly [K in keyof M]: Message }>();
  const pending = new Map<Locale, Promise<void>>();
  const failed = new Map<Locale, Error>();
  const bound = new Map<Locale, T<M>>();

  const self: Loadable = {
    used: false,
    load(locale) {
      self.used = true;
      const known = pending.get(locale);
      if (known) return known;
      const load = loaders[locale]().then(
        (m) => void loaded.set(locale, m.default),
        (error: unknown) => {
          pending.delete(locale);
          failed.set(locale, error instanceof Error ? error : new Error(String(error)));
          throw error;
        },
      );
      pending.set(locale, load);
      return load;
    },
  };
  all.push(self);

  const translator = (locale: Locale): T<M> => {
    let t = bound.get(locale);
    if (!t) bound.set(locale, (t = (key, params) => {
      const message = loaded.get(locale)?.[key];
      return message === undefined ? key : formatMessage(message, locale, params);
    }));
    return t;
  };

  return {
    load: () => self.load(currentLocale()),
    t: (key, params) => translator(currentLocale())(key, params),
    useT() {
      const locale = useLocale();
      if (!loaded.has(locale)) {
        // The nearest boundary shows the failure; trying again there loads again.
        const error = failed.get(locale);
        if (error) {
          failed.delete(locale);
          throw error;
        }
        // Thrown and not given to `use`: React renders a component that uses a promise twice over, and beside lazy ones miscounts its hooks
        // (error 467), for which it then throws away what is on the page.
        // eslint-disable-next-line @typescript-eslint/only-throw-error
        throw self.load(locale);
      }
      return translator(locale);
    },
  };
}

/** Changes the language of everything on screen at once, without a reload: messages first, then one render. */
export async function switchLocale(locale: Locale): Promise<void> {
  if (locale !== currentLocale()) await Promise.all(all.filter((t) => t.used).map((t) => t.load(locale)));
  document.documentElement.lang = locale;
  document.documentElement.dir = directionOf(locale);
  useLocaleStore.setState({ locale });
}
