import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { Download } from "lucide-react";
import { useState } from "react";
import type { Session } from "@/shared/api/types";
import { formatDate } from "@/shared/i18n/format";
import { useLocale } from "@/shared/i18n/locale";
import { withProof } from "@/shared/session/proof";
import { sessionQuery } from "@/shared/session/session";
import { Button } from "@/shared/ui/button";
import { ConfirmNote } from "@/shared/ui/confirm";
import { Card } from "@/shared/ui/page";
import { Note } from "@/shared/ui/states";
import { Refusal } from "../refusal";
import { askDeletion, exportData, keepAccount } from "./queries";
import { useT } from "./text";

/** Leaving: one's data in a file, and the end of the account. */
export function DeletionCards({ session }: { session: Session }) {
  return (
    <>
      <ExportCard />
      <DeletionCard session={session} />
    </>
  );
}

function ExportCard() {
  const t = useT();
  const take = useMutation({ mutationFn: () => withProof(exportData), onSuccess: (file) => save(file, "jeantrail-data.zip") });
  return (
    <Card title={t("export")} text={t("export.text")}>
      <Button className="max-sm:w-full" busy={take.isPending} onClick={() => take.mutate()}><Download className="size-4" aria-hidden="true" />{t(take.isPending ? "export.busy" : "export.do")}</Button>
      <Refusal error={take.error} className="mt-3" />
    </Card>
  );
}

function DeletionCard({ session }: { session: Session }) {
  const t = useT();
  const locale = useLocale();
  const renew = useSessionAnew();
  const [asking, setAsking] = useState(false);
  const ask = useMutation({ mutationFn: () => withProof(askDeletion), onSuccess: () => { setAsking(false); return renew(); } });
  const keep = useMutation({ mutationFn: keepAccount, onSettled: renew });
  if (session.user.role === "owner") return <Card title={t("title")} text={t("owner")} />;
  return (
    <Card title={t("title")} text={session.deletionAt ?? asking ? undefined : t("text")}>
      {session.deletionAt ? (
        <Note tone="warn">
          <p>{t("pending", { date: formatDate(session.deletionAt, locale) })}</p>
          <Button look="primary" className="mt-3 max-sm:w-full" busy={keep.isPending} onClick={() => keep.mutate()}>{t("keep")}</Button>
        </Note>
      ) : asking ? (
        <ConfirmNote text={t("sure")} label={t("sure.do")} busy={ask.isPending} onConfirm={() => ask.mutate()} onCancel={() => setAsking(false)} />
      ) : <Button look="danger" className="max-sm:w-full" onClick={() => setAsking(true)}>{t("ask")}</Button>}
      <Refusal error={ask.error ?? keep.error} className="mt-3" />
    </Card>
  );
}

/** The session says whether the account is going to be deleted; the routes have it from their guard. */
export function useSessionAnew(): () => Promise<void> {
  const router = useRouter();
  const queryClient = useQueryClient();
  return async () => {
    await queryClient.invalidateQueries(sessionQuery);
    await router.invalidate();
  };
}

function save(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
