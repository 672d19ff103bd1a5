using System.ComponentModel.DataAnnotations;
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
    public sealed record Request(
        [property: Required, StringLength(80, MinimumLength = 1)] string Name,
        [property: StringLength(8_000)] string Instructions = "");

    /// <summary>As many as the list shows.</summary>
    const int Most = 500;

    const string Sql = """
        insert into chat.project (project_id, owner_id, name, instructions, created_at, updated_at)
        select @Id, @Owner, @Name, @Instructions, @Now, @Now where (select count(*) from chat.project where owner_id = @Owner) < @Most
        """;

    internal static void Map(RouteGroupBuilder routes) => routes.MapPost("/projects", Handle).WithIdempotency()
        .WithName("Chat_CreateProject").WithSummary("Make a project")
        .WithExample(new Request(Project.Example.Name, Project.Example.Instructions), Project.Example with { Conversations = 0 });

    static async Task<Results<Created<Project>, ProblemHttpResult>> Handle(Request request, Caller caller, Db db, TimeProvider clock, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(request.Name))
            return KernelErrors.BadRequest("A project has a name.").ToProblem();
        var now = clock.GetUtcNow();
        var made = new Project(Ids.New(clock), request.Name.Trim(), request.Instructions.Trim(), now, now, 0);
        return await db.ExecuteAsync(Sql, new { made.Id, Owner = caller.UserId, made.Name, made.Instructions, Now = now, Most }, cancel) == 1
            ? TypedResults.Created($"/api/chat/projects/{made.Id}", made)
            : ChatErrors.TooManyProjects.ToProblem();
    }
}
