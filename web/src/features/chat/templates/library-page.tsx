import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Copy, Pencil, Plus, Search, Trash2 } from "lucide-react";
import { useState } from "react";
import type { Template } from "@/shared/api/types";
import { useCommon } from "@/shared/i18n/common";
import { useLocale } from "@/shared/i18n/locale";
import { Button, IconButton } from "@/shared/ui/button";
import { SelectField, TextField } from "@/shared/ui/field";
import { Page, PageTitle } from "@/shared/ui/page";
import { Pill } from "@/shared/ui/pill";
import { EmptyState, ErrorNote, Skeleton } from "@/shared/ui/states";
import { withUndo } from "@/shared/ui/undo";
import { newChat, setDraft } from "../store";
import { FillDialog } from "./fill-dialog";
import { findTemplates } from "./fill";
import { deleteTemplate, templateKeys, templatesQuery, trades, type Trade } from "./queries";
import { TemplateForm } from "./template-form";
import { useT } from "./text";

/** Every prompt there is: find one, use it, write one's own. */
export function LibraryPage() {
  const t = useT();
  const locale = useLocale();
  const navigate = useNavigate();
  const query = useQuery(templatesQuery(locale));
  const [words, setWords] = useState("");
  const [trade, setTrade] = useState<Trade | "all">("all");
  const [filling, setFilling] = useState<Template | null>(null);
  const [editing, setEditing] = useState<{ template: Template | null; copy: boolean } | null>(null);
  const use = (text: string): void => {
    setDraft(newChat, text);
    void navigate({ to: "/chat" });
  };
  const found = findTemplates(query.data ?? [], words).filter((template) => trade === "all" || template.trade === trade);
  return (
    <Page>
      <div className="flex flex-col gap-5">
        <div className="flex flex-wrap items-center justify-between gap-3">
          <PageTitle title={t("page.title")} />
          <Button look="primary" onClick={() => setEditing({ template: null, copy: false })}><Plus className="size-4.5" aria-hidden="true" />{t("page.new")}</Button>
        </div>
        <p className="-mt-3 text-ink-2">{t("page.text")}</p>
        <div className="grid gap-3 sm:grid-cols-[1fr_14rem]">
          <TextField label={t("page.search")} type="search" value={words} dir={words ? "auto" : undefined} onChange={(e) => setWords(e.target.value)} />
          <SelectField label={t("page.trade")} value={trade} onChange={(e) => setTrade(e.target.value as Trade | "all")}>
            <option value="all">{t("page.all")}</option>
            {trades.map((one) => <option key={one} value={one}>{t(`trade.${one}`)}</option>)}
          </SelectField>
        </div>
        {!query.data ? query.error ? <ErrorNote error={query.error} retry={() => void query.refetch()} /> : <Skeleton rows={8} />
          : found.length === 0 ? <EmptyState icon={Search} title={t("page.none")} text={t("page.none.text")} />
          : (
            <ul className="overflow-hidden rounded-lg border border-line bg-surface-1">
              {found.map((template) => (
                <Row key={template.id} template={template} onUse={() => { if (template.variables.length > 0) setFilling(template); else use(template.body); }} onEdit={(copy) => setEditing({ template, copy })} />
              ))}
            </ul>
          )}
      </div>
      {filling && <FillDialog template={filling} onClose={() => setFilling(null)} onFilled={use} />}
      {editing && <TemplateForm template={editing.template} copy={editing.copy} onClose={() => setEditing(null)} />}
    </Page>
  );
}

function Row({ template, onUse, onEdit }: { template: Template; onUse: () => void; onEdit: (copy: boolean) => void }) {
  const t = useT();
  const common = useCommon();
  const locale = useLocale();
  const queryClient = useQueryClient();
  const remove = (): void => {
    const { queryKey } = templatesQuery(locale);
    withUndo({
      text: t("delete.done", { name: template.name }),
      hide: () => queryClient.setQueryData<Template[]>(queryKey, (all) => all?.filter((one) => one.id !== template.id)),
      show: () => void queryClient.invalidateQueries({ queryKey: templateKeys.all }),
      run: () => deleteTemplate(template.id),
    });
  };
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-3 last:border-0">
      <span className="min-w-48 flex-1">
        <span className="flex flex-wrap items-center gap-2"><bdi className="font-medium">{template.name}</bdi><Pill tone={template.origin === "own" ? "jean" : "plain"}>{t(template.origin === "built-in" ? "origin.built-in" : template.origin === "own" ? "origin.own" : "origin.shared")}</Pill>{template.origin === "own" && template.shared && <Pill>{t("page.share")}</Pill>}</span>
        <span dir="auto" className="block text-sm text-ink-2">{template.about}</span>
      </span>
      <span className="flex items-center">
        <Button onClick={onUse} aria-label={`${t("page.use")}: ${template.name}`}>{t("page.use")}</Button>
        {template.canEdit
          ? (
            <>
              <IconButton label={`${common("action.edit")}: ${template.name}`} onClick={() => onEdit(false)}><Pencil className="size-4" aria-hidden="true" /></IconButton>
              <IconButton label={`${common("action.delete")}: ${template.name}`} onClick={remove}><Trash2 className="size-4" aria-hidden="true" /></IconButton>
            </>
          )
          : <IconButton label={`${t("page.copy")}: ${template.name}`} onClick={() => onEdit(true)}><Copy className="size-4" aria-hidden="true" /></IconButton>}
      </span>
    </li>
  );
}
