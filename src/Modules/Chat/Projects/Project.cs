using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Chat.Projects;

/// <summary>A folder of conversations that share instructions: a person's own, or that of a team's workspace.</summary>
/// <param name="Role">What whoever asks may do with it: <c>owner admin</c> everything, <c>edit</c> begin conversations in it.</param>
/// <param name="Conversations">How many there are in it that whoever asks may read, without those in the bin.</param>
/// <param name="Workspace">Where everybody reads and writes what is in it; null for one's own.</param>
internal sealed record Project(
    Guid Id, string Name, string Instructions, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, long Conversations, string Role = "owner", ProjectWorkspace? Workspace = null)
{
    internal static Project Example { get; } = new(
        new Guid("019cebae-4c11-7a35-b0d2-58f7a1e4c690"), "Harbour tour", "We are planning for a family with two children.", ExampleTalk.BegunAt, ExampleTalk.BegunAt, 3);
}

/// <param name="Name">Empty when it was deleted a moment ago.</param>
internal sealed record ProjectWorkspace(WorkspaceId Id, string Name, string TeamName);

/// <summary>As the database has it.</summary>
internal sealed record ProjectRow(
    Guid Id, string Name, string Instructions, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, long Conversations, string Role, WorkspaceId? WorkspaceId)
{
    /// <summary>The projects, with the names of their workspaces.</summary>
    internal static async Task<IReadOnlyList<Project>> ShowAsync(IReadOnlyList<ProjectRow> rows, ITeams teams, UserId person, CancellationToken cancel)
    {
        var workspaces = rows.Any(row => row.WorkspaceId is not null) ? await teams.WorkspacesAsync(person, cancel) : [];
        return [.. rows.Select(row => new Project(
            row.Id, row.Name, row.Instructions, row.CreatedAt, row.UpdatedAt, row.Conversations, row.Role,
            row.WorkspaceId is { } place ? new ProjectWorkspace(place, Named(place)?.Name ?? "", Named(place)?.TeamName ?? "") : null))];

        SharedWorkspace? Named(WorkspaceId place) => workspaces.FirstOrDefault(one => one.Id == place);
    }
}

internal static class ProjectSql
{
    /// <summary>Selects <see cref="ProjectRow"/>: own ones and those of the person's teams.</summary>
    internal const string Select = """
        select p.project_id as id, p.name, p.instructions, p.created_at, p.updated_at,
            (select count(*) from chat.conversation c where c.project_id = p.project_id and c.deleted_at is null and chat.may(c, @Person, 'view')) as conversations,
            chat.project_role(p, @Person) as role, p.workspace_id
        from chat.project p
        where (p.owner_id = @Person or p.workspace_id in (select k.place_id from kernel.place_person k where k.user_id = @Person))
            and chat.project_role(p, @Person) is not null
        """;

    internal const string Find = Select + " and p.project_id = @Id";

    /// <summary>Of projects <c>p</c>: who may rename, instruct, move and delete them.</summary>
    internal const string Managed = "p.project_id = @Id and chat.project_role(p, @Person) in ('owner', 'admin')";
}
