import { Check, Copy } from "lucide-react";
import { memo, useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from "react";
import { IconButton } from "@/shared/ui/button";
import { useCopied } from "@/shared/ui/use-copied";
import { useT } from "../text";
import type { Block } from "./blocks";
import { coloured } from "./coloured";
import { MarkdownReader } from "./reader";
import { markdownEngine } from "./remote-engine";
import { sanitise } from "./sanitise";

// It is there when the first message is.
void markdownEngine();

/** A message as its writer meant it. Grows with the text: closed blocks are never touched again. */
export function Markdown({ text, final }: { text: string; final: boolean }) {
  const blocks = useBlocks(text, final);
  if (!blocks) return <div className="prose unread" dir="auto">{text}</div>;
  return (
    <div className="prose">
      {blocks.map((block) => (block.code ? <CodeBlock key={block.at} code={block.code.text} language={block.code.language} closed={block.closed} /> : <HtmlBlock key={block.at} block={block} />))}
    </div>
  );
}

function useBlocks(text: string, final: boolean): readonly Block[] | null {
  const [reader] = useState(() => new MarkdownReader(text));
  useEffect(() => () => reader.close(), [reader]);
  useLayoutEffect(() => reader.read(text, final), [reader, text, final]);
  return useSyncExternalStore(reader.subscribe, reader.get);
}

const HtmlBlock = memo(function HtmlBlock({ block }: { block: Block }) {
  const t = useT();
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const host = ref.current;
    if (!host) return undefined;
    host.replaceChildren(sanitise(block.html, (host) => t("image.open", { host })));
    if (!block.closed || !host.querySelector(".math-inline, .math-block")) return undefined;
    let here = true;
    import("./math").then(({ setFormulas }) => { if (here) setFormulas(host); }, () => undefined);
    return () => { here = false; };
  }, [block, t]);
  return <div ref={ref} />;
}, (a, b) => a.block === b.block || (a.block.html === b.block.html && a.block.closed === b.block.closed));

const CodeBlock = memo(function CodeBlock({ code, language, closed }: { code: string; language: string; closed: boolean }) {
  const t = useT();
  const ref = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const host = ref.current;
    if (!host) return undefined;
    host.textContent = code;
    if (!closed || !language) return undefined;
    let here = true;
    coloured(code, language).then((lines) => { if (here && lines) host.replaceChildren(lines); }, () => undefined);
    return () => { here = false; };
  }, [code, language, closed]);
  return (
    <figure className="code-block" dir="ltr">
      <figcaption>
        <span>{language || t("code.plain")}</span>
        <CopyButton text={code} label={t("code.copy")} />
      </figcaption>
      <pre tabIndex={0}><code ref={ref} /></pre>
    </figure>
  );
});

/** Copies and says so for a moment, where it was pressed. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const t = useT();
  const { copied, copy } = useCopied(text);
  return (
    <IconButton label={copied ? t("copied") : label} onClick={copy} className="size-8! pointer-coarse:size-11!">
      {copied ? <Check className="size-4 text-ok-ink" aria-hidden="true" /> : <Copy className="size-4" aria-hidden="true" />}
    </IconButton>
  );
}
