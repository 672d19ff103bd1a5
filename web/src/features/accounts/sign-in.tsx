import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { isApiError } from "@/shared/api/error";
import { beginSession } from "@/shared/session/session";
import { Button } from "@/shared/ui/button";
import { TextField } from "@/shared/ui/field";
import { ErrorNote, Note } from "@/shared/ui/states";
import { PasswordField } from "./password-field";
import { signIn } from "./queries";
import { useT } from "./text";

export function SignInForm({ onDone }: { onDone: () => void }) {
  const t = useT();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const enter = useMutation({
    mutationFn: async () => beginSession(await signIn({ email: email.trim(), password })),
    onSuccess: onDone,
  });
  const wrong = isApiError(enter.error, "accounts.credentials_wrong");
  return (
    <form className="flex flex-col gap-5" onSubmit={(e) => { e.preventDefault(); enter.mutate(); }}>
      <TextField label={t("field.email")} type="email" name="email" dir="ltr" className="rtl:text-end" autoComplete="username" inputMode="email" required value={email} onChange={(e) => setEmail(e.target.value)} />
      <PasswordField label={t("field.password")} autoComplete="current-password" value={password} onChange={setPassword} />
      {enter.error && (wrong ? <div role="alert"><Note tone="bad">{t("signIn.wrong")}</Note></div> : <ErrorNote error={enter.error} />)}
      <Button type="submit" look="primary" busy={enter.isPending}>{t("signIn.submit")}</Button>
    </form>
  );
}
