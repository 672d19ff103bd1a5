// The shapes the server speaks. Written by hand until they come from its OpenAPI document; nothing else declares them.

export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

/** RFC 9457, with our stable `code`. */
export interface Problem {
  type?: string;
  title: string;
  status: number;
  detail?: string | null;
  code: string;
  traceId?: string;
  /** Field → messages, on 400. */
  errors?: Record<string, string[]>;
}

// Accounts
export interface SetupState {
  ownerExists: boolean;
}
export interface User {
  id: string;
  email: string;
  displayName: string;
  role: string;
  createdAt: string;
}
export interface Preferences {
  locale: "en" | "ar" | "vi" | "ru" | null;
  theme: "system" | "light" | "dark";
  density: "comfortable" | "compact";
  speakReplies: boolean;
  voiceId: string | null;
  /** 0.5 to 2. */
  speechRate: number;
  showAvatar: boolean;
  skillsFirst: boolean;
  timeZone: string | null;
}
export interface Session {
  user: User;
  preferences: Preferences;
  csrfToken: string;
  sessionId: string;
  expiresAt: string;
}
export interface SessionInfo {
  id: string;
  createdAt: string;
  lastSeenAt: string;
  userAgent: string | null;
  address: string | null;
  current: boolean;
}
export interface SetupRequest {
  code: string;
  email: string;
  displayName: string;
  password: string;
  locale: string;
}
export interface SignInRequest {
  email: string;
  password: string;
}

// Gateway
export interface ProviderCheck {
  at: string;
  ok: boolean;
  latencyMs: number | null;
  detail: string | null;
  modelCount: number | null;
}
export interface Provider {
  id: string;
  name: string;
  slug: string;
  baseUrl: string;
  /** The last characters of the key, to recognise it by. */
  keyHint: string | null;
  enabled: boolean;
  createdAt: string;
  lastCheck: ProviderCheck | null;
}
export interface AddProviderRequest {
  name: string;
  baseUrl: string;
  apiKey?: string;
}
export interface UpdateProviderRequest {
  name: string;
  baseUrl: string;
  /** Absent keeps the stored key, null removes it. */
  apiKey?: string | null;
  enabled: boolean;
}
export interface CheckResult {
  ok: boolean;
  latencyMs: number | null;
  models: string[];
  code?: string | null;
  detail?: string | null;
}
export interface DiscoveredServer {
  name: string;
  kind: "ollama" | "llama-cpp" | "lm-studio" | "vllm" | "openai-compatible";
  baseUrl: string;
  models: string[];
}
export interface Model {
  id: string;
  name: string;
  providerId: string | null;
  providerName: string;
  builtIn: boolean;
  isDefault: boolean;
}

// Chat
export interface ConversationSummary {
  id: string;
  title: string;
  titleSource: "auto" | "manual";
  modelId: string | null;
  createdAt: string;
  updatedAt: string;
  archivedAt: string | null;
  deletedAt: string | null;
  headMessageId: string | null;
  runningTurnId: string | null;
}
export type MessageStatus = "complete" | "streaming" | "stopped" | "interrupted" | "failed";
export interface ClientAction {
  kind: string;
  value: string | null;
  label: string | null;
}
export interface Citation {
  title: string;
  quote: string;
  start: number;
  end: number;
}
export interface TurnError {
  code: string;
  title: string;
  detail: string | null;
  blame?: "upstream" | "server" | "client" | null;
}
export interface Message {
  id: string;
  parentId: string | null;
  role: "user" | "assistant";
  text: string;
  language: string | null;
  modelId: string | null;
  status: MessageStatus;
  error: TurnError | null;
  createdAt: string;
  turnId: string | null;
  siblingCount: number;
  actions: ClientAction[];
  citations: Citation[];
}
export interface StartTurnRequest {
  clientId: string;
  text: string;
  parentMessageId?: string | null;
  modelId?: string;
  language?: string;
  timeZone?: string;
}
export interface Turn {
  id: string;
  conversationId: string;
  userMessageId: string;
  assistantMessageId: string;
  status: "running" | "completed" | "stopped" | "interrupted" | "failed";
  modelId: string;
  startedAt: string;
  endedAt: string | null;
  error: TurnError | null;
}

/** What a turn's stream carries, by event name. */
export interface TurnEvents {
  turn: { turnId: string; conversationId: string; userMessageId: string; assistantMessageId: string; modelId: string; title: string };
  delta: { text: string };
  sentence: { index: number; start: number; end: number; text: string; language: string };
  action: ClientAction;
  citation: Citation;
  done: { status: "completed" | "stopped" | "interrupted" | "failed"; error: TurnError | null; usage: { inputTokens: number; outputTokens: number } | null; title: string };
  error: Problem;
}

// Voice
export interface Voice {
  id: string;
  name: string;
  language: string;
  provider: string;
}
export interface VoiceStatus {
  available: boolean;
  workers: number;
  detail: string | null;
}
export interface PerformanceRequest {
  text: string;
  language?: string;
  voiceId?: string;
  rate?: number;
  pitch?: number;
  format?: "wav" | "ogg" | "pcm";
}
export interface SpokenPerformance {
  durationMs: number;
  sampleRate: number;
  format: string;
  mimeType: string;
  /** Base64. */
  audio: string;
  visemes: { atMs: number; durationMs: number; viseme: string; weight: number }[];
  words: { atMs: number; start: number; length: number }[];
  expressions: { atMs: number; name: string; weight: number }[];
}

// Agents
export interface Skill {
  id: string;
  name: string;
  summary: string;
  examples: string[];
}

// The server itself
export interface SystemState {
  version: string;
  ready: boolean;
  database: "embedded" | "external";
  features: Record<string, boolean>;
}
