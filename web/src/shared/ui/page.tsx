import { useEffect, useRef, type ReactNode } from "react";
import { useCommon } from "@/shared/i18n/common";
import { cx } from "./cx";

/** The one h1 of a page. Gives the tab its title and takes the focus after a navigation, so that a screen reader says where one is. */
export function PageTitle({ children, title, className }: { children?: ReactNode; title: string; className?: string }) {
  const t = useCommon();
  const ref = useRef<HTMLHeadingElement>(null);
  const name = t("app.name");
  useEffect(() => {
    document.title = `${title} · ${name}`;
  }, [title, name]);
  useEffect(() => {
    if (document.body.dataset["navigated"] !== undefined) ref.current?.focus({ preventScroll: true });
  }, []);
  return <h1 ref={ref} tabIndex={-1} className={cx("text-2xl font-semibold", className)}>{children ?? title}</h1>;
}

/** A scrolling page of readable width. */
export function Page({ children, className, wide = false }: { children: ReactNode; className?: string; wide?: boolean }) {
  return (
    <div className="h-full overflow-y-auto overscroll-contain">
      <div className={cx("mx-auto flex min-h-full w-full flex-col px-4 py-6 sm:px-8 md:py-10", wide ? "max-w-5xl" : "max-w-2xl", className)}>{children}</div>
    </div>
  );
}

/** A titled block on a page. */
export function Card({ title, text, children, aside, className }: { title?: string; text?: ReactNode; children?: ReactNode; aside?: ReactNode; className?: string }) {
  return (
    <section className={cx("rounded-lg border border-line bg-surface-1 p-5", className)}>
      {(title ?? aside) && (
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
          {title && <h2 className="text-base font-semibold">{title}</h2>}
          {aside}
        </div>
      )}
      {text && <p className="mt-1 text-ink-2">{text}</p>}
      {children && <div className={title ?? text ? "mt-4" : undefined}>{children}</div>}
    </section>
  );
}
