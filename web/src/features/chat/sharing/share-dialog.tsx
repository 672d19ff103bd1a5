import { useMutation, useQuery } from "@tanstack/react-query";
import { ExternalLink, Link2, Trash2 } from "lucide-react";
import { useState } from "react";
import type { CreateShareRequest, Share } from "@/shared/api/types";
import { formatDate } from "@/shared/i18n/format";
import { useLocale } from "@/shared/i18n/locale";
import { Button, IconButton } from "@/shared/ui/button";
import { CopyButton } from "@/shared/ui/copy-button";
import { Dialog } from "@/shared/ui/dialog";
import { Choice, SelectField, Switch } from "@/shared/ui/field";
import { ErrorNote, Note, Skeleton } from "@/shared/ui/states";
import { createShare, revokeShare, sharesQuery } from "./queries";
import { useT } from "./text";

const levels = ["read", "comment", "copy"] as const;
const terms = ["never", "1", "7", "30", "365"] as const;
const dayMs = 86_400_000;

/** Makes links to a conversation, and ends them. `upTo` is the message a link may end at. */
export default function ShareDialog({ conversation, upTo, onClose }: { conversation: { id: string }; upTo?: { id: string; text: string }; onClose: () => void }) {
  const t = useT();
  return (
    <Dialog open onClose={onClose} title={t("title")}>
      <div className="flex flex-col gap-6">
        <NewLink conversationId={conversation.id} {...(upTo ? { upTo } : {})} />
        <Links conversationId={conversation.id} />
      </div>
    </Dialog>
  );
}

function NewLink({ conversationId, upTo }: { conversationId: string; upTo?: { id: string; text: string } }) {
  const t = useT();
  const [level, setLevel] = useState<(typeof levels)[number]>("read");
  const [reach, setReach] = useState<"here" | "now" | "follow">(upTo ? "here" : "now");
  const [term, setTerm] = useState<(typeof terms)[number]>("never");
  const [shown, setShown] = useState({ files: true, reasoning: false, tools: false });
  const make = useMutation({
    mutationFn: () => {
      const request: CreateShareRequest = { level, follow: reach === "follow", ...(upTo && reach === "here" ? { messageId: upTo.id } : {}), ...shown, ...(term === "never" ? {} : { expiresAt: new Date(Date.now() + Number(term) * dayMs).toISOString() }) };
      return createShare(conversationId, request);
    },
  });
  const address = make.data ? `${location.origin}${make.data.path}` : null;
  if (address) return <MadeLink address={address} onAnother={() => make.reset()} />;
  const part = (name: keyof typeof shown) => <Switch label={t(`with.${name}`)} checked={shown[name]} onChange={(on) => setShown({ ...shown, [name]: on })} />;
  return (
    <form className="flex flex-col gap-4" onSubmit={(e) => { e.preventDefault(); make.mutate(); }}>
      <p className="text-ink-2">{t("text")}</p>
      <Choice label={t("level")} value={level} onChange={setLevel} options={levels.map((value) => ({ value, label: t(`level.${value}`) }))} />
      <Choice label={t("reach")} value={reach} onChange={setReach} options={[...(upTo ? [{ value: "here" as const, label: t("reach.here") }] : []), { value: "now", label: t("reach.now") }, { value: "follow", label: t("reach.follow") }]} />
      {upTo && reach === "here" && <blockquote dir="auto" className="trail line-clamp-3 ps-4 text-sm wrap-anywhere text-ink-2">{upTo.text}</blockquote>}
      <SelectField label={t("expires")} value={term} onChange={(e) => setTerm(e.target.value as (typeof terms)[number])}>
        {terms.map((value) => <option key={value} value={value}>{value === "never" ? t("expires.never") : t("expires.days", { count: Number(value) })}</option>)}
      </SelectField>
      <fieldset>
        <legend className="mb-1 font-medium">{t("with")}</legend>
        {part("files")}{part("reasoning")}{part("tools")}
      </fieldset>
      {make.error && <ErrorNote error={make.error} />}
      <Button type="submit" look="primary" busy={make.isPending} className="self-end"><Link2 className="size-4.5" aria-hidden="true" />{t("make")}</Button>
    </form>
  );
}

function MadeLink({ address, onAnother }: { address: string; onAnother: () => void }) {
  const t = useT();
  return (
    <section aria-label={t("made")} className="flex flex-col gap-3">
      <Note tone="jean" icon={Link2}><span role="status">{t("made.text")}</span></Note>
      <code dir="ltr" data-secret className="rounded-md bg-surface-2 px-3 py-2.5 font-mono text-sm break-all select-all">{address}</code>
      <div className="flex flex-wrap justify-end gap-2">
        <Button look="plain" onClick={onAnother}>{t("another")}</Button>
        <a href={address} target="_blank" rel="noreferrer" className="inline-flex min-h-11 items-center gap-2 rounded-md px-3 hover:bg-surface-2"><ExternalLink className="size-4" aria-hidden="true" />{t("open")}</a>
        <CopyButton text={address} look="primary" label={t("copy")} />
      </div>
    </section>
  );
}

function Links({ conversationId }: { conversationId: string }) {
  const t = useT();
  const query = useQuery(sharesQuery(conversationId));
  if (!query.data) return query.error ? <ErrorNote error={query.error} retry={() => void query.refetch()} /> : <Skeleton rows={2} />;
  if (query.data.length === 0) return null;
  return (
    <section aria-labelledby="share-links">
      <h3 id="share-links" className="mb-2 font-medium">{t("links")}</h3>
      <ul className="overflow-hidden rounded-md border border-line">{query.data.map((share) => <LinkRow key={share.id} share={share} />)}</ul>
    </section>
  );
}

function LinkRow({ share }: { share: Share }) {
  const t = useT();
  const locale = useLocale();
  const end = useMutation({ mutationFn: () => revokeShare(share) });
  const made = formatDate(share.createdAt, locale);
  const facts = [
    t(share.follows ? "reach.follow" : "reach.fixed"), t("views", { count: share.views }), ...(share.comments > 0 ? [t("comments", { count: share.comments })] : []),
    ...(share.expiresAt ? [share.expired ? t("expired") : t("until", { date: formatDate(share.expiresAt, locale) })] : []),
  ];
  return (
    <li className="flex items-center gap-2 border-b border-line py-1.5 ps-3 pe-1 last:border-0">
      <div className="min-w-0 flex-1">
        <p>{t(`level.${share.level}`)} · <span className="text-ink-2">{made}</span></p>
        <p className="text-sm text-ink-2">{facts.join(" · ")}</p>
        {end.error && <ErrorNote error={end.error} />}
      </div>
      <IconButton label={t("revoke", { date: made })} disabled={end.isPending} onClick={() => end.mutate()}><Trash2 className="size-4.5" aria-hidden="true" /></IconButton>
    </li>
  );
}
