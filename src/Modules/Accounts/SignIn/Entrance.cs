using JeanTrail.Accounts.Sessions;
using JeanTrail.Accounts.TwoFactor;
using JeanTrail.Accounts.Users;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Accounts.SignIn;

/// <summary>The one way in, whatever a person proved who they are with.</summary>
internal sealed partial class Entrance(
    Db db, SessionIssuer issuer, SecondFactors factors, SignInTickets tickets, EarlierSessions earlier, ILogger<Entrance> logger)
{
    /// <summary>
    /// For every first factor: opens a session, sends its cookie and ends the browser's earlier one; a person with a second factor gets a
    /// ticket to it instead. Null when the proof no longer held. <see cref="SignInAnswers.ForAsync"/> makes the answer of it.
    /// </summary>
    /// <param name="still">Whether the proof still holds, asked in the transaction that opens the session; it locks what it looks at.</param>
    internal async Task<Entry?> EnterAsync(UserId user, Func<Tx, Task<bool>> still, HttpContext context, CancellationToken cancel)
    {
        var (issued, needed) = await FirstAsync(user, still, tx => issuer.IssueAsync(tx, user, context, cancel), context, cancel);
        if (needed is not null)
        {
            LogHalfway(logger, user.Value);
            return new Halfway(needed);
        }

        return issued is null ? null : await SendAsync(user, issued, context, cancel);
    }

    /// <summary>
    /// The same for whatever is opened, such as a program's pair of tokens: that, or the ticket to a second factor; neither when the proof no longer held.
    /// </summary>
    internal Task<(T? Opened, SecondFactor.Needed? Needed)> FirstAsync<T>(
        UserId user, Func<Tx, Task<bool>> still, Func<Tx, Task<T>> open, HttpContext context, CancellationToken cancel)
        where T : class
        => db.InTransactionAsync<(T? Opened, SecondFactor.Needed? Needed)>(
            async tx =>
            {
                // A second factor that is being turned on meanwhile is waited for: it ends the sessions it finds, and this one asks for it.
                if (!await still(tx) || !await UserLock.TakeAsync(tx, user, cancel))
                    return (null, null);
                return await factors.IsOnAsync(tx, user, cancel) ? (null, await tickets.IssueAsync(tx, user, context, cancel)) : (await open(tx), null);
            },
            cancel);

    /// <summary>After the second factor: opens the session. Null when the ticket no longer held.</summary>
    internal async Task<Entered?> FinishAsync(UserId user, Func<Tx, Task<bool>> still, HttpContext context, CancellationToken cancel)
    {
        var issued = await db.InTransactionAsync(
            async tx => await still(tx) ? await issuer.IssueAsync(tx, user, context, cancel, secondFactor: true) : null,
            cancel);
        return issued is null ? null : await SendAsync(user, issued, context, cancel);
    }

    async Task<Entered> SendAsync(UserId user, IssuedSession issued, HttpContext context, CancellationToken cancel)
    {
        await earlier.EndAsync(context, cancel);
        issuer.Send(context, issued);
        LogEntered(logger, user.Value, issued.SessionId);
        return new Entered(user, issued.SessionId);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "User {UserId} signed in, session {SessionId}")]
    static partial void LogEntered(ILogger logger, Guid userId, Guid sessionId);

    [LoggerMessage(Level = LogLevel.Information, Message = "User {UserId} passed the first factor")]
    static partial void LogHalfway(ILogger logger, Guid userId);
}

/// <summary>The browser's earlier session is replaced by the new one and would otherwise stay open, unseen.</summary>
internal sealed class EarlierSessions(Db db, LiveSessions sessions, TimeProvider clock)
{
    const string ReplaceSql = "update accounts.session set revoked_at = @Now where session_id = @Id and revoked_at is null";

    internal async Task EndAsync(HttpContext context, CancellationToken cancel)
    {
        if (Caller.From(context.User) is not { } earlier)
            return;
        await db.ExecuteAsync(ReplaceSql, new { Id = earlier.SessionId, Now = clock.GetUtcNow() }, cancel);
        await sessions.ForgetAsync([earlier.SessionId], CancellationToken.None);
    }
}

/// <summary>What a proof led to: <see cref="Entered"/> or <see cref="Halfway"/>.</summary>
internal abstract record Entry;

/// <summary>Who came in, and by which session.</summary>
internal sealed record Entered(UserId UserId, Guid SessionId) : Entry;

/// <summary>The second factor is asked for.</summary>
internal sealed record Halfway(SecondFactor.Needed Needed) : Entry;
