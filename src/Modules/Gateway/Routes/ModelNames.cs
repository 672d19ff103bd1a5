using JeanTrail.Kernel.Errors;

namespace JeanTrail.Gateway.Routes;

/// <summary>Which public names can be asked for.</summary>
internal sealed class ModelNames(RouteDirectory routes, TargetDirectory targets)
{
    /// <summary>Null when the name is a route or a model that can be asked; else <c>gateway.model_unknown</c> or <c>gateway.provider_disabled</c>.</summary>
    internal async ValueTask<Error?> ObjectionAsync(string name, CancellationToken cancel)
    {
        if ((await routes.AllAsync(cancel)).TryGetValue(name, out var route))
            return route.Enabled ? null : GatewayErrors.ModelUnknown;
        return (await targets.FindAsync(name, thinking: null, named: false, cancel)).Error;
    }
}
