import { ApiError } from "./error";

type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;
export interface CallOptions {
  query?: Query;
  /** Sent as JSON; a blob as it is, under its own type. */
  body?: unknown;
  signal?: AbortSignal | undefined;
  headers?: Readonly<Record<string, string>>;
  /** Goes through although the page is left. */
  keepalive?: boolean;
  /** The server then performs the call once, however often it is sent. */
  idempotencyKey?: string;
}
type Method = "GET" | "OPTIONS" | "POST" | "PUT" | "DELETE";

/** Longer together than a server that died holds a key. */
const mostAttempts = 20;
const againMs = 1_000;

let csrfToken: string | null = null;
const signedOutListeners = new Set<() => void>();

/** Proof that a change comes from our own pages; set from the session, sent with every unsafe call. */
export const setCsrfToken = (token: string | null): void => void (csrfToken = token);

/** Called when the server says that the session is over. */
export function onSignedOut(listener: () => void): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

/** Sends a request and answers with the raw response; anything but 2xx throws an ApiError. */
export async function send(method: Method, path: string, options: CallOptions = {}, attempt = 1): Promise<Response> {
  const headers = new Headers(options.headers);
  if (!headers.has("Accept")) headers.set("Accept", "application/json");
  const blob = options.body instanceof Blob ? options.body : null;
  if (options.body !== undefined) headers.set("Content-Type", blob?.type ?? "application/json");
  if (options.idempotencyKey) headers.set("Idempotency-Key", options.idempotencyKey);
  if (method !== "GET" && csrfToken) headers.set("X-CSRF-Token", csrfToken);

  let response: Response;
  try {
    response = await fetch(withQuery(path, options.query), {
      method,
      headers,
      credentials: "same-origin",
      ...(options.body === undefined ? {} : { body: blob ?? JSON.stringify(options.body) }),
      ...(options.signal ? { signal: options.signal } : {}),
      ...(options.keepalive ? { keepalive: true } : {}),
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw ApiError.offline();
  }
  if (response.ok) return response;
  const error = await ApiError.from(response);
  // The first of the two may have died with its server: its hold on the key is over soon, and its answer there or the key free.
  if (error.code === "kernel.idempotency_running" && attempt < mostAttempts) {
    await new Promise((resolve) => setTimeout(resolve, againMs));
    return send(method, path, options, attempt + 1);
  }
  if (error.code === "kernel.unauthenticated") for (const listener of signedOutListeners) listener();
  throw error;
}

/** Sends a file as it is and tells how far it got, which fetch cannot. */
export function upload<Result>(path: string, file: Blob, { query, signal, headers, onProgress }: { query?: Query; signal?: AbortSignal; headers?: Readonly<Record<string, string>> | undefined; onProgress?: (share: number) => void } = {}): Promise<Result> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", withQuery(path, query));
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("Content-Type", "application/octet-stream");
    for (const [name, value] of Object.entries(headers ?? {})) request.setRequestHeader(name, value);
    if (csrfToken) request.setRequestHeader("X-CSRF-Token", csrfToken);
    request.upload.onprogress = (e) => { if (e.lengthComputable && e.total > 0) onProgress?.(e.loaded / e.total); };
    request.onerror = request.ontimeout = () => reject(ApiError.offline());
    request.onabort = () => reject(new DOMException("Aborted", "AbortError"));
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) return resolve(JSON.parse(request.responseText) as Result);
      const answer = new Response(request.responseText, { status: request.status, headers: { "Content-Type": request.getResponseHeader("Content-Type") ?? "" } });
      ApiError.from(answer).then((error) => {
        if (error.code === "kernel.unauthenticated") for (const listener of signedOutListeners) listener();
        reject(error);
      }, reject);
    };
    signal?.addEventListener("abort", () => request.abort(), { once: true });
    request.send(file);
  });
}

async function call<Result>(method: Method, path: string, options?: CallOptions): Promise<Result> {
  const response = await send(method, path, options);
  if (response.status === 204) return undefined as Result;
  const text = await response.text();
  return (text === "" ? undefined : JSON.parse(text)) as Result;
}

function withQuery(path: string, query?: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) if (value !== null && value !== undefined) search.set(name, String(value));
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

/** The one way to the server. */
export const api = {
  get: <Result>(path: string, options?: CallOptions) => call<Result>("GET", path, options),
  post: <Result = void>(path: string, body?: unknown, options?: CallOptions) => call<Result>("POST", path, { ...options, body }),
  put: <Result = void>(path: string, body?: unknown, options?: CallOptions) => call<Result>("PUT", path, { ...options, body }),
  delete: <Result = void>(path: string, options?: CallOptions) => call<Result>("DELETE", path, options),
};
