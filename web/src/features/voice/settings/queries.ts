import { queryOptions } from "@tanstack/react-query";
import { api } from "@/shared/api/client";
import type { PerformanceRequest, SpokenPerformance, Voice, VoiceStatus } from "@/shared/api/types";

export const voiceKeys = {
  voices: ["voice", "voices"] as const,
  status: ["voice", "status"] as const,
};

export const voicesQuery = queryOptions({
  queryKey: voiceKeys.voices,
  queryFn: async ({ signal }) => (await api.get<{ items: Voice[] }>("/api/voice/voices", { signal })).items,
  staleTime: 10 * 60_000,
});

export const voiceStatusQuery = queryOptions({
  queryKey: voiceKeys.status,
  queryFn: ({ signal }) => api.get<VoiceStatus>("/api/voice/status", { signal }),
});

export const perform = (request: PerformanceRequest, signal?: AbortSignal) => api.post<SpokenPerformance>("/api/voice/performances", request, { signal });
