import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useId, useMemo, useRef, useState, type RefObject } from "react";
import type { Template } from "@/shared/api/types";
import { useLocale } from "@/shared/i18n/locale";
import { cx } from "@/shared/ui/cx";
import { ErrorNote, Skeleton } from "@/shared/ui/states";
import { FillDialog } from "./fill-dialog";
import { findTemplates } from "./fill";
import { templatesQuery } from "./queries";
import { useT } from "./text";

interface PromptsMenuProps {
  /** Where one writes; it keeps the focus. */
  box: RefObject<HTMLTextAreaElement | null>;
  /** True while letters are put together: Enter is the input method's then. */
  composing: RefObject<boolean>;
  /** What was typed behind the slash. */
  words: string;
  onTake: (text: string) => void;
  onClose: () => void;
}

/** The prompts whose names fit what is typed behind a slash, above the composer. */
export function PromptsMenu({ box, composing, words, onTake, onClose }: PromptsMenuProps) {
  const t = useT();
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  const query = useQuery(templatesQuery(useLocale()));
  const found = useMemo(() => findTemplates(query.data ?? [], words).slice(0, 50), [query.data, words]);
  const [at, setAt] = useState({ index: 0, words });
  const index = at.words === words ? Math.min(at.index, Math.max(0, found.length - 1)) : 0;
  const [filling, setFilling] = useState<Template | null>(null);
  const take = (template: Template): void => {
    if (template.variables.length > 0) setFilling(template);
    else onTake(template.body);
  };
  const now = useRef({ found, index, words, take, onClose });
  useEffect(() => { now.current = { found, index, words, take, onClose }; });

  // Its keys come before the composer's own, and only while it is there.
  const active = found[index] ? `${id}-${index}` : null;
  useEffect(() => {
    const field = box.current;
    if (!field || filling) return undefined;
    const pressed = (e: KeyboardEvent): void => {
      const { found, index, words, take, onClose } = now.current;
      if (composing.current || e.shiftKey || e.ctrlKey || e.metaKey || e.altKey) return;
      const chosen = found[index];
      if (e.key === "ArrowDown" || e.key === "ArrowUp") setAt({ words, index: (index + (e.key === "ArrowDown" ? 1 : found.length - 1)) % Math.max(1, found.length) });
      else if (e.key === "Escape") onClose();
      else if ((e.key === "Enter" || e.key === "Tab") && chosen) take(chosen);
      else return;
      e.preventDefault();
      e.stopPropagation();
    };
    field.addEventListener("keydown", pressed);
    return () => field.removeEventListener("keydown", pressed);
  }, [box, composing, filling]);
  useEffect(() => {
    const field = box.current;
    field?.setAttribute("aria-controls", id);
    return () => { field?.removeAttribute("aria-controls"); field?.removeAttribute("aria-activedescendant"); };
  }, [box, id]);
  useEffect(() => {
    if (active) box.current?.setAttribute("aria-activedescendant", active);
    else box.current?.removeAttribute("aria-activedescendant");
    list.current?.children[index]?.scrollIntoView({ block: "nearest" });
  }, [box, active, index]);

  return (
    <div className="frosted enter mb-2 flex max-h-[min(24rem,50dvh)] flex-col overflow-hidden rounded-lg">
      {query.error && <ErrorNote error={query.error} retry={() => void query.refetch()} className="m-2" />}
      {query.isPending && <Skeleton rows={4} className="p-4" />}
      {query.data && found.length === 0 && <p className="p-4 text-ink-2">{t("menu.none")}</p>}
      <ul ref={list} id={id} role="listbox" aria-label={t("menu")} className="min-h-0 flex-1 overflow-y-auto p-1.5">
        {found.map((template, i) => (
          <li
            key={template.id} id={`${id}-${i}`} role="option" aria-selected={i === index}
            onPointerDown={(e) => e.preventDefault()} onClick={() => take(template)} onPointerMove={() => { if (i !== index) setAt({ words, index: i }); }}
            className={cx("flex min-h-11 cursor-pointer items-baseline gap-x-3 gap-y-0 rounded-sm px-3 py-2 max-sm:flex-col", i === index && "bg-surface-2")}
          >
            <bdi className="shrink-0 font-medium">{template.name}</bdi>
            <bdi className="min-w-0 truncate text-sm text-ink-2 max-sm:max-w-full">{template.about}</bdi>
          </li>
        ))}
      </ul>
      <p className="flex flex-wrap items-center justify-between gap-x-4 border-t border-line px-4 py-1.5 text-sm text-ink-2">
        <span className="pointer-coarse:hidden">{t("menu.hint")}</span>
        <Link to="/chat/prompts" className="inline-flex min-h-8 items-center font-medium text-accent-ink pointer-coarse:min-h-11">{t("menu.all")}</Link>
      </p>
      {filling && <FillDialog template={filling} onClose={() => setFilling(null)} onFilled={(text) => { setFilling(null); onTake(text); }} />}
    </div>
  );
}
