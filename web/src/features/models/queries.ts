import { queryOptions } from "@tanstack/react-query";
import { api } from "@/shared/api/client";
import type { LocalCatalogue, LocalModel, LocalSpeed, ModelPull, Page, SpeechLibrary } from "@/shared/api/types";

const root = "/api/models";
export const localKeys = { all: ["models"] as const };

/** A pull that is under way changes every moment; a model only when somebody does something with it, or it is asked. */
const pullsEvery = 1_000;
const modelsEvery = 5_000;

export const isUnderway = (pull: ModelPull): boolean => pull.state === "waiting" || pull.state === "running";

export const catalogueQuery = queryOptions({
  queryKey: [...localKeys.all, "catalogue"],
  queryFn: ({ signal }) => api.get<LocalCatalogue>(`${root}/catalogue`, { signal }),
});

export const localModelsQuery = queryOptions({
  queryKey: [...localKeys.all, "installed"],
  queryFn: ({ signal }) => api.get<Page<LocalModel>>(`${root}/`, { signal }),
  refetchInterval: modelsEvery,
});

export const pullsQuery = queryOptions({
  queryKey: [...localKeys.all, "pulls"],
  queryFn: ({ signal }) => api.get<Page<ModelPull>>(`${root}/pulls`, { signal, query: { limit: 20 } }),
  refetchInterval: ({ state }) => (state.data?.items.some(isUnderway) ? pullsEvery : false),
});

export const speechModelsQuery = queryOptions({
  queryKey: [...localKeys.all, "speech"],
  queryFn: ({ signal }) => api.get<SpeechLibrary>(`${root}/speech`, { signal }),
});

export const verifySpeech = (name: string) => api.post<{ whole: boolean }>(`${root}/speech/${name}/verify`);
export const removeSpeech = (name: string) => api.delete(`${root}/speech/${name}`);
export const startPull = (request: { source: string; name: string | null }) => api.post<ModelPull>(`${root}/pulls`, { ...request, acceptLicence: true });
export const resumePull = (id: string) => api.post<ModelPull>(`${root}/pulls/${id}/resume`);
export const cancelPull = (id: string) => api.delete(`${root}/pulls/${id}`);
export const loadModel = (id: string) => api.post<LocalModel>(`${root}/${id}/load`);
export const unloadModel = (id: string) => api.post(`${root}/${id}/unload`);
export const testModel = (id: string) => api.post<LocalSpeed>(`${root}/${id}/test`);
export const verifyModel = (id: string) => api.post<{ whole: boolean }>(`${root}/${id}/verify`);
export const removeModel = (id: string) => api.delete(`${root}/${id}`);
