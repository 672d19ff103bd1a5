import { createRootRouteWithContext, Outlet } from "@tanstack/react-router";
import type { QueryClient } from "@tanstack/react-query";
import { commonText } from "@/shared/i18n/common";
import { NotFoundPage, RouteError } from "./-errors";

export const Route = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  loader: () => commonText.load(),
  component: Outlet,
  errorComponent: RouteError,
  notFoundComponent: NotFoundPage,
});
