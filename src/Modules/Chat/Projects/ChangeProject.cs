using System.ComponentModel.DataAnnotations;
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
    public sealed record Request(
        [property: Required, StringLength(80, MinimumLength = 1)] string Name,
        [property: StringLength(8_000)] string Instructions = "");

    const string UpdateSql = "update chat.project set name = @Name, instructions = @Instructions, updated_at = @Now where project_id = @Id and owner_id = @Owner";

    const string DeleteSql = "delete from chat.project where project_id = @Id and owner_id = @Owner";

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapPut("/projects/{id:guid}", UpdateAsync)
            .WithName("Chat_UpdateProject").WithSummary("Rename a project or change its instructions")
            .WithExample(new Request(Project.Example.Name, Project.Example.Instructions));
        routes.MapDelete("/projects/{id:guid}", DeleteAsync)
            .WithName("Chat_DeleteProject").WithSummary("Delete a project; its conversations stay");
    }

    static async Task<Results<NoContent, ProblemHttpResult>> UpdateAsync(Guid id, Request request, Caller caller, Db db, TimeProvider clock, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(request.Name))
            return KernelErrors.BadRequest("A project has a name.").ToProblem();
        var values = new { Id = id, Owner = caller.UserId, Name = request.Name.Trim(), Instructions = request.Instructions.Trim(), Now = clock.GetUtcNow() };
        return await db.ExecuteAsync(UpdateSql, values, cancel) == 1 ? TypedResults.NoContent() : ChatErrors.ProjectNotFound.ToProblem();
    }

    static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(Guid id, Caller caller, Db db, CancellationToken cancel)
        => await db.ExecuteAsync(DeleteSql, new { Id = id, Owner = caller.UserId }, cancel) == 1 ? TypedResults.NoContent() : ChatErrors.ProjectNotFound.ToProblem();
}
