// The shapes the server speaks, by the names the client uses for them. They come from the server's OpenAPI document (npm run api:gen);
// what is added here is only what that document cannot say: which of a few words a string may be, and the events of a stream.
import type { components } from "./schema.gen";

type Schemas = components["schemas"];
/** An answer has all its members; the document calls those that may be null optional, because requests may leave them out. */
type Answer<T> = { [K in keyof T]-?: T[K] };
/** The same shape with some members known better; refuses members that are not there and types that do not fit. */
type Known<T, Better extends { [K in keyof Better]: K extends keyof T ? T[K] : never }> = Omit<T, keyof Better> & Better;

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
  /** The turn that is in the way, on `chat.turn_already_running`. */
  turnId?: string;
}

// Accounts
export type SetupState = Answer<Schemas["GetSetupResponse"]>;
export type User = Answer<Schemas["GetSessionUser"]>;
export type Preferences = Known<Answer<Schemas["Preferences"]>, {
  locale: "en" | "ar" | "vi" | "ru" | null;
  theme: "system" | "light" | "dark";
  density: "comfortable" | "compact";
}>;
export type Session = Known<Answer<Schemas["GetSessionSession"]>, { user: User; preferences: Preferences }>;
export type SessionInfo = Answer<Schemas["ListSessionsItem"]>;
export type SetupRequest = Schemas["CreateOwnerRequest"];
export type SignInRequest = Schemas["SignInWithPasswordRequest"];

// Gateway
export type ProviderCheck = Answer<Schemas["ListProvidersLastCheck"]>;
export type Provider = Known<Answer<Schemas["ListProvidersProvider"]>, { lastCheck: ProviderCheck | null }>;
export type AddProviderRequest = Schemas["CreateProviderRequest"];
export type UpdateProviderRequest = Schemas["UpdateProviderRequest"];
export type CheckResult = Answer<Schemas["CheckProviderResponse"]>;
export type DiscoveredServer = Answer<Schemas["ListDiscoveredItem"]>;
export type Model = Answer<Schemas["ListModelsItem"]>;

// Chat
export type ConversationSummary = Known<Answer<Schemas["ConversationSummary"]>, { titleSource: "auto" | "manual" }>;
export type MessageStatus = "complete" | "streaming" | "stopped" | "interrupted" | "failed";
export type ClientAction = Answer<Schemas["ClientAction"]>;
export type Citation = Answer<Schemas["Citation"]>;
export type TurnError = Known<Answer<Schemas["MessageError"]>, { blame: "upstream" | "server" | "client" }>;
export type Message = Known<Answer<Schemas["Message"]>, {
  role: "user" | "assistant";
  status: MessageStatus;
  error: TurnError | null;
  actions: ClientAction[];
  citations: Citation[];
}>;
export type StartTurnRequest = Schemas["StartTurnRequest"];
export type Turn = Known<Answer<Schemas["FollowTurnResponse"]>, { status: "running" | TurnEnd; error: TurnError | null }>;
type TurnEnd = "completed" | "stopped" | "interrupted" | "failed";

/** What a turn's stream carries, by event name. */
export interface TurnEvents {
  turn: { turnId: string; conversationId: string; userMessageId: string; assistantMessageId: string; modelId: string; title: string };
  delta: { text: string };
  sentence: { index: number; start: number; end: number; text: string; language: string };
  action: ClientAction;
  citation: Citation;
  done: { status: TurnEnd; error: TurnError | null; usage: { inputTokens: number; outputTokens: number } | null; title: string; modelId?: string | null };
  error: Problem;
}

// Voice
export type Voice = Answer<Schemas["ListVoicesVoice"]>;
export type VoiceStatus = Answer<Schemas["GetStatusResponse"]>;
export type PerformanceRequest = Partial<Schemas["CreatePerformanceRequest"]> & Pick<Schemas["CreatePerformanceRequest"], "text">;
export type SpokenPerformance = Known<Answer<Schemas["CreatePerformanceResponse"]>, {
  visemes: Answer<Schemas["TimedViseme"]>[];
  words: Answer<Schemas["TimedWord"]>[];
  expressions: Answer<Schemas["TimedExpression"]>[];
}>;

// Agents
export type Skill = Answer<Schemas["ListSkillsSkill"]>;

// The server itself
export type SystemState = Known<Answer<Schemas["SystemInfoResponse"]>, { database: "embedded" | "external" }>;
