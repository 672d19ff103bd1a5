using JeanTrail.Gateway.Models;
using JeanTrail.Kernel.Errors;

namespace JeanTrail.Gateway.Keys;

/// <summary>What a key's name, scopes and expiry may be.</summary>
internal static class KeyRules
{
    internal const int MaxName = 60;
    internal const int MaxPatterns = 100;

    /// <summary>Live keys of one person.</summary>
    internal const int MaxKeys = 200;

    /// <summary>Null when a key may have these scopes and this end.</summary>
    internal static Error? Check(string name, IReadOnlyList<string> surfaces, IReadOnlyList<string> models, DateTimeOffset? expiresAt, DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(name))
            return GatewayErrors.Field("name", "A key needs a name, to tell it from others.");
        if (surfaces.FirstOrDefault(surface => surface != ModelPattern.All && !KeyScope.KnownSurfaces.Contains(surface, StringComparer.Ordinal)) is { } unknown)
            return GatewayErrors.Field("surfaces", $"'{unknown}' is none of: * {string.Join(' ', KeyScope.KnownSurfaces)}.");
        if (models.FirstOrDefault(pattern => !ModelPattern.IsValid(pattern)) is { } broken)
            return GatewayErrors.Field("models", $"'{broken}' is no model's name; an asterisk stands at the end only.");
        return expiresAt <= now ? GatewayErrors.Field("expiresAt", "This is in the past. To end a key now, revoke it.") : null;
    }
}
