import { useNavigate } from "@tanstack/react-router";
import { Search, Sparkles, type LucideIcon } from "lucide-react";
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { useAllActions, type Action } from "@/shared/actions/actions";
import { askJean } from "@/shared/jean/ask";
import type { Found, PaletteSource } from "@/shared/parts/part";
import { Modal } from "@/shared/ui/dialog";
import { Kbd } from "@/shared/ui/kbd";
import { cx } from "@/shared/ui/cx";
import { useOverlays } from "../layout-store";
import { useT } from "../text";
import { score } from "./rank";

interface Row {
  id: string;
  group: string;
  title: string;
  detail?: string | undefined;
  icon?: LucideIcon | undefined;
  keys?: string | undefined;
  run: () => void;
}

const close = (): void => useOverlays.setState({ palette: false });

/** Everything there is to do or to find, by typing. */
export default function Palette({ sources }: { sources: readonly PaletteSource[] }) {
  const t = useT();
  const [words, setWords] = useState("");
  const [at, setAt] = useState(0);
  const rows = useRows(words.trim(), sources);
  const current = Math.min(at, rows.length - 1);
  const id = useId();
  const list = useRef<HTMLUListElement>(null);

  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [current, rows]);

  const choose = (row: Row | undefined): void => {
    if (!row) return;
    close();
    row.run();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setAt(rows.length === 0 ? 0 : Math.abs(step) === 1 ? (current + step + rows.length) % rows.length : Math.max(0, Math.min(rows.length - 1, current + step)));
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(rows[current]);
    }
  };

  return (
    <Modal open onClose={close} label={t("palette.title")} className="mt-[12dvh] w-[min(38rem,calc(100vw-1.5rem))] overflow-hidden">
      <div className="flex items-center gap-3 border-b border-line px-4">
        <Search className="size-5 shrink-0 text-ink-3" aria-hidden="true" />
        <input
          autoFocus type="text" role="combobox" aria-expanded="true" aria-controls={`${id}-list`} aria-activedescendant={rows[current] ? `${id}-${current}` : undefined} aria-label={t("palette.title")} aria-autocomplete="list"
          value={words} onChange={(e) => { setWords(e.target.value); setAt(0); }} onKeyDown={onKeyDown}
          placeholder={t("palette.placeholder")} dir="auto" autoComplete="off" spellCheck={false} className="min-h-14 w-full bg-transparent text-lg outline-none"
        />
        <Kbd keys="escape" />
      </div>
      <ul ref={list} id={`${id}-list`} role="listbox" aria-label={t("palette.title")} className="max-h-[min(26rem,56dvh)] overflow-y-auto overscroll-contain p-2">
        {rows.map((row, i) => (
          <li
            key={row.id} id={`${id}-${i}`} role="option" aria-selected={i === current} onPointerMove={() => setAt(i)} onClick={() => choose(row)}
            className="cursor-pointer rounded-md"
          >
            {row.group !== rows[i - 1]?.group && <span className="block px-3 pt-3 pb-1 text-xs font-semibold text-ink-3" aria-hidden="true">{row.group}</span>}
            <span className={cx("flex min-h-row items-center gap-3 rounded-md px-3", i === current && "bg-surface-3")}>
              {row.icon ? <row.icon className={cx("size-4.5 shrink-0", i === current ? "text-accent-ink" : "text-ink-3")} aria-hidden="true" /> : <span className="size-4.5" />}
              <span className="min-w-0 flex-1 truncate"><bdi>{row.title}</bdi></span>
              {row.detail && <span className="shrink-0 text-sm text-ink-3">{row.detail}</span>}
              {row.keys && <span className="hidden md:inline"><Kbd keys={row.keys} /></span>}
            </span>
          </li>
        ))}
        {rows.length === 0 && <li className="px-3 py-8 text-center text-ink-2">{t("palette.none", { words })}</li>}
      </ul>
      <p role="status" className="sr-only">{t("palette.results", { count: rows.length })}</p>
    </Modal>
  );
}

function useRows(words: string, sources: readonly PaletteSource[]): Row[] {
  const t = useT();
  const navigate = useNavigate();
  const actions = useAllActions();
  const found = useFound(words, sources);
  return useMemo(() => {
    const seen = new Set<string>();
    const commands = actions
      .filter((a) => !a.hidden && a.when?.() !== false && !seen.has(a.id) && seen.add(a.id))
      .map((action: Action) => ({ action, title: action.title(), rank: score(words, action.title(), action.words) }))
      .filter((c) => c.rank > 0)
      .sort((a, b) => (words ? b.rank - a.rank : 0))
      .map(({ action, title }): Row => ({
        id: action.id, group: action.group?.() ?? t("palette.commands"), title, icon: action.icon, keys: action.keys, run: () => void action.run(),
      }));
    const things = found.map(({ source, item }): Row => ({
      id: `${source.id}.${item.id}`, group: source.title(), title: item.title, detail: item.detail, icon: item.icon, run: () => void navigate({ to: item.to }),
    }));
    const ask: Row[] = words ? [{ id: "ask", group: t("nav.jean"), title: t("palette.ask", { words }), icon: Sparkles, run: () => { askJean(words); void navigate({ to: "/chat" }); } }] : [];
    // Words that name no command are most likely meant for Jean or for a search: commands by scattered letters come last.
    return [...grouped(commands), ...things, ...ask];
  }, [words, actions, found, navigate, t]);
}

/** Rows of a group stand together, groups in the order of their best row. */
function grouped(rows: Row[]): Row[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.group);
    if (group) group.push(row);
    else groups.set(row.group, [row]);
  }
  return [...groups.values()].flat();
}

const searchPauseMs = 120;
const nothing: readonly { source: PaletteSource; item: Found }[] = [];

function useFound(words: string, sources: readonly PaletteSource[]): readonly { source: PaletteSource; item: Found }[] {
  const [found, setFound] = useState(nothing);
  useEffect(() => {
    const stop = new AbortController();
    const timer = setTimeout(() => {
      const searches = sources.map(async (source) => (await source.search(words, stop.signal)).map((item) => ({ source, item })));
      void Promise.allSettled(searches).then((results) => {
        if (!stop.signal.aborted) setFound(results.flatMap((r) => (r.status === "fulfilled" ? r.value : [])));
      });
    }, words ? searchPauseMs : 0);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [words, sources]);
  return found;
}
