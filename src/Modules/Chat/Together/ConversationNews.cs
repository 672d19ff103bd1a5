using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Realtime;

namespace JeanTrail.Chat.Together;

/// <summary>Tells the people of a conversation what is new in it: all their windows, and those that have it open.</summary>
internal sealed class ConversationNews(Db db, IRealtime realtime)
{
    const string PeopleSql = """
        select c.owner_id from chat.conversation c where c.conversation_id = @Id
        union all select o.user_id from chat.conversation c cross join lateral chat.others(c) o where c.conversation_id = @Id
        """;

    /// <summary>It looks different now; whoever shows it reads it again.</summary>
    public async Task ChangedAsync(ConversationId id, CancellationToken cancel, UserId? alsoTo = null)
    {
        IReadOnlyList<UserId> people;
        // Whoever changed it may be out of it by now, and the others are told all the same.
        using (RowScope.Server())
            people = await db.QueryAsync<UserId>(PeopleSql, new { Id = id }, cancel);
        foreach (var person in alsoTo is { } gone ? people.Append(gone) : people)
            await realtime.ConversationChangedAsync(person, id, cancel);
    }

    /// <summary>To those who have it open: small, and nobody's loss if it does not arrive.</summary>
    public Task TellAsync(Guid id, int liveVersion, string name, object data, CancellationToken cancel)
        => realtime.PublishAsync(LiveTopic.Of(id, liveVersion), name, data, cancel);
}

/// <summary>
/// <c>conversation:{id}:{version}</c> is heard by those who may read the conversation. The version changes when somebody is let out or may do
/// less: they stay behind under the old name, where nothing is said any more.
/// </summary>
internal sealed class LiveTopic(Db db) : ITopicAuthorizer
{
    const string Sql = $"select 1 from chat.conversation c where c.conversation_id = @Id and c.live_version = @Version and {ChatAccess.View}";

    public string Prefix => "conversation:";

    public static string Of(Guid id, int version) => $"conversation:{id}:{version}";

    public async ValueTask<bool> MayListenAsync(Caller caller, string topic, CancellationToken cancel)
    {
        return topic[Prefix.Length..].Split(':') is [var first, var second] && Guid.TryParseExact(first, "D", out var id) && int.TryParse(second, out var version)
            && await db.FindAsync<int?>(Sql, new { Id = id, Version = version, Person = caller.UserId }, cancel) is not null;
    }
}
