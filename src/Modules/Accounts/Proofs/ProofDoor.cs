using JeanTrail.Accounts.SignIn;
using JeanTrail.Kernel.Errors;
using Microsoft.AspNetCore.Http;

namespace JeanTrail.Accounts.Proofs;

/// <summary>Where tokens from letters are shown: guesses are slowed down, and every token that is not good is refused alike.</summary>
internal sealed class ProofDoor(ProofStore proofs, AttemptThrottle throttle)
{
    /// <summary>What the token would prove. It is used up later, in the transaction of its effect.</summary>
    internal Task<Result<Proof>> LookAsync(Purpose purpose, string token, HttpContext context, CancellationToken cancel)
        => LookAsync([purpose], token, context, cancel);

    /// <inheritdoc cref="LookAsync(Purpose, string, HttpContext, CancellationToken)"/>
    /// <param name="purposes">Those that are welcome here.</param>
    internal async Task<Result<Proof>> LookAsync(IReadOnlyList<Purpose> purposes, string token, HttpContext context, CancellationToken cancel)
    {
        var what = $"proof:{purposes[0].Name}";
        if (await throttle.RefuseAsync(what, context, cancel) is { } refused)
            return refused;
        foreach (var purpose in purposes)
        {
            if (await proofs.FindAsync(purpose, token, cancel) is not { } proof)
                continue;
            await throttle.ClearAsync(what, context, cancel);
            return proof;
        }

        return AccountsErrors.LinkInvalid;
    }
}
