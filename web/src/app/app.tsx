import { QueryClientProvider } from "@tanstack/react-query";
import { createRouter, RouterProvider } from "@tanstack/react-router";
import { StrictMode, startTransition } from "react";
import { createRoot } from "react-dom/client";
import { NotFoundPage, RouteError } from "@/routes/-errors";
import { routeTree } from "@/routeTree.gen";
import { queryClient } from "@/shared/api/query-client";
import { Skeleton } from "@/shared/ui/states";

const newRouter = () => createRouter({
  routeTree,
  context: { queryClient },
  defaultPreload: "intent",
  // The query cache decides what is fresh, not the router.
  defaultPreloadStaleTime: 0,
  defaultPendingMs: 150,
  defaultErrorComponent: RouteError,
  defaultNotFoundComponent: NotFoundPage,
  defaultPendingComponent: () => <Skeleton className="p-8" />,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof newRouter>;
  }
}

/**
 * Shows the page that was asked for. What stands in the container stays until the page can come whole, and a transition is rendered in
 * small steps that leave the browser free in between.
 */
export async function start(container: HTMLElement): Promise<void> {
  const router = newRouter();
  // A page that fails to load is rendered as one that failed.
  await router.load().catch(() => undefined);
  startTransition(() => createRoot(container).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  ));
}
