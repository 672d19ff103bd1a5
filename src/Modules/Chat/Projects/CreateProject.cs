using System.ComponentModel.DataAnnotations;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Idempotency;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Projects;

internal static class CreateProject
{
    /// <param name="Instructions">What Jean is told in each of its conversations.</param>
    /// <param name="WorkspaceId">The workspace of a team that shares it; absent for one's own.</param>
    public sealed record Request(
        [property: Required, StringLength(80, MinimumLength = 1)] string Name,
        [property: StringLength(8_000)] string Instructions = "",
        WorkspaceId? WorkspaceId = null);

    /// <summary>As many as the list shows.</summary>
    const int Most = 500;

    const string Sql = """
        insert into chat.project (project_id, owner_id, workspace_id, name, instructions, created_at, updated_at)
        select @Id, @Owner, @WorkspaceId, @Name, @Instructions, @Now, @Now where (select count(*) from chat.project where owner_id = @Owner) < @Most
        on conflict (project_id) do update set owner_id = excluded.owner_id where project.owner_id = excluded.owner_id
        """;

    internal static void Map(RouteGroupBuilder routes) => routes.MapPost("/projects", Handle).WithIdempotency()
        .WithName("Chat_CreateProject").WithSummary("Make a project")
        .WithExample(new Request(Project.Example.Name, Project.Example.Instructions), Project.Example with { Conversations = 0 });

    static async Task<Results<Created<Project>, ProblemHttpResult>> Handle(
        Request request, HttpRequest http, Caller caller, Db db, ITeams teams, TimeProvider clock, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(request.Name))
            return KernelErrors.BadRequest("A project has a name.").ToProblem();
        if (request.WorkspaceId is { } place && !await teams.CanAsync(db, caller.UserId, place, WorkspaceAccess.Write, cancel))
            return ChatErrors.WorkspaceNotFound.ToProblem();
        // Asked again after a crash it is the same project.
        var id = IdempotencyMetadata.IdFor(http, caller.UserId) ?? Ids.New(clock);
        var values = new { Id = id, Owner = caller.UserId, request.WorkspaceId, Name = request.Name.Trim(), Instructions = request.Instructions.Trim(), Now = clock.GetUtcNow(), Most };
        if (await db.ExecuteAsync(Sql, values, cancel) == 0)
            return ChatErrors.TooManyProjects.ToProblem();
        var made = await db.FindAsync<ProjectRow>(ProjectSql.Find, new { Id = id, Person = caller.UserId }, cancel);
        return TypedResults.Created($"/api/chat/projects/{id}", (await ProjectRow.ShowAsync([made!], teams, caller.UserId, cancel))[0]);
    }
}
