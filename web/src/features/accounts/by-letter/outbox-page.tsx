import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronLeft, Mails, Trash2 } from "lucide-react";
import { isApiError } from "@/shared/api/error";
import type { Letter, SignUpMode } from "@/shared/api/types";
import { useCommon } from "@/shared/i18n/common";
import { formatAgo } from "@/shared/i18n/time";
import { withProof } from "@/shared/session/proof";
import { Button, IconButton } from "@/shared/ui/button";
import { CopyButton } from "@/shared/ui/copy-button";
import { Disclosure } from "@/shared/ui/disclosure";
import { Choice } from "@/shared/ui/field";
import { Card, PageTitle } from "@/shared/ui/page";
import { Pill } from "@/shared/ui/pill";
import { EmptyState, ErrorNote, Note, Skeleton } from "@/shared/ui/states";
import { deleteLetter, lettersQuery, saveSettings, settingsQuery } from "./queries";
import { useT } from "./text";

/** The owner's view of who may come, and of the letters this server wrote. */
export function OutboxPage() {
  const t = useT();
  return (
    <div className="flex flex-col gap-5">
      <div>
        <Link to="/settings/account" className="-ms-2 mb-1 inline-flex min-h-11 items-center gap-1 rounded-md px-2 font-medium text-accent-ink max-md:hidden"><ChevronLeft className="size-5 rtl:-scale-x-100" aria-hidden="true" />{t("outbox.back")}</Link>
        <PageTitle title={t("outbox.title")} />
      </div>
      <SignUpCard />
      <Letters />
    </div>
  );
}

function SignUpCard() {
  const t = useT();
  const queryClient = useQueryClient();
  const settings = useQuery(settingsQuery);
  const save = useMutation({
    mutationFn: (signUp: SignUpMode) => saveSettings({ signUp }),
    onSettled: () => queryClient.invalidateQueries(settingsQuery),
  });
  const mode = save.isPending ? save.variables : settings.data?.signUp;
  return (
    <Card title={t("signUp.setting")} text={t("signUp.setting.text")}>
      {mode ? (
        <Choice<SignUpMode>
          label={t("signUp.setting")} hideLabel value={mode} onChange={(next) => save.mutate(next)}
          options={[{ value: "closed", label: t("signUp.setting.closed") }, { value: "invited", label: t("signUp.setting.invited") }, { value: "open", label: t("signUp.setting.open") }]}
        />
      ) : settings.error ? <ErrorNote error={settings.error} retry={() => void settings.refetch()} /> : <Skeleton rows={1} />}
      {save.error && <ErrorNote error={save.error} className="mt-3" />}
    </Card>
  );
}

function Letters() {
  const t = useT();
  const letters = useInfiniteQuery(lettersQuery);
  const queryClient = useQueryClient();
  const show = useMutation({ mutationFn: () => withProof(() => queryClient.infiniteQuery(lettersQuery)) });
  // Also when they were there a while ago: what is asked for again is shown no longer.
  if (isApiError(letters.error, "accounts.proof_needed"))
    return <Card title={t("letters")} text={t("letters.proof")}><Button look="primary" busy={show.isPending} onClick={() => show.mutate()}>{t("letters.show")}</Button></Card>;
  if (!letters.data) return <Card title={t("letters")}>{letters.error ? <ErrorNote error={letters.error} retry={() => void letters.refetch()} /> : <Skeleton rows={4} />}</Card>;
  const items = letters.data.pages.flatMap((page) => page.items);
  return (
    <Card title={t("letters")}>
      {!letters.data.pages[0]?.hasServer && <Note tone="plain" className="mb-4">{t("letters.noServer")}</Note>}
      {items.length === 0 ? <EmptyState icon={Mails} title={t("letters.none")} text={t("letters.none.text")} /> : <ul className="-my-3">{items.map((letter) => <LetterRow key={letter.id} letter={letter} />)}</ul>}
      {letters.hasNextPage && <Button className="mt-6" busy={letters.isFetchingNextPage} onClick={() => void letters.fetchNextPage()}>{t("letters.more")}</Button>}
    </Card>
  );
}

const tones = { waiting: "warn", sent: "ok", "given-up": "bad" } as const;

function LetterRow({ letter }: { letter: Letter }) {
  const t = useT();
  const common = useCommon();
  const queryClient = useQueryClient();
  const remove = useMutation({ mutationFn: () => withProof(() => deleteLetter(letter.id)), onSettled: () => queryClient.invalidateQueries(lettersQuery) });
  return (
    <li className="border-b border-line py-3 last:border-0">
      <div className="flex items-start gap-x-3">
        <div className="min-w-0 flex-1">
          <p className="font-medium" dir="auto">{letter.subject}</p>
          <p className="text-sm break-all text-ink-2"><bdi dir="ltr">{letter.recipient}</bdi> · {formatAgo(letter.createdAt, common)}</p>
          <Pill tone={tones[letter.state]} className="mt-1.5">{t(`letters.state.${letter.state}`)}</Pill>
        </div>
        <IconButton label={t("letters.delete", { subject: letter.subject })} disabled={remove.isPending} onClick={() => remove.mutate()}><Trash2 className="size-4.5" aria-hidden="true" /></IconButton>
      </div>
      {letter.lastError && <p className="mt-2 text-sm break-words text-bad-ink" dir="ltr">{letter.lastError}</p>}
      {letter.body && (
        <Disclosure label={t("letters.read")} className="mt-1">
          <p className="mt-1 rounded-md bg-surface-2 p-4 text-sm break-words whitespace-pre-wrap" dir="auto">{letter.body}</p>
          <CopyButton text={letter.body} className="mt-2" />
        </Disclosure>
      )}
      {remove.error && <ErrorNote error={remove.error} className="mt-2" />}
    </li>
  );
}
