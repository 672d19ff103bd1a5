using JeanTrail.Gateway.Exchange;
using JeanTrail.Gateway.Limits;
using JeanTrail.Gateway.Models;

namespace JeanTrail.Gateway.Keys;

/// <summary>What a key opens, and for whom. One instance serves all calls with the key.</summary>
internal sealed record KeyGrant(Consumer Consumer, KeyScope Scope)
{
    /// <param name="model">The public name that was asked for: a route or <c>provider/model</c>.</param>
    /// <returns>False means <see cref="GatewayErrors.VirtualKeyScope"/>.</returns>
    internal bool Allows(Surface surface, string model) => Scope.Allows(surface, model);
}

/// <summary>Which endpoints and which models a key may use.</summary>
internal sealed class KeyScope
{
    internal static readonly IReadOnlyList<string> KnownSurfaces = [.. Enum.GetValues<Surface>().Select(surface => surface.Name())];

    readonly uint surfaces;
    readonly string[] models;

    /// <param name="surfaces">Names of surfaces, or <c>*</c>.</param>
    /// <param name="models">Patterns of <see cref="ModelPattern"/>.</param>
    internal KeyScope(IReadOnlyCollection<string> surfaces, IReadOnlyCollection<string> models)
    {
        foreach (var surface in Enum.GetValues<Surface>())
        {
            if (surfaces.Contains(ModelPattern.All, StringComparer.Ordinal) || surfaces.Contains(surface.Name(), StringComparer.Ordinal))
                this.surfaces |= 1u << (int)surface;
        }

        this.models = [.. models];
    }

    internal bool Allows(Surface surface, string model)
    {
        if ((surfaces & (1u << (int)surface)) == 0)
            return false;
        foreach (var pattern in models)
        {
            if (ModelPattern.Matches(pattern, model))
                return true;
        }

        return false;
    }
}
