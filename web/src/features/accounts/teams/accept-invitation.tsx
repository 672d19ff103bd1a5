import { useMutation, useQuery } from "@tanstack/react-query";
import type { Invitation, SignUpMode, User } from "@/shared/api/types";
import { isApiError } from "@/shared/api/error";
import { formatDate } from "@/shared/i18n/format";
import { useLocale } from "@/shared/i18n/locale";
import { signOut } from "@/shared/session/sign-out";
import { Button } from "@/shared/ui/button";
import { ErrorNote, Note, Skeleton } from "@/shared/ui/states";
import { FinishSignUpForm } from "../by-letter/new-password-forms";
import { settingsQuery } from "../by-letter/queries";
import { useToken } from "../by-letter/token";
import { SignInForm } from "../sign-in";
import { acceptInvitation, invitationQuery } from "./queries";
import { useT } from "./text";

/** What an invitation is for, and how to follow it: at once, after signing in, or with a new account. */
export function AcceptInvitation({ user, onJoined }: { user: User | null; onJoined: (team: string | null) => void }) {
  const t = useT();
  const token = useToken();
  const found = useQuery({ ...invitationQuery(token), enabled: token !== "" });
  const settings = useQuery(settingsQuery);
  if (!token || isApiError(found.error, "accounts.link_invalid")) return <div role="alert"><Note tone="bad">{t("accept.bad")}</Note></div>;
  if (found.error) return <ErrorNote error={found.error} retry={() => void found.refetch()} />;
  if (!found.data || !settings.data) return <Skeleton rows={4} />;
  return (
    <div className="flex flex-col gap-5">
      <About invitation={found.data} />
      <Next invitation={found.data} user={user} signUp={settings.data.signUp} token={token} onJoined={onJoined} />
    </div>
  );
}

function About({ invitation }: { invitation: Invitation }) {
  const t = useT();
  const locale = useLocale();
  return (
    <div className="rounded-lg border border-line bg-surface-1 p-4">
      <p className="text-lg font-semibold [overflow-wrap:anywhere]"><bdi>{invitation.teamName}</bdi></p>
      <p className="text-ink-2">{t(invitation.role === "admin" ? "accept.admin" : "accept.member")}</p>
      <p className="mt-2 text-sm text-ink-2">{t("accept.as", { email: `\u2066${invitation.email}\u2069` })} {t("accept.until", { date: formatDate(invitation.expiresAt, locale) })}</p>
    </div>
  );
}

function Next({ invitation, user, signUp, token, onJoined }: { invitation: Invitation; user: User | null; signUp: SignUpMode; token: string; onJoined: (team: string | null) => void }) {
  const t = useT();
  const join = useMutation({ mutationFn: () => acceptInvitation(token), onSuccess: ({ teamId }) => onJoined(teamId) });
  const leave = useMutation({ mutationFn: signOut });
  if (user && !isApiError(join.error, "accounts.invitation_other"))
    return (
      <>
        {join.error && <ErrorNote error={join.error} />}
        <Button look="primary" busy={join.isPending} onClick={() => join.mutate()}>{t("accept.join")}</Button>
      </>
    );
  if (user)
    return (
      <>
        <div role="alert"><Note tone="warn">{t("accept.other", { email: `\u2066${user.email}\u2069` })}</Note></div>
        <Button busy={leave.isPending} onClick={() => leave.mutate()}>{t("accept.other.do")}</Button>
      </>
    );
  // Here, and not on the page for it: the token then stays in the fragment, which is sent to nobody.
  if (invitation.hasAccount)
    return (
      <>
        <p>{t("accept.signIn.text")}</p>
        <SignInForm onDone={() => undefined} />
      </>
    );
  if (signUp === "closed") return <Note tone="warn">{t("accept.closed")}</Note>;
  return (
    <>
      <p>{t("accept.signUp")}</p>
      <FinishSignUpForm onDone={() => onJoined(null)} />
    </>
  );
}
