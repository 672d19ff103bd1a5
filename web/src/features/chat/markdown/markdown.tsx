import { Check, Copy } from "lucide-react";
import { memo, useLayoutEffect, useRef, useState } from "react";
import type { Tokens } from "marked";
import { IconButton } from "@/shared/ui/button";
import { useCopied } from "@/shared/ui/use-copied";
import { useT } from "../text";
import { BlockSplitter, type Block } from "./blocks";
import { markdown } from "./parser";
import { sanitise } from "./sanitise";

/** A message as its writer meant it. Grows with the text: closed blocks are never touched again. */
export function Markdown({ text, final }: { text: string; final: boolean }) {
  const [splitter] = useState(() => new BlockSplitter());
  const blocks = splitter.read(text, final);
  return (
    <div className="prose">
      {blocks.map((block) =>
        block.token.type === "code"
          ? <CodeBlock key={block.at} code={(block.token as Tokens.Code).text} language={(block.token as Tokens.Code).lang?.split(/\s/, 1)[0] ?? ""} closed={block.closed} />
          : <HtmlBlock key={block.at} block={block} />)}
    </div>
  );
}

const HtmlBlock = memo(function HtmlBlock({ block }: { block: Block }) {
  const t = useT();
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const host = ref.current;
    if (!host) return undefined;
    host.replaceChildren(sanitise(markdown.parser([block.token]), (host) => t("image.open", { host })));
    if (!block.closed || !host.querySelector(".math-inline, .math-block")) return undefined;
    let here = true;
    import("./math").then(({ setFormulas }) => { if (here) setFormulas(host); }, () => undefined);
    return () => { here = false; };
  }, [block, t]);
  return <div ref={ref} />;
}, (a, b) => a.block === b.block || (a.block.raw === b.block.raw && a.block.closed === b.block.closed));

const CodeBlock = memo(function CodeBlock({ code, language, closed }: { code: string; language: string; closed: boolean }) {
  const t = useT();
  const ref = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const host = ref.current;
    if (!host) return undefined;
    host.textContent = code;
    if (!closed || !language) return undefined;
    let here = true;
    import("./highlight").then(({ highlight }) => highlight(code, language)).then((coloured) => { if (here && coloured) host.replaceChildren(coloured); }, () => undefined);
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
