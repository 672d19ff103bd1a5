import { KeyRound } from "lucide-react";
import { useEffect, useRef, type ReactNode } from "react";
import { Button } from "./button";
import { CopyButton } from "./copy-button";

/** A secret, this once, with a first call that uses it. It stays on the page and not in a dialog, which a slip would close. */
export function NewSecretPanel({ title, text, secret, copyLabel, code, onDone, doneLabel }: {
  title: string;
  text: string;
  secret: string;
  copyLabel: string;
  /** `head` stands above the call: what it is, or a choice of languages. */
  code: { text: string; head: ReactNode; label: string; copyLabel: string };
  onDone: () => void;
  doneLabel: string;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section aria-labelledby="new-secret" className="rounded-lg border border-jean bg-surface-1 p-5">
      <h2 ref={heading} id="new-secret" tabIndex={-1} className="flex items-center gap-2.5 text-base font-semibold outline-none"><KeyRound className="size-5 shrink-0 text-jean-ink" aria-hidden="true" />{title}</h2>
      <p className="mt-1 text-ink-2">{text}</p>
      <div className="mt-4 flex flex-wrap items-center gap-2">
        <code dir="ltr" data-secret className="min-h-row min-w-0 flex-1 basis-64 rounded-md bg-surface-2 px-3 py-2.5 font-mono text-sm break-all select-all">{secret}</code>
        <CopyButton text={secret} look="primary" label={copyLabel} />
      </div>
      <div className="mt-5 flex flex-wrap items-end justify-between gap-2">
        {code.head}
        <CopyButton text={code.text} label={code.copyLabel} />
      </div>
      <pre dir="ltr" tabIndex={0} aria-label={code.label} className="mt-2 overflow-x-auto rounded-md bg-surface-2 p-4 font-mono text-[0.8125rem] leading-6">{code.text}</pre>
      <div className="mt-4 flex justify-end"><Button onClick={onDone}>{doneLabel}</Button></div>
    </section>
  );
}
