import { Link, useNavigate } from "@tanstack/react-router";
import { Plug } from "lucide-react";
import { useEffect, useState, type ReactNode } from "react";
import { useCommon } from "@/shared/i18n/common";
import { formatDay } from "@/shared/i18n/time";
import { askJean } from "@/shared/jean/ask";
import { buttonClass } from "@/shared/ui/button";
import { Page, PageTitle } from "@/shared/ui/page";
import { useT } from "../text";
import { AskBox } from "./ask-box";
import { partOfDay, pick } from "./greeting";

interface TodayProps {
  name: string;
  /** Things to say that work without a model. */
  examples: readonly string[];
  /** Only the built-in engine answers so far. */
  needsModel: boolean;
  /** Models that this server could get, for whom may have it get them. */
  models: ReactNode;
  recent: ReactNode;
}

/** Home: a greeting, a place to ask, where one was. */
export function Today({ name, examples, needsModel, models, recent }: TodayProps) {
  const t = useT();
  const common = useCommon();
  const now = useMinute();
  return (
    <Page>
      <p className="text-sm text-ink-2"><time dateTime={now.toISOString().slice(0, 10)}>{formatDay(now, common)}</time></p>
      <PageTitle title={t("nav.today")} className="mt-1 text-3xl sm:text-4xl">{t(`today.${partOfDay(now.getHours())}`, { name })}</PageTitle>
      <div className="mt-7"><AskBox /></div>
      <Examples examples={pick(examples, 4, Math.floor(now.getTime() / 86_400_000))} />
      {needsModel && <ConnectModel />}
      {needsModel && models}
      <section className="mt-10" aria-labelledby="continue">
        <h2 id="continue" className="mb-2 font-semibold">{t("today.continue")}</h2>
        {recent}
      </section>
    </Page>
  );
}

/** The room for the chips is kept while they load, so that nothing below jumps. */
function Examples({ examples }: { examples: readonly string[] }) {
  const t = useT();
  const navigate = useNavigate();
  return (
    <div className="mt-4 flex min-h-40 flex-wrap content-start items-center gap-2 sm:min-h-22" role="group" aria-label={t("today.try")}>
      {examples.map((example) => (
        <button key={example} type="button" dir="auto" onClick={() => { askJean(example); void navigate({ to: "/chat" }); }} className="min-h-[calc(var(--row)-0.25rem)] max-w-full rounded-full border border-line bg-surface-1 px-4 py-1.5 text-start text-sm text-ink-2 transition-colors hover:border-jean hover:text-ink-1 max-sm:nth-4:hidden pointer-coarse:min-h-11">
          {example}
        </button>
      ))}
    </div>
  );
}

function ConnectModel() {
  const t = useT();
  return (
    <section aria-labelledby="connect" className="mt-8 flex flex-wrap items-center gap-x-6 gap-y-4 rounded-lg bg-jean-soft p-5">
      <div className="min-w-56 flex-1">
        <h2 id="connect" className="font-semibold text-jean-ink">{t("today.connect.title")}</h2>
        <p className="mt-1">{t("today.connect.text")}</p>
      </div>
      <Link to="/settings/models" className={buttonClass("jean")}><Plug className="size-4" aria-hidden="true" />{t("today.connect.action")}</Link>
    </section>
  );
}

/** The time, renewed every minute and when the page is looked at again. */
function useMinute(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const renew = (): void => setNow(new Date());
    const timer = setInterval(renew, 60_000);
    document.addEventListener("visibilitychange", renew);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", renew);
    };
  }, []);
  return now;
}
