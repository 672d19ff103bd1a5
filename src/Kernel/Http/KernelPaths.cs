using Microsoft.AspNetCore.Http;

namespace JeanTrail.Kernel.Http;

/// <summary>The addresses that belong to programs and not to the client's pages.</summary>
public static class KernelPaths
{
    public static readonly PathString Api = "/api";
    public static readonly PathString Hubs = "/hubs";

    /// <summary>The API for other programs: let in by key, with errors and limits of its own.</summary>
    public static readonly PathString V1 = "/v1";

    /// <summary>Pages made here for people without an account.</summary>
    public static readonly PathString Share = "/share";

    /// <summary>Whether the path is part of the API: errors there are ProblemDetails, and unsafe methods need proof of origin.</summary>
    public static bool IsApi(PathString path) => Below(path, Api) || Below(path, Hubs);

    /// <summary>Whether the path is the server's own, so that a fallback page must not answer it.</summary>
    public static bool IsServer(PathString path)
        => IsApi(path) || Below(path, V1) || Below(path, Share) || Below(path, "/health") || Below(path, "/metrics")
            || Below(path, "/openapi") || Below(path, "/docs");

    static bool Below(PathString path, PathString prefix) => path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase);
}
