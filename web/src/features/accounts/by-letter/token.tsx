import { useMutation } from "@tanstack/react-query";
import { Link, useRouterState } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { isApiError } from "@/shared/api/error";
import { Button, buttonClass } from "@/shared/ui/button";
import { ErrorNote, Note } from "@/shared/ui/states";
import { useT } from "./text";

/** The token of a letter: it stands in the fragment, which browsers send to nobody. */
export const useToken = (): string => useRouterState({ select: (s) => s.location.hash });

/** What is said of a link that is used, old or cut short. */
export function BadLink({ again }: { again?: "/forgot" | "/sign-in/magic" | "/sign-up" }) {
  const t = useT();
  return (
    <div className="flex flex-col gap-5">
      <div role="alert"><Note tone="bad">{t("link.bad")}</Note></div>
      <Link to={again ?? "/sign-in"} className={buttonClass("primary")}>{t(again ? "link.again" : "toSignIn")}</Link>
    </div>
  );
}

/** Uses a token when the person says so, and not before: mail programs open links by themselves. */
export function TokenButton<Result>({ redeem, label, again, done, onDone }: {
  redeem: (token: string) => Promise<Result>;
  label: string;
  again?: "/sign-in/magic";
  done?: (result: Result) => ReactNode;
  onDone?: (result: Result) => void;
}) {
  const token = useToken();
  const press = useMutation({ mutationFn: () => redeem(token), onSuccess: (result) => onDone?.(result) });
  if (!token || isApiError(press.error, "accounts.link_invalid")) return <BadLink {...(again ? { again } : {})} />;
  if (press.isSuccess && done) return <div className="flex flex-col gap-5">{done(press.data)}</div>;
  return (
    <div className="flex flex-col gap-5">
      {press.error && <ErrorNote error={press.error} />}
      <Button look="primary" busy={press.isPending} onClick={() => press.mutate()}>{label}</Button>
    </div>
  );
}
