namespace JeanTrail.Kernel.Errors;

/// <summary>Failures that belong to no module.</summary>
public static class KernelErrors
{
    public static readonly Error Unauthenticated = new("kernel.unauthenticated", 401, "Sign in to continue.");
    public static readonly Error Forbidden = new("kernel.forbidden", 403, "Your account may not do this.");
    public static readonly Error ClosedToKeys = new("kernel.closed_to_keys", 403, "This is not open to API keys, whatever their scopes.");
    public static readonly Error ScopeMissing = new("kernel.scope_missing", 403, "This API key has not the scope that is needed here.");
    public static readonly Error NotFound = new("kernel.not_found", 404, "There is nothing here, or it is not yours.");
    public static readonly Error Csrf = new("kernel.csrf", 403, "The request did not prove that it came from this site. Reload the page and try again.");
    public static readonly Error RateLimited = new("kernel.rate_limited", 429, "Too many requests. Wait a moment and try again.");
    public static readonly Error DatabaseUnavailable = new("kernel.database_unavailable", 503, "The database is not answering. It is being restarted; try again in a moment.");
    public static readonly Error DiskFull = new("kernel.disk_full", 507, "The disk of the server is full. Nothing was lost; free some space and try again.");
    public static readonly Error Unexpected = new("kernel.unexpected", 500, "Something went wrong on the server. The trace id finds it in the log.");
    public static readonly Error IdempotencyMismatch = new("kernel.idempotency_mismatch", 422, "This idempotency key was used with a different request.");
    public static readonly Error IdempotencyRunning = new("kernel.idempotency_running", 409, "A request with this idempotency key is still running.");
    public static readonly Error MethodNotAllowed = new("kernel.method_not_allowed", 405, "This address does not know that method.");
    public static readonly Error TooLarge = new("kernel.too_large", 413, "The request is larger than this address accepts.");
    public static readonly Error UnsupportedMediaType = new("kernel.unsupported_media_type", 415, "The body must be JSON in UTF-8 here.");
    public static readonly Error UnsupportedEncoding = new("kernel.unsupported_encoding", 415, "The body must not come compressed like this here.");
    public static readonly Error NotGzip = new("kernel.not_gzip", 400, "The body is not the gzip file it says it is, or it is cut off.");
    public static readonly Error UnpacksTooFar = new("kernel.unpacks_too_far", 413, "The body unpacks to far more than its size. Send it as it is.");
    public static readonly Error TimedOut = new("kernel.timed_out", 504, "The server did not get this done in time and gave it up. Try again, perhaps with less.");
    public static readonly Error ShuttingDown = new("kernel.shutting_down", 503, "The server is restarting. Reconnect in a moment; nothing is lost.");
    public static readonly Error StreamIdle = new("kernel.stream_idle", 504, "Nothing came for too long, so the stream was closed. Reconnect to go on.");
    public static readonly Error StreamTruncated = new("kernel.stream_truncated", 500, "The stream ended before its end. Reconnect to go on.");
    public static readonly Error UrlInvalid = new("kernel.url_invalid", 400, "This is not an http or https address that can be used here.");
    public static readonly Error AddressRefused = new("kernel.address_refused", 400, "This address points into a network that must not be reached from here.");

    /// <summary>Well-formed input that breaks a rule. <paramref name="errors"/> maps fields to sentences.</summary>
    public static Error Validation(IReadOnlyDictionary<string, string[]> errors)
        => new Error("kernel.validation", 400, "Some fields need another look.").With("errors", errors);

    /// <summary>A request that could not be read.</summary>
    public static Error BadRequest(string detail, int status = 400) => new("kernel.bad_request", status, detail);
}
