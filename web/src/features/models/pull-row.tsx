import { useMutation, useQueryClient } from "@tanstack/react-query";
import { RotateCcw, X } from "lucide-react";
import type { ModelPull } from "@/shared/api/types";
import { Button } from "@/shared/ui/button";
import { ErrorNote } from "@/shared/ui/states";
import { cancelPull, isUnderway, localKeys, resumePull } from "./queries";
import { useSize } from "./sizes";
import { useT } from "./text";

/** A model on its way: how far it is, and the way to stop it. One that failed can go on where it was. */
export function PullRow({ pull }: { pull: ModelPull }) {
  const t = useT();
  const queryClient = useQueryClient();
  const onSettled = () => queryClient.invalidateQueries({ queryKey: localKeys.all });
  const cancel = useMutation({ mutationFn: () => cancelPull(pull.id), onSettled });
  const resume = useMutation({ mutationFn: () => resumePull(pull.id), onSettled });
  const error = cancel.error ?? resume.error;
  return (
    <li className="border-b border-line py-3 last:border-0">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <p className="min-w-40 flex-1 font-medium"><bdi>{pull.name}</bdi></p>
        <Progress pull={pull} />
        {pull.state === "failed" && (
          <Button busy={resume.isPending} aria-label={t("for", { what: t("pull.again"), name: pull.name })} onClick={() => resume.mutate()}>
            <RotateCcw className="size-4" aria-hidden="true" />{t("pull.again")}
          </Button>
        )}
        <Button look="plain" busy={cancel.isPending} aria-label={isUnderway(pull) ? t("pull.cancel.name", { name: pull.name }) : t("for", { what: t("pull.forget"), name: pull.name })} onClick={() => cancel.mutate()}>
          <X className="size-4" aria-hidden="true" />{t(isUnderway(pull) ? "pull.cancel" : "pull.forget")}
        </Button>
      </div>
      {isUnderway(pull) && <Bar pull={pull} />}
      {pull.state === "failed" && <Failure pull={pull} />}
      {error && <ErrorNote error={error} className="mt-2" />}
    </li>
  );
}

const failures = [
  "models.checksum_wrong", "models.length_wrong", "models.pull_stalled", "models.pull_unreachable", "models.pull_refused", "models.redirect_refused", "models.disk_full",
  "models.library_full", "models.name_taken", "models.file_taken",
] as const;

/** Why it failed, in the person's language; what is about one file alone, in the server's words. */
function Failure({ pull }: { pull: ModelPull }) {
  const t = useT();
  const known = failures.find((code) => code === pull.errorCode);
  return known ? <p className="text-bad-ink">{t(`failed.${known}`)}</p> : <p className="text-bad-ink" dir="auto">{pull.errorDetail}</p>;
}

function Progress({ pull }: { pull: ModelPull }) {
  const t = useT();
  const size = useSize();
  if (pull.state === "failed") return null;
  const words = pull.state === "waiting" ? t("pull.waiting")
    : pull.unpackedBytes !== null ? t("pull.unpacking", { done: size(pull.unpackedBytes), total: size(pull.totalBytes ?? pull.receivedBytes) })
    : pull.totalBytes && pull.bytesPerSecond ? t("pull.running", { done: size(pull.receivedBytes), total: size(pull.totalBytes), rate: size(pull.bytesPerSecond) })
      : t("pull.started", { done: size(pull.receivedBytes) });
  return <p className="text-sm text-ink-2 tabular-nums">{words}</p>;
}

/** Grows from the side where reading begins, and once more while an archive is unpacked. Before the size is known it says only that something goes on. */
function Bar({ pull }: { pull: ModelPull }) {
  const t = useT();
  const total = pull.totalBytes ?? (pull.unpackedBytes === null ? null : pull.receivedBytes);
  const percent = total ? Math.min(100, Math.round(((pull.unpackedBytes ?? pull.receivedBytes) / total) * 100)) : null;
  return (
    <div role="progressbar" aria-label={t("pull.progress", { name: pull.name })} aria-valuemin={0} aria-valuemax={100} {...(percent === null ? {} : { "aria-valuenow": percent })} className="mt-2 h-2 overflow-hidden rounded-full bg-surface-3">
      <div className="h-full rounded-full bg-jean transition-[inline-size] motion-reduce:transition-none" style={{ inlineSize: `${percent ?? 0}%` }} />
    </div>
  );
}
