import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { MailCheck } from "lucide-react";
import { useState } from "react";
import { isApiError } from "@/shared/api/error";
import type { AskRequest } from "@/shared/api/types";
import { useLocale } from "@/shared/i18n/locale";
import { Button, buttonClass } from "@/shared/ui/button";
import { TextField } from "@/shared/ui/field";
import { ErrorNote, Note } from "@/shared/ui/states";
import { useT } from "./text";

/** Asks for a letter. What it says afterwards is the same whether or not somebody has the address, as the server's answer is. */
export function AskForm({ ask, submit, sent }: { ask: (request: AskRequest) => Promise<unknown>; submit: string; sent: string }) {
  const t = useT();
  const locale = useLocale();
  const [email, setEmail] = useState("");
  const send = useMutation({ mutationFn: () => ask({ email: email.trim(), locale }) });
  if (send.isSuccess)
    return (
      <div className="flex flex-col gap-5">
        <div role="status"><Note tone="ok" icon={MailCheck}>{sent}</Note></div>
        <Link to="/sign-in" className={buttonClass("quiet")}>{t("toSignIn")}</Link>
      </div>
    );
  const wrong = isApiError(send.error, "accounts.email_invalid") ? t("email.invalid") : isApiError(send.error) ? send.error.field("email") : undefined;
  return (
    <form className="flex flex-col gap-5" onSubmit={(e) => { e.preventDefault(); send.mutate(); }}>
      <TextField label={t("email")} type="email" name="email" dir="ltr" className="rtl:text-end" autoComplete="username" inputMode="email" required value={email} error={wrong} onChange={(e) => { setEmail(e.target.value); if (send.error) send.reset(); }} />
      {send.error && !wrong && (isApiError(send.error, "accounts.sign_up_closed") ? <div role="alert"><Note tone="bad">{t("signUp.closed")}</Note></div> : <ErrorNote error={send.error} />)}
      <Button type="submit" look="primary" busy={send.isPending}>{submit}</Button>
      <Link to="/sign-in" className={buttonClass("plain")}>{t("toSignIn")}</Link>
    </form>
  );
}
