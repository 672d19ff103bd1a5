using JeanTrail.Accounts.Sessions;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Realtime;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace JeanTrail.Accounts.Users;

/// <summary>Makes what was decided about a person take effect on every node at once.</summary>
internal sealed partial class UserChanges(
    Db db, LiveSessions sessions, ILiveConnections connections, IBroadcast broadcast, TimeProvider clock, ILogger<UserChanges> logger)
{
    // Also sessions that the person opened as somebody else.
    const string EndSql = "update accounts.session set revoked_at = @Now where (user_id = @Id or actor_id = @Id) and revoked_at is null returning session_id";
    const string OpenSql = "select session_id from accounts.session where user_id = @Id and revoked_at is null and expires_at > @Now";

    /// <summary>Ends all sessions of the person in the transaction; tell <see cref="EndedAsync"/> when it is committed.</summary>
    internal Task<IReadOnlyList<Guid>> EndSessionsAsync(Tx tx, Guid person, CancellationToken cancel)
        => tx.QueryAsync<Guid>(EndSql, new { Id = person, Now = clock.GetUtcNow() }, cancel);

    /// <summary>After the commit: closes what is still open in these sessions.</summary>
    internal Task EndedAsync(IReadOnlyList<Guid> ended) => sessions.ForgetAsync(ended, CancellationToken.None);

    /// <summary>After the commit, of a person who is kept out: as the two others, and closes what is open with their keys.</summary>
    internal async Task KeptOutAsync(Guid person, IReadOnlyList<Guid> ended)
    {
        // The keys first: ending many sessions takes a message each.
        await ChangedAsync(person);
        await connections.AbortPersonAsync(new UserId(person), CancellationToken.None);
        await EndedAsync(ended);
    }

    /// <summary>After the commit: nobody believes what they knew about the person. Their sessions stay open.</summary>
    internal async Task ChangedAsync(Guid person)
    {
        try
        {
            var open = await db.QueryAsync<Guid>(OpenSql, new { Id = person, Now = clock.GetUtcNow() }, CancellationToken.None);
            await sessions.RereadAsync(open, CancellationToken.None);
            await broadcast.SendAsync(UserBroadcasts.Changed, person.ToString("N"), CancellationToken.None);
        }
        catch (NpgsqlException failure)
        {
            // The change itself is committed: its caller must not fail. What is believed about a person ends by itself within half a minute.
            LogNotSent(logger, person, failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The change of user {UserId} could not be sent to the other nodes")]
    static partial void LogNotSent(ILogger logger, Guid userId, Exception failure);
}
