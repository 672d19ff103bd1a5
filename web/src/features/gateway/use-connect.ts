import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { AddProviderRequest, CheckResult, Provider, UpdateProviderRequest } from "@/shared/api/types";
import { addProvider, checkProvider, discoveredQuery, gatewayKeys, providersQuery, setDefaultModel, updateProvider } from "./queries";

export interface Connected {
  provider: Provider;
  check: CheckResult;
}

/** Saves a provider and asks it at once whether it works. */
export function useConnect() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, ...request }: (AddProviderRequest & { id?: undefined }) | (UpdateProviderRequest & { id: string })): Promise<Connected> => {
      const provider = id === undefined ? await addProvider(request as AddProviderRequest) : await updateProvider(id, request as UpdateProviderRequest);
      return { provider, check: await checkProvider(provider.id) };
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: gatewayKeys.all }),
  });
}

/** One click on a server found on this machine: connected, checked, and its first model is the default if there was none. */
export function useConnectFound() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async ({ request, adopt }: { request: AddProviderRequest; adopt: boolean }): Promise<Connected> => {
      const provider = await addProvider(request);
      const check = await checkProvider(provider.id);
      const [first] = check.models;
      if (adopt && check.ok && first) await setDefaultModel(`${provider.slug}/${first}`);
      return { provider, check };
    },
    onSettled: async () => {
      await Promise.all([queryClient.invalidateQueries({ queryKey: gatewayKeys.models }), queryClient.invalidateQueries({ queryKey: providersQuery.queryKey }), queryClient.invalidateQueries({ queryKey: discoveredQuery.queryKey })]);
    },
  });
}
