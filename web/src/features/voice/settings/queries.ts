import { queryOptions } from "@tanstack/react-query";
import { api, upload } from "@/shared/api/client";
import type { LocalSpeech, Model, PerformanceRequest, SpokenPerformance, Transcription, Voice, VoiceStatus } from "@/shared/api/types";

export const voiceKeys = {
  voices: ["voice", "voices"] as const,
  status: ["voice", "status"] as const,
  local: ["voice", "local"] as const,
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

/** Speech models of the server. */
export const localSpeechQuery = queryOptions({
  queryKey: voiceKeys.local,
  queryFn: ({ signal }) => api.get<LocalSpeech>("/api/voice/local", { signal }),
});

/** Shares its key with the gateway's own list. */
export const connectedModelsQuery = queryOptions({
  queryKey: ["gateway", "models"] as const,
  queryFn: async ({ signal }) => (await api.get<{ items: Model[] }>("/api/gateway/models", { signal })).items,
});

export const transcribe = (recogniser: string, denoise: boolean, samples: ArrayBuffer, signal: AbortSignal) =>
  upload<Transcription>("/api/voice/transcriptions", new Blob([samples]), { query: { recogniser, denoise }, signal });

export const perform = (request: PerformanceRequest, signal?: AbortSignal) => api.post<SpokenPerformance>("/api/voice/performances", request, { signal });
