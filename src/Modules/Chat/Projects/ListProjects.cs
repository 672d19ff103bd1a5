using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Paging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Projects;

internal static class ListProjects
{
    const string Sql = ProjectSql.Select + " where p.owner_id = @Owner order by lower(p.name), p.project_id limit 500";

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapGet("/projects", Handle)
            .WithName("Chat_ListProjects").WithSummary("List the projects by name")
            .WithExample(response: Page.Whole<Project>([Project.Example]));
        routes.MapGet("/projects/{id:guid}", GetAsync)
            .WithName("Chat_GetProject").WithSummary("One project")
            .WithExample(response: Project.Example);
    }

    static async Task<Ok<Page<Project>>> Handle(Caller caller, Db db, CancellationToken cancel)
        => TypedResults.Ok(Page.Whole(await db.QueryAsync<Project>(Sql, new { Owner = caller.UserId }, cancel)));

    static async Task<Results<Ok<Project>, ProblemHttpResult>> GetAsync(Guid id, Caller caller, Db db, CancellationToken cancel)
        => await db.FindAsync<Project>(ProjectSql.FindOwned, new { Id = id, Owner = caller.UserId }, cancel) is { } found
            ? TypedResults.Ok(found)
            : ChatErrors.ProjectNotFound.ToProblem();
}
