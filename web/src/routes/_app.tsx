import { hashKey } from "@tanstack/react-query";
import { createFileRoute, Outlet, redirect, useRouter } from "@tanstack/react-router";
import { lazy, Suspense, useEffect } from "react";
import { setupQuery } from "@/features/accounts/queries";
import { Shell } from "@/features/workspace/shell";
import { text } from "@/features/workspace/text";
import { onSignedOut } from "@/shared/api/client";
import { onReturn, subscribe } from "@/shared/live/live";
import { useProofQuestion } from "@/shared/session/proof";
import { endSession, onOtherTab, sessionQuery } from "@/shared/session/session";
import { whenIdle } from "@/shared/theme/idle";
import { Skeleton } from "@/shared/ui/states";
import { paletteSources } from "./-palette-sources";
import { liveListeners, parts } from "./-parts";
import { Face } from "./-jean";
import { Portrait } from "./-portrait";

const StepUpDialog = lazy(() => import("@/features/accounts/two-factor/step-up-dialog"));
const ActingBanner = lazy(() => import("@/features/accounts/people/acting-banner").then((m) => ({ default: m.ActingBanner })));
const DeletionBanner = lazy(() => import("@/features/accounts/deletion/deletion-banner").then((m) => ({ default: m.DeletionBanner })));
const sessionHash = hashKey(sessionQuery.queryKey);

export const Route = createFileRoute("/_app")({
  beforeLoad: async ({ context: { queryClient }, location }) => {
    // The words travel while the server says who this is.
    for (const words of [text, ...parts]) void words.load();
    const session = await queryClient.query({ ...sessionQuery, staleTime: "static" });
    if (session) return { session };
    const { ownerExists } = await queryClient.query({ ...setupQuery, staleTime: "static" });
    if (!ownerExists) throw redirect({ to: "/setup" });
    throw redirect({ to: "/sign-in", search: location.href === "/" ? {} : { return: location.href } });
  },
  loader: () => Promise.all([text.load(), ...parts.map((part) => part.load())]),
  component: App,
  pendingComponent: () => <Skeleton className="p-8" />,
});

function App() {
  useSessionEnd();
  useLiveNews();
  const asksForProof = useProofQuestion((s) => s.question !== null);
  const { session } = Route.useRouteContext();
  return (
    <>
      <Shell parts={parts} sources={paletteSources} face={<Face />} portrait={<Portrait />} banner={(session.impersonation ?? session.deletionAt) && (
        <Suspense fallback={null}>
          {session.impersonation && <ActingBanner session={session} />}
          {session.deletionAt && !session.impersonation && <DeletionBanner at={session.deletionAt} />}
        </Suspense>
      )}>
        <Outlet />
      </Shell>
      <Suspense fallback={null}>{asksForProof && <StepUpDialog />}</Suspense>
    </>
  );
}

/** When the session ends, here or in another tab, the guard runs again and leads to the sign-in page. */
function useSessionEnd(): void {
  const router = useRouter();
  const { queryClient } = Route.useRouteContext();
  useEffect(() => {
    const stopApi = onSignedOut(() => endSession());
    const stopTabs = onOtherTab((said) => {
      if (said === "signed-out") endSession(false);
      else void queryClient.invalidateQueries();
    });
    const stopCache = queryClient.getQueryCache().subscribe((event) => {
      if (event.type === "updated" && event.query.queryHash === sessionHash && event.query.state.data === null) void router.invalidate();
    });
    return () => {
      stopApi();
      stopTabs();
      stopCache();
    };
  }, [router, queryClient]);
}

/** What happens on the server shows here at once: the caches it touches are refreshed. */
function useLiveNews(): void {
  const { queryClient, session } = Route.useRouteContext();
  const topic = `user:${session.user.id}`;
  useEffect(() => {
    // The live connection can wait until the page is there.
    let stopTopic: (() => void) | undefined;
    const stopWaiting = whenIdle(() => {
      stopTopic = subscribe(topic, (name, data) => {
        for (const listen of liveListeners) listen(queryClient, name, data);
      });
    });
    // What was missed while the connection was away is fetched again.
    const stopReturn = onReturn(() => void queryClient.invalidateQueries());
    return () => {
      stopWaiting();
      stopTopic?.();
      stopReturn();
    };
  }, [queryClient, topic]);
}
