import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { isApiError } from "@/shared/api/error";
import { useLocale } from "@/shared/i18n/locale";
import { beginSession } from "@/shared/session/session";
import { Button } from "@/shared/ui/button";
import { TextField } from "@/shared/ui/field";
import { ErrorNote } from "@/shared/ui/states";
import { PasswordField, StrengthMeter } from "./password-field";
import { createOwner } from "./queries";
import { passwordStrength } from "./strength";
import { useT } from "./text";

/** First start: the person who can read the terminal becomes the owner. */
export function SetupForm({ onDone }: { onDone: () => void }) {
  const t = useT();
  const locale = useLocale();
  const [form, setForm] = useState({ code: "", displayName: "", email: "", password: "" });
  const [checked, setChecked] = useState(false);
  const create = useMutation({
    mutationFn: async () => beginSession(await createOwner({ code: form.code.trim(), displayName: form.displayName.trim(), email: form.email.trim(), password: form.password, locale })),
    onSuccess: onDone,
  });

  const server = isApiError(create.error) ? create.error : null;
  const strength = passwordStrength(form.password, [form.email, form.displayName]);
  const own: Record<keyof typeof form, string | undefined> = {
    code: form.code.trim() ? undefined : t("required"),
    displayName: form.displayName.trim() ? undefined : t("required"),
    email: !form.email.trim() ? t("required") : /^\S+@\S+$/.test(form.email.trim()) ? undefined : t("email.invalid"),
    password: !form.password ? t("required") : strength.missing > 0 ? t("strength.short", { count: strength.missing }) : undefined,
  };
  const error = (name: keyof typeof form): string | undefined => (checked ? own[name] : undefined) ?? (name === "password" && server?.code === "accounts.password_breached" ? t("password.breached") : server?.field(name));
  const bind = (name: keyof typeof form) => ({
    value: form[name],
    error: error(name),
    onChange: (e: { target: { value: string } }) => { setForm({ ...form, [name]: e.target.value }); if (server) create.reset(); },
  });
  const shownAtField = server && (server.code === "accounts.setup_code_wrong" || Object.keys(form).some((name) => server.field(name)));

  return (
    <form
      noValidate className="flex flex-col gap-5"
      onSubmit={(e) => {
        e.preventDefault();
        setChecked(true);
        const first = (Object.keys(own) as (keyof typeof form)[]).find((name) => own[name]);
        if (first) e.currentTarget.querySelector<HTMLElement>(`[name=${first}]`)?.focus();
        else create.mutate();
      }}
    >
      <TextField label={t("field.code")} hint={t("field.code.hint")} name="code" dir="ltr" className="font-mono tracking-widest rtl:text-end" autoComplete="one-time-code" autoCapitalize="characters" spellCheck={false} {...bind("code")} error={server?.code === "accounts.setup_code_wrong" ? t("setup.codeWrong") : error("code")} />
      <TextField label={t("field.name")} hint={t("field.name.hint")} name="displayName" autoComplete="name" dir="auto" {...bind("displayName")} />
      <TextField label={t("field.email")} type="email" name="email" inputMode="email" dir="ltr" className="rtl:text-end" autoComplete="username" {...bind("email")} />
      <PasswordField
        label={t("field.password")} autoComplete="new-password" value={form.password} onChange={(password) => { setForm({ ...form, password }); if (server) create.reset(); }}
        error={error("password")} hint={<StrengthMeter password={form.password} known={[form.email, form.displayName]} />}
      />
      {server && !shownAtField && <ErrorNote error={server} />}
      <Button type="submit" look="primary" busy={create.isPending}>{t("setup.submit")}</Button>
    </form>
  );
}
