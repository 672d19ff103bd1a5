// The shapes the server speaks, by the names the client uses for them. They come from the server's OpenAPI document (npm run api:gen);
// what is added here is only what that document does not say: which of a few words a string may be.
import type { components, operations } from "./schema.gen";

type Schemas = components["schemas"];
/** The same shape with some members known better; refuses members that are not there and types that do not fit. */
type Known<T, Better extends { [K in keyof Better]: K extends keyof T ? T[K] : never }> = Omit<T, keyof Better> & Better;

export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

/** RFC 9457, with our stable `code`; the client makes some of its own, with less in them. */
export type Problem = Pick<Schemas["Problem"], "title" | "status" | "code"> & Partial<Schemas["Problem"]> & {
  /** The turn that is in the way, on `chat.turn_already_running`. */
  turnId?: string;
};

// Accounts
export type SetupState = Schemas["GetSetupResponse"];
export type User = Schemas["GetSessionUser"];
export type Preferences = Known<Schemas["Preferences"], {
  locale: "en" | "ar" | "vi" | "ru" | null;
  theme: "system" | "light" | "dark";
  density: "comfortable" | "compact";
}>;
export type Session = Known<Schemas["GetSessionSession"], { preferences: Preferences }>;
export type SessionInfo = Schemas["ListSessionsItem"];
export type SetupRequest = Schemas["CreateOwnerRequest"];
export type SignInRequest = Schemas["SignInWithPasswordRequest"];

// Gateway
export type ProviderCheck = Schemas["ListProvidersLastCheck"];
export type Provider = Schemas["ListProvidersProvider"];
export type AddProviderRequest = Schemas["CreateProviderRequest"];
export type UpdateProviderRequest = Schemas["UpdateProviderRequest"];
export type CheckResult = Schemas["CheckProviderResponse"];
export type DiscoveredServer = Schemas["ListDiscoveredItem"];
export type Model = Schemas["ListModelsItem"];

// Chat
export type ConversationSummary = Known<Schemas["ConversationSummary"], { titleSource: "auto" | "manual" }>;
export type MessageStatus = "complete" | "streaming" | "stopped" | "interrupted" | "failed";
export type ClientAction = Schemas["ClientAction"];
export type Citation = Schemas["Citation"];
export type TurnError = Known<Schemas["MessageError"], { blame: "upstream" | "server" | "client" }>;
export type Message = Known<Schemas["Message"], {
  role: "user" | "assistant";
  status: MessageStatus;
  error: TurnError | null;
}>;
export type StartTurnRequest = Schemas["StartTurnRequest"];
export type Turn = Known<Schemas["FollowTurnResponse"], { status: "running" | TurnEnd; error: TurnError | null }>;
type TurnEnd = "completed" | "stopped" | "interrupted" | "failed";

/** What a turn's stream carries, by event name. */
export type TurnEvents = Known<EventData<operations["Chat_FollowTurn"]["responses"][200]["content"]["text/event-stream"]>, {
  done: Known<Schemas["DoneEvent"], { status: TurnEnd; error: TurnError | null }>;
}>;
type EventData<Stream extends { event: string; data: unknown }> = { [One in Stream as One["event"]]: One["data"] };

// Voice
export type Voice = Schemas["ListVoicesVoice"];
export type VoiceStatus = Schemas["GetStatusResponse"];
export type PerformanceRequest = Partial<Schemas["CreatePerformanceRequest"]> & Pick<Schemas["CreatePerformanceRequest"], "text">;
export type SpokenPerformance = Schemas["CreatePerformanceResponse"];

// Agents
export type Skill = Schemas["ListSkillsSkill"];

// The server itself
export type SystemState = Known<Schemas["SystemInfoResponse"], { database: "embedded" | "external" }>;
