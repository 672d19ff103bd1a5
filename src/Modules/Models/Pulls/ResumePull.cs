using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace JeanTrail.Models.Pulls;

internal static class ResumePull
{
    const string Sql = """
        update models.pull set state = 'waiting', error_code = null, error_detail = null, ended_at = null, job_id = null
        where pull_id = @Id and state = 'failed'
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/pulls/{id:guid}/resume", Handle)
            .WithName("Models_ResumePull")
            .WithSummary("Takes a pull up again that failed, where it was.")
            .WithExample(response: ListPulls.Example)
            .RequireAuthorization(Permissions.GatewayManage);

    static async Task<Results<Ok<ListPulls.Pull>, ProblemHttpResult>> Handle(Guid id, PullQueue queue, Db db, CancellationToken cancel)
    {
        try
        {
            var resumed = await db.ExecuteAsync(Sql, new { Id = id }, cancel) == 1;
            await queue.StartWaitingAsync(cancel);
            if (await queue.FindAsync(id, cancel) is not { } pull)
                return ModelsErrors.PullUnknown.ToProblem();
            return resumed ? TypedResults.Ok(pull.ToView()) : ModelsErrors.PullOver.ToProblem();
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return ModelsErrors.PullRunning.ToProblem();
        }
    }
}
