using JeanTrail.Accounts.Sessions;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JeanTrail.Accounts.SignIn;

/// <summary>What every way of signing in answers with: the session, the question for the second factor, or the refusal.</summary>
internal sealed class SignInAnswers(Db db, IPreferences preferences, ICsrfTokens csrf)
{
    internal async Task<Results<Ok<GetSession.Session>, Accepted<SecondFactor.Needed>, ProblemHttpResult>> ForAsync(Result<Entry> entry, CancellationToken cancel)
    {
        if (!entry.TryGet(out var entered, out var error))
            return error.ToProblem();
        if (entered is Halfway { Needed: var needed })
            return TypedResults.Accepted((string?)null, needed);
        return await ReadAsync((Entered)entered, cancel) is { } session ? TypedResults.Ok(session) : KernelErrors.Unauthenticated.ToProblem();
    }

    /// <summary>Where nothing more can be asked for.</summary>
    internal async Task<Results<Ok<GetSession.Session>, ProblemHttpResult>> OpenedAsync(Result<Entered> entry, CancellationToken cancel)
    {
        if (!entry.TryGet(out var entered, out var error))
            return error.ToProblem();
        return await ReadAsync(entered, cancel) is { } session ? TypedResults.Ok(session) : KernelErrors.Unauthenticated.ToProblem();
    }

    Task<GetSession.Session?> ReadAsync(Entered entered, CancellationToken cancel)
        => GetSession.ReadAsync(entered.UserId, entered.SessionId, db, preferences, csrf, cancel);
}
