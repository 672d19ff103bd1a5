import { useNavigate } from "@tanstack/react-router";
import { Download, Ellipsis, FileJson, Pencil, Trash2 } from "lucide-react";
import { useId, useState } from "react";
import { describeError } from "@/shared/api/error";
import { queryClient } from "@/shared/api/query-client";
import type { PrivateConversation } from "@/shared/api/types";
import { Button, IconButton } from "@/shared/ui/button";
import { ConfirmDialog } from "@/shared/ui/confirm";
import { Dialog } from "@/shared/ui/dialog";
import { TextField } from "@/shared/ui/field";
import { showToast } from "@/shared/ui/toast";
import { MenuItem } from "../components/menu-item";
import { sealBox, type Vault } from "./crypto";
import { download } from "./download";
import { deleteConversation, privateKeys, setTitle } from "./queries";
import { useT } from "./text";

const tell = (error: unknown): void => { showToast({ text: describeError(error), tone: "bad" }); };
const renew = (): Promise<void> => queryClient.invalidateQueries({ queryKey: privateKeys.all });

interface RowMenuProps {
  conversation: PrivateConversation;
  title: string;
  vault: Vault | null;
  current: boolean;
}

/** What can be done with one of them. While it is locked it can only be deleted. */
export function RowMenu({ conversation: { id: conversationId }, title, vault, current }: RowMenuProps) {
  const t = useT();
  const id = useId();
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  const [dialog, setDialog] = useState<"rename" | "delete" | null>(null);
  const [busy, setBusy] = useState(false);
  const remove = async (): Promise<void> => {
    setBusy(true);
    try {
      await deleteConversation(conversationId);
      setDialog(null);
      if (current) await navigate({ to: "/chat" });
      await renew();
    } catch (error) {
      tell(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <IconButton
        label={t("more", { title })} title="" popoverTarget={id} style={{ anchorName: `--${CSS.escape(id)}` }} aria-expanded={open}
        className="absolute end-1 top-1 size-8! opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100 aria-expanded:opacity-100"
      >
        <Ellipsis className="size-4" aria-hidden="true" />
      </IconButton>
      <div id={id} popover="auto" onToggle={(e) => setOpen(e.newState === "open")} onClick={(e) => e.currentTarget.hidePopover()} style={{ positionAnchor: `--${CSS.escape(id)}` }} className="menu frosted enter rounded-md p-1.5">
        {open && (
          <>
            {vault && <MenuItem icon={<Pencil className="size-4" aria-hidden="true" />} onClick={() => setDialog("rename")}>{t("rename")}</MenuItem>}
            {vault && <MenuItem icon={<Download className="size-4" aria-hidden="true" />} onClick={() => void download(vault, conversationId, "md").catch(tell)}>{t("download.md")}</MenuItem>}
            {vault && <MenuItem icon={<FileJson className="size-4" aria-hidden="true" />} onClick={() => void download(vault, conversationId, "json").catch(tell)}>{t("download.json")}</MenuItem>}
            <MenuItem bad icon={<Trash2 className="size-4" aria-hidden="true" />} onClick={() => setDialog("delete")}>{t("delete")}</MenuItem>
          </>
        )}
      </div>
      {dialog === "rename" && vault && <RenameDialog id={conversationId} title={title} vault={vault} onClose={() => setDialog(null)} />}
      {dialog === "delete" && <ConfirmDialog title={t("delete.title")} text={t("delete.text")} label={t("delete")} busy={busy} error={null} onConfirm={() => void remove()} onClose={() => setDialog(null)} />}
    </>
  );
}

function RenameDialog({ id, title, vault, onClose }: { id: string; title: string; vault: Vault; onClose: () => void }) {
  const t = useT();
  const [words, setWords] = useState(title);
  const save = async (): Promise<void> => {
    const named = words.trim();
    if (!named) return;
    try {
      await setTitle(id, await sealBox(vault.publicKey, `title:${id}`, named));
      await renew();
      onClose();
    } catch (error) {
      tell(error);
    }
  };
  return (
    <Dialog open onClose={onClose} title={t("rename")}>
      <form className="flex flex-col gap-4" onSubmit={(e) => { e.preventDefault(); void save(); }}>
        <TextField label={t("rename.label")} value={words} onChange={(e) => setWords(e.target.value)} maxLength={120} dir="auto" autoComplete="off" autoFocus />
        <div className="flex justify-end"><Button type="submit" look="primary">{t("save")}</Button></div>
      </form>
    </Dialog>
  );
}
