import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { X, ZoomIn, ZoomOut } from "lucide-react";
import { useId, useMemo, useState } from "react";
import { describeError } from "@/shared/api/error";
import type { TreeSegment } from "@/shared/api/types";
import { useCommon } from "@/shared/i18n/common";
import { formatDate } from "@/shared/i18n/format";
import { useLocale } from "@/shared/i18n/locale";
import { Button, IconButton } from "@/shared/ui/button";
import { Modal } from "@/shared/ui/dialog";
import { ErrorNote, Skeleton } from "@/shared/ui/states";
import { useLive } from "../live-turn";
import { showSibling } from "../siblings";
import { layout } from "./layout";
import { copyBranch, mergeBranch, pruneBranch, treeQuery } from "./queries";
import { useT } from "./text";
import { TreeCanvas } from "./tree-canvas";

const zooms = [0.5, 0.7, 0.85, 1, 1.25] as const;

/** The conversation as a picture: where it forked, what is shown, and what can be done with each part of it. */
export default function TreeDialog({ conversationId, onClose }: { conversationId: string; onClose: () => void }) {
  const t = useT();
  const common = useCommon();
  const heading = useId();
  const tree = useQuery(treeQuery(conversationId));
  const [zoom, setZoom] = useState(3);
  const [chosen, setChosen] = useState<string | null>(null);
  const plan = useMemo(() => layout(tree.data?.segments ?? []), [tree.data]);
  const segment = (plan.placed.find((one) => one.segment.firstId === chosen) ?? plan.placed.findLast((one) => one.segment.isShown) ?? plan.placed[0])?.segment;
  const show = (one: TreeSegment): void => {
    onClose();
    void showSibling(conversationId, one.firstId, 1);
  };
  return (
    <Modal open onClose={onClose} labelledBy={heading} className="h-[min(52rem,calc(100dvh-1rem))] w-[min(72rem,calc(100vw-1rem))]">
      <div className="flex h-full flex-col">
        <div className="flex items-center gap-1 border-b border-line ps-5 pe-2">
          <h2 id={heading} className="min-w-0 flex-1 truncate text-lg font-semibold">{t("title")}</h2>
          <IconButton label={t("smaller")} disabled={zoom === 0} onClick={() => setZoom(zoom - 1)}><ZoomOut className="size-5" aria-hidden="true" /></IconButton>
          <IconButton label={t("larger")} disabled={zoom === zooms.length - 1} onClick={() => setZoom(zoom + 1)}><ZoomIn className="size-5" aria-hidden="true" /></IconButton>
          <IconButton label={common("action.close")} onClick={onClose}><X className="size-5" aria-hidden="true" /></IconButton>
        </div>
        {tree.data && segment
          ? (
            <>
              <TreeCanvas plan={plan} zoom={zooms[zoom]!} chosen={segment.firstId} onChoose={setChosen} onShow={show} onZoom={(step) => setZoom(Math.max(0, Math.min(zooms.length - 1, zoom + step)))} />
              <Details key={segment.firstId} segment={segment} conversationId={conversationId} alone={plan.placed.length === 1} onShow={show} onClose={onClose} />
            </>
          )
          : <div className="p-5">{tree.error ? <ErrorNote error={tree.error} retry={() => void tree.refetch()} /> : tree.data ? <p className="text-ink-2">{t("nothing")}</p> : <Skeleton rows={5} />}</div>}
      </div>
    </Modal>
  );
}

function Details({ segment, conversationId, alone, onShow, onClose }: { segment: TreeSegment; conversationId: string; alone: boolean; onShow: (segment: TreeSegment) => void; onClose: () => void }) {
  const t = useT();
  const locale = useLocale();
  const navigate = useNavigate();
  const running = useLive((s) => s.turns[conversationId] !== undefined);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const act = (work: () => Promise<void>) => async (): Promise<void> => {
    setBusy(true);
    setProblem("");
    await work().catch((error: unknown) => setProblem(describeError(error)));
    setBusy(false);
  };
  const copy = act(async () => {
    const id = await copyBranch(conversationId, segment.lastId);
    onClose();
    void navigate({ to: "/chat/$conversationId", params: { conversationId: id } });
  });
  const merge = act(async () => {
    await mergeBranch(conversationId, segment.lastId);
    onClose();
  });
  return (
    <section aria-label={t("chosen")} className="flex max-h-[45%] flex-col gap-3 overflow-y-auto border-t border-line px-5 py-4">
      <div className="min-w-0">
        <p dir="auto" className="line-clamp-2 font-medium wrap-anywhere">{segment.opening || "…"}</p>
        {segment.ending && <p dir="auto" className="line-clamp-2 text-ink-2 wrap-anywhere">{segment.ending}</p>}
        <p className="mt-1 flex flex-wrap gap-x-3 text-sm text-ink-2">
          <span>{t("messages", { count: segment.count })}</span>
          <time dateTime={segment.lastAt}>{formatDate(segment.lastAt, locale)}</time>
          {segment.modelIds.map((model) => <bdi key={model} dir="ltr">{model}</bdi>)}
        </p>
      </div>
      {alone && <p className="text-sm text-ink-2">{t("alone")}</p>}
      {problem && <p role="alert" className="text-bad-ink">{problem}</p>}
      <div className="flex flex-wrap gap-2">
        <Button look="primary" disabled={running} onClick={() => onShow(segment)}>{t("show")}</Button>
        <Button disabled={running} busy={busy} onClick={() => void copy()}>{t("copy")}</Button>
        {!segment.isShown && <Button disabled={running} busy={busy} onClick={() => void merge()}>{t("merge")}</Button>}
        {!alone && segment.parentId && <Button look="danger" disabled={running} busy={busy} onClick={() => void act(() => pruneBranch(conversationId, segment.firstId))()}>{t("prune")}</Button>}
      </div>
    </section>
  );
}
