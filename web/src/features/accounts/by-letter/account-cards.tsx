import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Mails } from "lucide-react";
import { useState } from "react";
import { isApiError } from "@/shared/api/error";
import type { User } from "@/shared/api/types";
import { Button, buttonClass } from "@/shared/ui/button";
import { TextField } from "@/shared/ui/field";
import { Card } from "@/shared/ui/page";
import { ErrorNote, Note, Skeleton } from "@/shared/ui/states";
import { PasswordField, StrengthMeter } from "../password-field";
import { sessionsQuery } from "../queries";
import { passwordStrength } from "../strength";
import { askVerification, changeEmail, changePassword, emailQuery } from "./queries";
import { useT } from "./text";

/** What a person changes about how they come in. */
export function AccountCards({ user }: { user: User }) {
  const t = useT();
  return (
    <>
      <EmailCard />
      <PasswordCard user={user} />
      {user.role === "owner" && (
        <Card title={t("outbox.title")} text={t("outbox.text")}>
          <Link to="/settings/account/outbox" className={buttonClass("quiet", "max-sm:w-full")}><Mails className="size-4" aria-hidden="true" />{t("outbox.open")}</Link>
        </Card>
      )}
    </>
  );
}

function EmailCard() {
  const t = useT();
  const queryClient = useQueryClient();
  const state = useQuery(emailQuery);
  const [open, setOpen] = useState(false);
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const renew = () => queryClient.invalidateQueries(emailQuery);
  const verify = useMutation({ mutationFn: askVerification });
  const change = useMutation({
    mutationFn: () => changeEmail({ email: email.trim(), password }),
    onSuccess: () => { setOpen(false); setEmail(""); setPassword(""); return renew(); },
  });
  const server = isApiError(change.error) ? change.error : null;
  const own = server?.code === "accounts.email_invalid" ? t("email.invalid") : server?.code === "accounts.email_same" ? t("email.same") : server?.field("email");
  const wrong = server?.code === "accounts.password_wrong" ? t("password.wrong") : server?.field("password");
  if (!state.data) return <Card title={t("email")}>{state.error ? <ErrorNote error={state.error} retry={() => void state.refetch()} /> : <Skeleton rows={2} />}</Card>;
  return (
    <Card title={t("email")} aside={!open && <Button look="plain" onClick={() => setOpen(true)}>{t("email.change")}</Button>}>
      <div className="flex flex-col gap-4">
        <p><bdi dir="ltr">{state.data.email}</bdi></p>
        {state.data.changingTo && <Note tone="plain">{t("email.changing", { email: `\u2066${state.data.changingTo}\u2069` })}</Note>}
        {!state.data.verifiedAt && (
          verify.isSuccess
            ? <div role="status"><Note tone="ok">{t("verify.sent")}</Note></div>
            : <div className="flex flex-wrap items-center gap-x-4 gap-y-2"><span className="min-w-48 flex-1 text-ink-2">{t("verify.missing")}</span><Button busy={verify.isPending} onClick={() => verify.mutate()}>{t("verify.send")}</Button></div>
        )}
        {verify.error && <ErrorNote error={verify.error} />}
        {open && (
          <form className="flex flex-col gap-4" onSubmit={(e) => { e.preventDefault(); change.mutate(); }}>
            <TextField label={t("email.new")} hint={t("email.new.hint")} type="email" name="email" dir="ltr" className="rtl:text-end" autoComplete="email" inputMode="email" required value={email} error={own} onChange={(e) => setEmail(e.target.value)} />
            <PasswordField label={t("password.current")} autoComplete="current-password" value={password} onChange={setPassword} error={wrong} />
            {change.error && !own && !wrong && <ErrorNote error={change.error} />}
            <div className="flex flex-wrap gap-2">
              <Button type="submit" look="primary" busy={change.isPending}>{t("email.change.submit")}</Button>
              <Button look="plain" onClick={() => { setOpen(false); change.reset(); }}>{t("cancel")}</Button>
            </div>
          </form>
        )}
      </div>
    </Card>
  );
}

function PasswordCard({ user }: { user: User }) {
  const t = useT();
  const queryClient = useQueryClient();
  const [open, setOpen] = useState(false);
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const [checked, setChecked] = useState(false);
  const known = [user.email, user.displayName];
  const { missing } = passwordStrength(password, known);
  const change = useMutation({
    mutationFn: () => changePassword({ current, password }),
    onSuccess: () => {
      setOpen(false); setCurrent(""); setPassword(""); setChecked(false);
      return queryClient.invalidateQueries(sessionsQuery);
    },
  });
  const server = isApiError(change.error) ? change.error : null;
  const wrong = server?.code === "accounts.password_wrong" ? t("password.wrong") : server?.field("current");
  const weak = checked && missing > 0 ? t("password.short", { count: missing }) : server?.code === "accounts.password_breached" ? t("password.breached") : server?.field("password");
  return (
    <Card title={t("password")} aside={!open && <Button look="plain" onClick={() => { change.reset(); setOpen(true); }}>{t("password.change")}</Button>}>
      {open ? (
        <form noValidate className="flex flex-col gap-4" onSubmit={(e) => { e.preventDefault(); setChecked(true); if (missing === 0 && current) change.mutate(); }}>
          <PasswordField label={t("password.current")} autoComplete="current-password" value={current} onChange={setCurrent} error={checked && !current ? t("required") : wrong} />
          <PasswordField label={t("password.new")} autoComplete="new-password" value={password} onChange={setPassword} error={weak} hint={<StrengthMeter password={password} known={known} />} />
          {change.error && !wrong && !weak && <ErrorNote error={change.error} />}
          <div className="flex flex-wrap gap-2">
            <Button type="submit" look="primary" busy={change.isPending}>{t("password.change.submit")}</Button>
            <Button look="plain" onClick={() => { setOpen(false); setChecked(false); change.reset(); }}>{t("cancel")}</Button>
          </div>
        </form>
      ) : change.isSuccess ? <div role="status"><Note tone="ok">{t("password.changed")}</Note></div> : <p className="text-ink-2">{t("password.text")}</p>}
    </Card>
  );
}
