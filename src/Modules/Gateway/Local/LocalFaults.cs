using JeanTrail.Contracts.Gateway;
using JeanTrail.Contracts.Models;
using JeanTrail.Gateway.Upstream;

namespace JeanTrail.Gateway.Local;

/// <summary>What a failure of a local model means for the call.</summary>
internal static class LocalFaults
{
    const int BadRequest = 400;

    internal static Fault Of(LocalModelException failure) => failure.Error.Code switch
    {
        "models.unknown" => new Fault(GatewayErrors.ModelUnknown, Blame.Client),
        "models.context_too_long" => new Fault(GatewayErrors.ContextTooLong, Blame.Client) { Said = failure.Error.Detail },
        "models.request_invalid" or "models.wrong_purpose" => new Fault(GatewayErrors.Failed(BadRequest), Blame.Client) { Said = failure.Error.Detail, Status = BadRequest },
        // A moment later there may be a place, or the worker is back.
        "models.busy" or "models.lost" => new Fault(failure.Error, Blame.Upstream, MayRetry: true, Inner: failure),
        _ => new Fault(failure.Error, Blame.Upstream, Inner: failure),
    };
}
