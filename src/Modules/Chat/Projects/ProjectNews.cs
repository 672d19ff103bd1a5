using JeanTrail.Chat.Together;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Messaging;
using JeanTrail.Kernel.Realtime;

namespace JeanTrail.Chat.Projects;

/// <summary>Tells the people of a team's project, and those who were that before a change, that it looks different now.</summary>
internal sealed class ProjectNews(Db db, IRealtime realtime, OpenReaders readers)
{
    const string PeopleSql = "select k.user_id from chat.project p join kernel.place_person k on k.place_id = p.workspace_id where p.project_id = @Id";

    /// <summary>Who is in it with their team; nobody in one's own.</summary>
    public async Task<IReadOnlyList<UserId>> PeopleAsync(Guid id, CancellationToken cancel)
    {
        // Those who moved it may be out of it by now, and the others are told all the same.
        using (RowScope.Server())
            return await db.QueryAsync<UserId>(PeopleSql, new { Id = id }, cancel);
    }

    public async Task ChangedAsync(Guid id, IReadOnlyList<UserId> before, CancellationToken cancel)
    {
        var people = before.Union(await PeopleAsync(id, cancel)).ToArray();
        foreach (var person in people)
            await realtime.PublishAsync(UserTopics.Of(person), "chat.project-changed", new { projectId = id }, cancel);
        if (before.Count > 0)
            await readers.AskAllAgainAsync(cancel);
    }
}

/// <summary>What a team had in a workspace that is gone stays with whoever made it.</summary>
internal sealed class KeepProjects : IEventConsumer<WorkspaceDeleted>
{
    const string KeepSql = "update chat.project set workspace_id = null where workspace_id = @Workspace and owner_id is not null";

    const string EndSql = "delete from chat.project where workspace_id = @Workspace and owner_id is null";

    public async Task HandleAsync(WorkspaceDeleted message, EventContext context, Tx transaction, CancellationToken cancel)
    {
        await transaction.ExecuteAsync(KeepSql, new { Workspace = message.WorkspaceId }, cancel);
        await transaction.ExecuteAsync(EndSql, new { Workspace = message.WorkspaceId }, cancel);
    }
}
