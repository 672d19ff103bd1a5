import { Link, useRouter, type ErrorComponentProps } from "@tanstack/react-router";
import { useEffect } from "react";
import { useCommon } from "@/shared/i18n/common";
import { describeError, isApiError } from "@/shared/api/error";
import { Button, buttonClass } from "@/shared/ui/button";
import { PageTitle } from "@/shared/ui/page";

/** Shown in place of a page that threw; the rest of the house stays up. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  const t = useCommon();
  const router = useRouter();
  const missing = isApiError(error) && error.status === 404;
  useEffect(() => {
    console.error(error);
  }, [error]);
  if (missing) return <NotFoundPage />;
  const again = (): void => {
    reset();
    void router.invalidate();
  };
  return (
    <div className="mx-auto flex h-full max-w-md flex-col items-center justify-center gap-3 p-6 text-center">
      <PageTitle title={t("page.failed.title")} />
      <p className="text-ink-2">{isApiError(error) ? describeError(error) : t("page.failed.text")}</p>
      <div className="mt-3 flex gap-2">
        <Button look="primary" onClick={again}>{t("action.retry")}</Button>
        <Link to="/" className={buttonClass("quiet")}>{t("page.notFound.home")}</Link>
      </div>
      <details className="mt-6 max-w-full text-start text-sm text-ink-2">
        <summary>{t("page.failed.details")}</summary>
        <pre dir="ltr" className="mt-2 overflow-x-auto rounded-md bg-surface-2 p-3 font-mono text-xs">{error instanceof Error ? error.message : String(error)}</pre>
      </details>
    </div>
  );
}

export function NotFoundPage() {
  const t = useCommon();
  return (
    <div className="mx-auto flex h-full max-w-md flex-col items-center justify-center gap-3 p-6 text-center">
      <PageTitle title={t("page.notFound.title")} />
      <p className="text-ink-2">{t("page.notFound.text")}</p>
      <Link to="/" className={buttonClass("primary", "mt-3")}>{t("page.notFound.home")}</Link>
    </div>
  );
}
