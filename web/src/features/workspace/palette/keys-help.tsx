import { useAllActions } from "@/shared/actions/actions";
import { Dialog } from "@/shared/ui/dialog";
import { Kbd } from "@/shared/ui/kbd";
import { useOverlays } from "../layout-store";
import { useT } from "../text";

/** Every key there is right now, read from the actions themselves. */
export default function KeysHelp() {
  const t = useT();
  const actions = useAllActions();
  const groups = new Map<string, { title: string; keys: string }[]>();
  for (const action of actions) {
    if (!action.keys) continue;
    const name = action.group?.() ?? t("palette.commands");
    groups.set(name, [...(groups.get(name) ?? []), { title: action.title(), keys: action.keys }]);
  }
  groups.get(t("keys.general"))?.push({ title: t("keys.layer"), keys: "escape" });
  return (
    <Dialog open onClose={() => useOverlays.setState({ keys: false })} title={t("keys.title")}>
      {[...groups].map(([name, rows]) => (
        <section key={name} className="mt-3">
          <h3 className="text-sm font-semibold text-ink-3">{name}</h3>
          <dl className="mt-1">
            {rows.map((row) => (
              <div key={row.title} className="flex min-h-10 items-center justify-between gap-4 border-b border-line last:border-0">
                <dt>{row.title}</dt>
                <dd><Kbd keys={row.keys} /></dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  );
}
