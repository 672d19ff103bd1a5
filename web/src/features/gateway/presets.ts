/** How a provider's API speaks. */
export const providerKinds = ["openai", "anthropic", "gemini"] as const;
export type ProviderKind = (typeof providerKinds)[number];

export interface Preset {
  id: string;
  name: string;
  kind: ProviderKind;
  baseUrl: string;
  local: boolean;
  /** Where the person gets a key. */
  keyUrl?: string;
}

/** Well-known providers, with the address each documents. */
export const presets: readonly Preset[] = [
  { id: "openai", name: "OpenAI", kind: "openai", baseUrl: "https://api.openai.com/v1", local: false, keyUrl: "https://platform.openai.com/api-keys" },
  { id: "anthropic", name: "Anthropic", kind: "anthropic", baseUrl: "https://api.anthropic.com/v1", local: false, keyUrl: "https://console.anthropic.com/settings/keys" },
  { id: "gemini", name: "Gemini", kind: "gemini", baseUrl: "https://generativelanguage.googleapis.com/v1beta", local: false, keyUrl: "https://aistudio.google.com/apikey" },
  { id: "openrouter", name: "OpenRouter", kind: "openai", baseUrl: "https://openrouter.ai/api/v1", local: false, keyUrl: "https://openrouter.ai/keys" },
  { id: "deepseek", name: "DeepSeek", kind: "openai", baseUrl: "https://api.deepseek.com/v1", local: false, keyUrl: "https://platform.deepseek.com/api_keys" },
  { id: "groq", name: "Groq", kind: "openai", baseUrl: "https://api.groq.com/openai/v1", local: false, keyUrl: "https://console.groq.com/keys" },
  { id: "mistral", name: "Mistral", kind: "openai", baseUrl: "https://api.mistral.ai/v1", local: false, keyUrl: "https://console.mistral.ai/api-keys" },
  { id: "xai", name: "xAI", kind: "openai", baseUrl: "https://api.x.ai/v1", local: false, keyUrl: "https://console.x.ai" },
  { id: "dashscope", name: "DashScope / Qwen", kind: "openai", baseUrl: "https://dashscope-intl.aliyuncs.com/compatible-mode/v1", local: false, keyUrl: "https://bailian.console.alibabacloud.com/?tab=model#/api-key" },
  { id: "ollama", name: "Ollama", kind: "openai", baseUrl: "http://127.0.0.1:11434/v1", local: true },
  { id: "lm-studio", name: "LM Studio", kind: "openai", baseUrl: "http://127.0.0.1:1234/v1", local: true },
  { id: "vllm", name: "vLLM", kind: "openai", baseUrl: "http://127.0.0.1:8000/v1", local: true },
  { id: "llama-cpp", name: "llama.cpp", kind: "openai", baseUrl: "http://127.0.0.1:8080/v1", local: true },
];

export type Destination = { kind: "local" | "network" | "away"; host: string };

/** Where requests to this address end up, as far as the address tells; null if it is not one. */
export function destinationOf(baseUrl: string): Destination | null {
  if (!/^https?:\/\//i.test(baseUrl.trim()) || !URL.canParse(baseUrl.trim())) return null;
  const host = new URL(baseUrl.trim()).hostname;
  if (host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127\./.test(host)) return { kind: "local", host };
  if (/^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/.test(host) || /^\[f[cd]/.test(host) || /\.(local|lan|internal|home\.arpa)$/.test(host) || !/[.:]/.test(host)) return { kind: "network", host };
  return { kind: "away", host };
}

/** A name that no provider has yet: "Ollama", then "Ollama 2". */
export function freeName(wanted: string, taken: readonly string[]): string {
  const used = new Set(taken.map((name) => name.toLowerCase()));
  for (let n = 1; ; n++) {
    const name = n === 1 ? wanted : `${wanted} ${n}`;
    if (!used.has(name.toLowerCase())) return name;
  }
}
