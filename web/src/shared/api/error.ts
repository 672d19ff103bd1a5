import { commonText } from "@/shared/i18n/common";
import { formatDate } from "@/shared/i18n/format";
import { currentLocale } from "@/shared/i18n/locale";
import type { Problem } from "./types";

/** Every failed call ends as one of these. Status 0: no answer arrived at all. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly problem: Problem;
  readonly retryAfterSeconds: number | null;

  constructor(problem: Problem, retryAfterSeconds: number | null = null) {
    super(problem.detail ?? problem.title);
    this.name = "ApiError";
    this.status = problem.status;
    this.code = problem.code;
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** The first message for a field of the form, if the server found fault with it. */
  field(name: string): string | undefined {
    const wanted = name.toLowerCase();
    return Object.entries(this.problem.errors ?? {}).find(([field]) => field.toLowerCase() === wanted)?.[1][0];
  }

  static offline(): ApiError {
    return new ApiError({ status: 0, code: "client.offline", title: "No connection" });
  }

  static async from(response: Response): Promise<ApiError> {
    const retryAfter = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
    let problem: Partial<Problem> = {};
    if (response.headers.get("Content-Type")?.includes("json")) problem = (await response.json().catch(() => ({}))) as Partial<Problem>;
    return new ApiError(
      { ...problem, status: response.status, code: problem.code ?? `http.${response.status}`, title: problem.title ?? response.statusText },
      Number.isFinite(retryAfter) ? retryAfter : null,
    );
  }
}

export const isApiError = (error: unknown, code?: string): error is ApiError => error instanceof ApiError && (code === undefined || error.code === code);

/** What may be over in a moment: the network, a server that is being restarted, too fast. Too much today is not. */
export const isPassing = ({ status, code }: { status: number; code?: string }): boolean =>
  status === 0 || (status === 429 && code !== "accounts.quota_exhausted") || status >= 500;

/** One sentence for the person, in their language where we have it. */
export function describeError(error: unknown): string {
  const t = commonText.t;
  if (!(error instanceof ApiError)) return t("error.unknown");
  if (error.status === 0) return t("error.offline");
  if (error.problem.resetsAt) return t("error.quota", { time: formatDate(error.problem.resetsAt, currentLocale()) });
  if (error.status === 429) return t("error.rate_limited", { count: error.retryAfterSeconds ?? 30 });
  if (error.status === 401 && error.code === "kernel.unauthenticated") return t("error.signedOut");
  if (error.problem.detail) return error.problem.detail;
  if (error.status === 404) return t("error.notFound");
  return error.status < 500 && error.problem.title ? error.problem.title : t("error.unknown");
}
