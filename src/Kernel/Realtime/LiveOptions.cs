using System.ComponentModel.DataAnnotations;

namespace JeanTrail.Kernel.Realtime;

/// <summary>Section <c>Live</c>.</summary>
public sealed record LiveOptions
{
    [Range(1, 10_000)]
    public int MaxTopicsPerConnection { get; init; } = 100;

    /// <summary>Origins besides the server's own that may open live connections, such as <c>https://studio.example.org</c>.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];
}
