import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { isApiError } from "@/shared/api/error";
import { useLocale } from "@/shared/i18n/locale";
import { beginSession } from "@/shared/session/session";
import { Button, buttonClass } from "@/shared/ui/button";
import { TextField } from "@/shared/ui/field";
import { ErrorNote, Note } from "@/shared/ui/states";
import { PasswordField, StrengthMeter } from "../password-field";
import { passwordStrength } from "../strength";
import { finishSignUp, resetPassword } from "./queries";
import { useT } from "./text";
import { BadLink, useToken } from "./token";

/** The last step of making an account: a name and a password. */
export function FinishSignUpForm({ onDone }: { onDone: () => void }) {
  const t = useT();
  const locale = useLocale();
  const token = useToken();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [checked, setChecked] = useState(false);
  const finish = useMutation({
    mutationFn: async () => beginSession(await finishSignUp({ token, displayName: name.trim(), password, locale })),
    onSuccess: onDone,
  });
  const server = isApiError(finish.error) ? finish.error : null;
  if (!token || server?.code === "accounts.link_invalid") return <BadLink again="/sign-up" />;
  const { missing } = passwordStrength(password, [name]);
  const nameError = checked && !name.trim() ? t("required") : server?.field("displayName");
  const passwordError = checked && missing > 0 ? t("password.short", { count: missing }) : server?.code === "accounts.password_breached" ? t("password.breached") : server?.field("password");
  return (
    <form
      noValidate className="flex flex-col gap-5"
      onSubmit={(e) => {
        e.preventDefault();
        setChecked(true);
        if (name.trim() && missing === 0) finish.mutate();
        else e.currentTarget.querySelector<HTMLElement>(name.trim() ? "[name=password]" : "[name=displayName]")?.focus();
      }}
    >
      <TextField label={t("name")} hint={t("name.hint")} name="displayName" autoComplete="name" dir="auto" value={name} error={nameError} onChange={(e) => setName(e.target.value)} />
      <PasswordField label={t("password")} autoComplete="new-password" value={password} onChange={setPassword} error={passwordError} hint={<StrengthMeter password={password} known={[name]} />} />
      {server && !nameError && !passwordError && <ErrorNote error={server} />}
      <Button type="submit" look="primary" busy={finish.isPending}>{t("signUp.finish.submit")}</Button>
    </form>
  );
}

/** A new password in place of a forgotten one. It does not sign in: the person then shows that they know it. */
export function ResetForm() {
  const t = useT();
  const token = useToken();
  const [password, setPassword] = useState("");
  const [checked, setChecked] = useState(false);
  const reset = useMutation({ mutationFn: () => resetPassword({ token, password }) });
  const server = isApiError(reset.error) ? reset.error : null;
  if (reset.isSuccess)
    return (
      <div className="flex flex-col gap-5">
        <div role="status"><Note tone="ok">{t("reset.done")}</Note></div>
        <Link to="/sign-in" className={buttonClass("primary")}>{t("toSignIn")}</Link>
      </div>
    );
  if (!token || server?.code === "accounts.link_invalid") return <BadLink again="/forgot" />;
  const { missing } = passwordStrength(password);
  const error = checked && missing > 0 ? t("password.short", { count: missing }) : server?.code === "accounts.password_breached" ? t("password.breached") : server?.field("password");
  return (
    <form noValidate className="flex flex-col gap-5" onSubmit={(e) => { e.preventDefault(); setChecked(true); if (missing === 0) reset.mutate(); }}>
      <PasswordField label={t("password.new")} autoComplete="new-password" value={password} onChange={setPassword} error={error} hint={<StrengthMeter password={password} known={[]} />} />
      {reset.error && !error && <ErrorNote error={reset.error} />}
      <Button type="submit" look="primary" busy={reset.isPending}>{t("reset.submit")}</Button>
    </form>
  );
}
