using JeanTrail.Contracts.Accounts;
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
    const string Sql = ProjectSql.Select + " order by lower(p.name), p.project_id limit 1000";

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapGet("/projects", Handle)
            .WithName("Chat_ListProjects").WithSummary("List one's own projects and those of one's teams, by name")
            .WithExample(response: Page.Whole<Project>([Project.Example]));
        routes.MapGet("/projects/{id:guid}", GetAsync)
            .WithName("Chat_GetProject").WithSummary("One project")
            .WithExample(response: Project.Example);
    }

    static async Task<Ok<Page<Project>>> Handle(Caller caller, Db db, ITeams teams, CancellationToken cancel)
        => TypedResults.Ok(Page.Whole(await ProjectRow.ShowAsync(await db.QueryAsync<ProjectRow>(Sql, new { Person = caller.UserId }, cancel), teams, caller.UserId, cancel)));

    static async Task<Results<Ok<Project>, ProblemHttpResult>> GetAsync(Guid id, Caller caller, Db db, ITeams teams, CancellationToken cancel)
        => await db.FindAsync<ProjectRow>(ProjectSql.Find, new { Id = id, Person = caller.UserId }, cancel) is { } found
            ? TypedResults.Ok((await ProjectRow.ShowAsync([found], teams, caller.UserId, cancel))[0])
            : ChatErrors.ProjectNotFound.ToProblem();
}
