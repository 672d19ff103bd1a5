using System.ComponentModel.DataAnnotations;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Projects;

/// <summary>Name and instructions of a project; and its end, which its conversations outlive.</summary>
internal static class ChangeProject
{
    /// <param name="WorkspaceId">The workspace of a team that shares it; null makes it the caller's own.</param>
    public sealed record Request(
        [property: Required, StringLength(80, MinimumLength = 1)] string Name,
        [property: StringLength(8_000)] string Instructions = "",
        WorkspaceId? WorkspaceId = null);

    // Whoever takes it back from a team makes it their own.
    const string UpdateSql = $"""
        update chat.project p set name = @Name, instructions = @Instructions, updated_at = @Now, workspace_id = @WorkspaceId,
            owner_id = case when @WorkspaceId::uuid is null then @Person else p.owner_id end
        where {ProjectSql.Managed}
        """;

    const string DeleteSql = $"delete from chat.project p where {ProjectSql.Managed}";

    const string TalksSql = "select c.conversation_id from chat.conversation c where c.project_id = @Id";

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapPut("/projects/{id:guid}", UpdateAsync)
            .WithName("Chat_UpdateProject").WithSummary("Rename a project, change its instructions, or who shares it")
            .WithExample(new Request(Project.Example.Name, Project.Example.Instructions));
        routes.MapDelete("/projects/{id:guid}", DeleteAsync)
            .WithName("Chat_DeleteProject").WithSummary("Delete a project; its conversations stay");
    }

    static async Task<Results<NoContent, ProblemHttpResult>> UpdateAsync(
        Guid id, Request request, Caller caller, Db db, ITeams teams, ProjectNews news, TimeProvider clock, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(request.Name))
            return KernelErrors.BadRequest("A project has a name.").ToProblem();
        if (request.WorkspaceId is { } place && !await teams.CanAsync(db, caller.UserId, place, WorkspaceAccess.Write, cancel))
            return ChatErrors.WorkspaceNotFound.ToProblem();
        var values = new { Id = id, Person = caller.UserId, request.WorkspaceId, Name = request.Name.Trim(), Instructions = request.Instructions.Trim(), Now = clock.GetUtcNow() };
        return await ApplyAsync(UpdateSql, values, id, caller, db, news, cancel);
    }

    static Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(Guid id, Caller caller, Db db, ProjectNews news, CancellationToken cancel)
        => ApplyAsync(DeleteSql, new { Id = id, Person = caller.UserId }, id, caller, db, news, cancel);

    static async Task<Results<NoContent, ProblemHttpResult>> ApplyAsync(string sql, object values, Guid id, Caller caller, Db db, ProjectNews news, CancellationToken cancel)
    {
        var people = await news.PeopleAsync(id, cancel);
        if (await db.ExecuteAsync(sql, values, cancel) == 1)
        {
            await news.ChangedAsync(id, people, cancel);
            return TypedResults.NoContent();
        }

        return (await db.FindAsync<ProjectRow>(ProjectSql.Find, new { Id = id, Person = caller.UserId }, cancel) is null ? ChatErrors.ProjectNotFound : ChatErrors.ProjectNotYours).ToProblem();
    }
}
