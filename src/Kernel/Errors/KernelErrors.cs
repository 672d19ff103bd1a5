namespace JeanTrail.Kernel.Errors;

/// <summary>Failures that belong to no module.</summary>
public static class KernelErrors
{
    public static readonly Error Unauthenticated = new("kernel.unauthenticated", 401, "Sign in to continue.");
    public static readonly Error Forbidden = new("kernel.forbidden", 403, "Your account may not do this.");
    public static readonly Error NotFound = new("kernel.not_found", 404, "There is nothing here, or it is not yours.");
    public static readonly Error Csrf = new("kernel.csrf", 403, "The request did not prove that it came from this site. Reload the page and try again.");
    public static readonly Error RateLimited = new("kernel.rate_limited", 429, "Too many requests. Wait a moment and try again.");
    public static readonly Error DatabaseUnavailable = new("kernel.database_unavailable", 503, "The database is not answering. It is being restarted; try again in a moment.");
    public static readonly Error DiskFull = new("kernel.disk_full", 507, "The disk of the server is full. Nothing was lost; free some space and try again.");
    public static readonly Error Unexpected = new("kernel.unexpected", 500, "Something went wrong on the server. The trace id finds it in the log.");
    public static readonly Error IdempotencyMismatch = new("kernel.idempotency_mismatch", 422, "This idempotency key was used with a different request.");
    public static readonly Error IdempotencyRunning = new("kernel.idempotency_running", 409, "A request with this idempotency key is still running.");

    /// <summary>A request that could not be read.</summary>
    public static Error BadRequest(string detail, int status = 400) => new("kernel.bad_request", status, detail);
}
