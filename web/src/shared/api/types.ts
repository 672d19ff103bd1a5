// The shapes the server speaks, by the names the client uses for them. They come from the server's OpenAPI document (npm run api:gen);
// what is added here is only what that document does not say: which of a few words a string may be.
import type { components, operations } from "./schema.gen";

type Schemas = components["schemas"];
/** The same shape with some members known better; refuses members that are not there and types that do not fit. */
type Known<T, Better extends { [K in keyof Better]: K extends keyof T ? T[K] : never }> = Omit<T, keyof Better> & Better;

/** Members the server fills in itself where they are left out. */
type WithDefaults<T, Filled extends keyof T> = Omit<T, Filled> & Partial<Pick<T, Filled>>;

export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

/** RFC 9457, with our stable `code`; the client makes some of its own, with less in them. */
export type Problem = Pick<Schemas["Problem"], "title" | "status" | "code"> & Partial<Schemas["Problem"]> & {
  /** The turn that is in the way, on `chat.turn_already_running`. */
  turnId?: string;
  /** When a quota that is used up begins anew, on `accounts.quota_exhausted`. */
  resetsAt?: string;
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
export type SecondFactorNeeded = Schemas["SecondFactorNeeded"];
export type SecondFactorRequest = Schemas["SecondFactorRequest"];
export type StepUpRequest = Schemas["StepUpRequest"];
export type TwoFactor = Schemas["GetTwoFactorResponse"];
export type TotpSetup = Schemas["BeginTotpResponse"];
export type RecoveryCodes = Schemas["RenewRecoveryCodesResponse"];

export type PendingDeletion = Schemas["AskDeletionResponse"];

// Accounts: API keys
export type ApiKey = Schemas["ListApiKeysKey"];
export type ApiScope = Schemas["ApiScope"];
export type ApiKeys = Schemas["ListApiKeysResponse"];
export type NewApiKeyRequest = WithDefaults<Schemas["CreateApiKeyRequest"], "expiresAt" | "rotateEveryDays" | "overlapHours">;
export type NewApiKey = Schemas["CreateApiKeyResponse"];
// Accounts: passkeys and accounts elsewhere
export type PasskeyChallenge = Schemas["PasskeyOptionsResponse"];
export type PasskeyAnswer = Schemas["PasskeyAnswerRequest"];
export type Passkey = Schemas["ListPasskeysItem"];
export type AddPasskeyRequest = Schemas["AddPasskeyRequest"];
export type StepUpWays = Schemas["GetStepUpWaysResponse"];
export type ExternalProvider = Schemas["ListExternalProvidersItem"];
export type ExternalBegun = Schemas["ExternalFlowBegun"];
export type ExternalAnswer = Schemas["ExternalFlowAnswer"];
export type ExternalLink = Schemas["ExternalLinksLink"];
export type IdentityProvider = Schemas["ListIdentityProvidersProvider"];
export type CreateIdentityProviderRequest = Schemas["CreateIdentityProviderRequest"];
export type UpdateIdentityProviderRequest = Schemas["UpdateIdentityProviderRequest"];

// Accounts: people and the record
export type Person = Schemas["ListUsersItem"];
export type PersonDetail = Schemas["GetUserResponse"];
export type PermissionTable = Schemas["ListPermissionsResponse"];
export type AuditEntry = Schemas["AuditEndpointsEntry"];
export type AuditVerification = Schemas["AuditEndpointsVerification"];

// Accounts: plans and teams
export type PlanName = "owner" | "admin" | "premium" | "free";
export type Plan = Known<Schemas["ListPlansPlan"], { name: PlanName }>;
export type SetPlanRequest = Schemas["SetPlanRequest"];
export type QuotaMeter = "requests" | "storage" | "bandwidth";
export type Quota = Known<Schemas["GetUsageQuota"], { meter: QuotaMeter; window: "day" | "month" | "none" }>;
export type PersonUsage = Known<Schemas["GetUsageResponse"], { plan: PlanName; quotas: Quota[] }>;
export type TeamRole = "owner" | "admin" | "member";
export type Team = Known<Schemas["ListTeamsItem"], { role: TeamRole }>;
export type TeamMember = Known<Schemas["GetTeamMember"], { role: TeamRole }>;
export type TeamInvitation = Known<Schemas["GetTeamInvitation"], { role: "admin" | "member" }>;
export type TeamWorkspace = Schemas["GetTeamWorkspace"];
export type SharedWorkspace = Schemas["WorkspacesItem"];
export type TeamDetail = Known<Schemas["GetTeamResponse"], { team: Team; members: TeamMember[]; invitations: TeamInvitation[] }>;
export type InviteRequest = Schemas["InviteRequest"];
export type Invitation = Known<Schemas["AcceptInvitationInvitation"], { role: "admin" | "member" }>;
export type TeamAnalytics = Schemas["TeamAnalyticsResponse"];

// Accounts: what is proven by letter
export type SignUpMode = "closed" | "invited" | "open";
export type AccountSettings = Known<Schemas["AccountSettingsSettings"], { signUp: SignUpMode }>;
export type AskRequest = Schemas["StartSignUpRequest"];
export type FinishSignUpRequest = Schemas["FinishSignUpRequest"];
export type ResetPasswordRequest = Schemas["ResetPasswordRequest"];
export type ChangePasswordRequest = Schemas["ChangePasswordRequest"];
export type ChangeEmailRequest = Schemas["ChangeEmailRequest"];
export type EmailState = Schemas["GetEmailResponse"];
export type Letter = Known<Schemas["ListLettersItem"], { state: "waiting" | "sent" | "given-up" }>;
export type LetterPage = Known<Schemas["ListLettersResponse"], { items: Letter[] }>;

// Gateway
export type ProviderCheck = Schemas["ListProvidersLastCheck"];
export type Provider = Schemas["ListProvidersProvider"];
export type AddProviderRequest = WithDefaults<Schemas["CreateProviderRequest"], "kind">;
export type UpdateProviderRequest = Schemas["UpdateProviderRequest"];
export type CheckResult = Schemas["CheckProviderResponse"];
export type DiscoveredServer = Schemas["ListDiscoveredItem"];
export type Model = Schemas["ListModelsItem"];
export type ProviderKey = Schemas["ListProvidersKey"];

// Gateway: keys, calls, routes, limits
export type VirtualKey = Schemas["ListKeysKey"];
export type CreateKeyRequest = WithDefaults<Schemas["CreateKeyRequest"], "expiresAt" | "rotateEveryDays" | "overlapHours">;
export type UpdateKeyRequest = WithDefaults<Schemas["UpdateKeyRequest"], "rotateEveryDays" | "overlapHours">;
export type NewKey = Schemas["CreateKeyResponse"];
export type CallOutcome = "running" | "completed" | "cancelled" | "failed" | "interrupted";
export type Call = Known<Schemas["ListCallsCall"], { outcome: CallOutcome; blame: "upstream" | "server" | "client" | null }>;
export type CallTrace = Known<Schemas["GetCallTrace"], { call: Call }>;
export type CallAttempt = Schemas["GetCallAttempt"];
export type Dashboard = Schemas["GetDashboardReport"];
export type LiveNow = Schemas["GetLiveReport"];
export type Speed = Schemas["GetDashboardSpeed"];
export type Target = Known<Schemas["ListTargetsTarget"], { circuit: "closed" | "open" | "half-open" }>;
export type Limit = Known<Schemas["ListLimitsItem"], { subjectKind: SubjectKind; meter: Meter; window: LimitWindow; action: "stop" | "warn" }>;
export type LimitParty = Schemas["FindPartiesItem"];
export type RouteItem = Schemas["ListRoutesItem"];
export type RouteDefinition = Schemas["RouteDefinition"];
export type RouteStrategy = Schemas["RouteStrategy"];
export type RouteTargetRule = Schemas["RouteTargetRule"];
export type RouteConditions = Schemas["RouteConditions"];
export type Guardrail = Schemas["RouteGuardrail"];
export type CreateRouteRequest = Schemas["CreateRouteRequest"];
export type DryRun = Schemas["DryRunResponse"];
export type SubjectKind = "key" | "user" | "team" | "plan" | "route" | "all";
export type Meter = "requests" | "tokens" | "streams" | "cost";
export type LimitWindow = "minute" | "hour" | "day" | "month" | "none";
export type CreateLimitRequest = Known<Schemas["CreateLimitRequest"], { subjectKind: SubjectKind; meter: Meter; window: LimitWindow; action: "stop" | "warn" }>;
export type UpdateLimitRequest = Schemas["UpdateLimitRequest"];
export type AlertSubjectKind = "all" | "route" | "provider";
export type AlertRule = Known<Schemas["AlertRulesRule"], { kind: "errors" | "latency"; subjectKind: AlertSubjectKind }>;
export type CreateAlertRuleRequest = Known<Schemas["AlertRulesNewRule"], { kind: "errors" | "latency"; subjectKind: AlertSubjectKind }>;
export type ChangeAlertRuleRequest = Schemas["AlertRulesChange"];
export type Alert = Known<Schemas["ListAlertsAlert"], { kind: "errors" | "latency" | "budget"; subjectKind: AlertSubjectKind | SubjectKind }>;

// Gateway: prices
export type Price = Schemas["ListPricesItem"];
export type PriceLine = WithDefaults<Schemas["PriceLinesLine"], "requestMicros" | "ended">;
export type PricesImported = Schemas["ImportPricesResponse"];

// Chat
export type ConversationRole = "owner" | "admin" | "edit" | "view";
export type ConversationSummary = Known<Schemas["ConversationSummary"], { titleSource: "auto" | "manual"; role: ConversationRole }>;
export type GuestRole = Exclude<ConversationRole, "owner">;
export type ConversationPerson = Known<Schemas["PeoplePerson"], { role: ConversationRole }>;
export type ConversationPeople = Known<Schemas["PeopleResponse"], { role: ConversationRole; items: ConversationPerson[] }>;
export type ConversationInvitation = Known<Schemas["InvitationsInvitation"], { role: GuestRole }>;
export type NewConversationInvitation = Schemas["InvitationsMade"];
export type ConversationOffer = Known<Schemas["InvitationsOffer"], { role: GuestRole }>;
export type ConversationChange = Known<Schemas["ConversationHistoryChange"], { kind: "title" | "settings" | "pruned" | "joined" | "role" | "left"; before: Record<string, unknown> | null; after: Record<string, unknown> | null }>;
export type SharedDraft = Schemas["SharedDraftsDraft"];
export type Project = Schemas["Project"];
export type Tag = Schemas["ListTagsTag"];
export type SearchHit = Known<Schemas["SearchMessagesItem"], { role: "user" | "assistant"; by: "words" | "letters" | "meaning" | "both" }>;
export type SearchResults = Known<Schemas["SearchMessagesResponse"], { items: SearchHit[] }>;
export type MessagePlace = Schemas["FindPlaceResponse"];
export type MessageStatus = "complete" | "streaming" | "stopped" | "interrupted" | "failed";
export type ClientAction = Schemas["ClientAction"];
export type Citation = Schemas["Citation"];
export type TurnError = Known<Schemas["MessageError"], { blame: "upstream" | "server" | "client" }>;
/** How far the words of a recording are, and their beginning. */
export type Transcript = Known<Schemas["TranscriptView"], { state: "none" | "pending" | "done" | "failed" }>;
/** All that is said in it. */
export type WholeTranscript = Known<Schemas["TranscriptResponse"], { state: Transcript["state"] }>;
export type Attachment = Known<Schemas["AttachmentView"], { transcript: Transcript | null }>;
export type MessagePart = Known<Schemas["MessagePart"], {
  kind: "reasoning" | "tool" | "image" | "file" | "note";
  attachment: Attachment | null;
  state: "running" | "done" | "failed" | "stopped" | "expired" | null;
}>;
export type ConversationSettings = Schemas["ConversationSettingsSettings"];
export type ContextMeter = Schemas["GetContextResponse"];
export type Message = Known<Schemas["Message"], {
  parts: MessagePart[];
  role: "user" | "assistant";
  status: MessageStatus;
  error: TurnError | null;
  marks: Mark[];
}>;
export type PrivateConversation = Schemas["PrivateConversationsConversation"];
export type PrivatePair = Schemas["PrivateKeysPair"];
export type SealedMessage = Known<Schemas["PrivateMessagesSealed"], { role: "user" | "assistant"; status: MessageStatus }>;
export type ConversationTree = Known<Schemas["GetTreeResponse"], { segments: TreeSegment[] }>;
export type TreeSegment = Known<Schemas["GetTreeSegment"], { role: "user" | "assistant" }>;
export type PrunedBranch = Schemas["PruneBranchResponse"];
export type MarkKind = "reaction" | "rating" | "highlight" | "note" | "bookmark";
export type Mark = Known<Schemas["Mark"], { kind: MarkKind }>;
export type AddMarkRequest = Known<Partial<Schemas["AddMarkRequest"]>, { kind: MarkKind }>;
export type MarkedItem = Known<Schemas["ListMarksItem"], { mark: Mark }>;
export type TemplateVariable = Schemas["SaveTemplateVariable"];
export type Template = Schemas["Template"];
export type SaveTemplateRequest = Schemas["SaveTemplateRequest"];
export type ShareLevel = "read" | "comment" | "copy";
export type Share = Known<Schemas["Share"], { level: ShareLevel }>;
export type CreateShareRequest = Known<Partial<Schemas["CreateShareRequest"]>, { level: ShareLevel }>;
export type NewShare = Known<Schemas["CreateShareResponse"], { share: Share }>;
export type SharedComment = Schemas["Comment"];
export type SharedPart = Known<Schemas["SharedPart"], { kind: "reasoning" | "tool" | "image" | "file" }>;
export type SharedMessage = Known<Schemas["SharedMessage"], { role: "user" | "assistant"; parts: SharedPart[] }>;
export type SharedTalk = Known<Schemas["ReadSharedResponse"], { messages: SharedMessage[] }>;
export type MemoryState = "proposed" | "kept" | "dismissed" | "expired";
export type MemoryKind = "identity" | "preference" | "people" | "work" | "plan" | "other";
export type MemoryFact = Known<Schemas["MemoryFact"], { state: MemoryState; kind: MemoryKind }>;
export type MemorySetting = Schemas["MemorySwitchSetting"];
export type WriteMemoryRequest = Known<Partial<Schemas["WriteMemoryRequest"]>, { text: string; kind: MemoryKind }>;
export type ExportFormats = Schemas["ExportConversationsFormats"];
export type Import = Known<Schemas["ImportsImport"], { state: "queued" | "running" | "succeeded" | "failed" | "cancelled" }>;
export type StartTurnRequest = Schemas["StartTurnRequest"];
export type Turn = Known<Schemas["FollowTurnResponse"], { status: "running" | TurnEnd; error: TurnError | null }>;
type TurnEnd = "completed" | "stopped" | "interrupted" | "failed";

/** What a turn's stream carries, by event name. */
export type TurnEvents = Known<EventData<operations["Chat_FollowTurn"]["responses"][200]["content"]["text/event-stream"]>, {
  part: MessagePart;
  done: Known<Schemas["DoneEvent"], { status: TurnEnd; error: TurnError | null }>;
}>;
/** A piece of a private turn, as it is kept. */
export type SealedPiece = Schemas["FollowPrivateTurnPieceEvent"];
type EventData<Stream extends { event: string; data: unknown }> = { [One in Stream as One["event"]]: One["data"] };

// Voice
export type Voice = Schemas["ListVoicesVoice"];
export type LocalSpeech = Schemas["ListLocalSpeechResponse"];
export type Transcription = Schemas["TranscribeRecordingResponse"];
export type VoiceStatus = Schemas["GetStatusResponse"];
export type PerformanceRequest = Partial<Schemas["CreatePerformanceRequest"]> & Pick<Schemas["CreatePerformanceRequest"], "text">;
export type SpokenPerformance = Schemas["CreatePerformanceResponse"];

// Agents
export type Skill = Schemas["ListSkillsSkill"];

// Models on this machine
export type LocalModel = Schemas["ListModelsModel"];
export type LocalSpeed = Schemas["ListModelsSpeed"];
export type LocalCatalogue = Schemas["ListCatalogueResponse"];
export type SpeechLibrary = Schemas["SpeechModelsResponse"];
export type SpeechModel = Schemas["SpeechModelsModel"];
export type SpeechOffer = Schemas["SpeechModelsOffer"];
export type LocalOffer = Schemas["ListCatalogueOffer"];
export type ModelPull = Schemas["ListPullsPull"];

// The server itself
export type SystemState = Known<Schemas["SystemInfoResponse"], { database: "embedded" | "external" }>;
