import { useMutation } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { isApiError } from "@/shared/api/error";
import { Button } from "@/shared/ui/button";
import { TextField } from "@/shared/ui/field";
import { ErrorNote, Note } from "@/shared/ui/states";
import { PasswordField } from "./password-field";
import { signIn } from "./queries";
import { useT } from "./text";
import { useSecondStep } from "./two-factor/use-second-step";

/** Address and password, and the other ways in below them. */
export function SignInForm({ onDone, others }: { onDone: () => void; others?: ReactNode }) {
  const t = useT();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const { enter: begin, step } = useSecondStep({ onDone, onAgain: () => setPassword("") });
  const enter = useMutation({ mutationFn: async () => begin(await signIn({ email: email.trim(), password })) });
  if (step) return step;
  const wrong = isApiError(enter.error, "accounts.credentials_wrong");
  return (
    <>
      <form className="flex flex-col gap-5" onSubmit={(e) => { e.preventDefault(); enter.mutate(); }}>
        <TextField label={t("field.email")} type="email" name="email" dir="ltr" className="rtl:text-end" autoComplete="username webauthn" inputMode="email" required value={email} onChange={(e) => setEmail(e.target.value)} />
        <PasswordField label={t("field.password")} autoComplete="current-password" value={password} onChange={setPassword} />
        {enter.error && (wrong ? <div role="alert"><Note tone="bad">{t("signIn.wrong")}</Note></div> : <ErrorNote error={enter.error} />)}
        <Button type="submit" look="primary" busy={enter.isPending}>{t("signIn.submit")}</Button>
      </form>
      {others}
    </>
  );
}
