using System.ComponentModel.DataAnnotations;
using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Plans;

internal static class SetPlan
{
    /// <summary>Null is unlimited.</summary>
    public sealed record Request(
        [Range(0, MostRequests)] long? RequestsPerDay, [Range(0, MostBytes)] long? StorageBytes, [Range(0, MostBytes)] long? BandwidthBytesPerMonth);

    const long MostRequests = 1_000_000_000;

    /// <summary>A pebibyte: surely a slip.</summary>
    const long MostBytes = 1L << 50;

    const string LockSql = "select meter, amount from accounts.plan_quota where plan = @Plan order by meter for update";

    const string Sql = """
        update accounts.plan_quota
        set amount = case meter when 'requests' then @Requests::bigint when 'storage' then @Storage::bigint else @Bandwidth::bigint end, updated_at = @Now
        where plan = @Plan
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPut("/plans/{plan}", Handle)
            .WithName("Accounts_SetPlan")
            .WithSummary("Decides how much a plan holds. It counts at once; what was used stays used.")
            .WithExample(new Request(200, 1_073_741_824, null))
            .RequireAuthorization(Policies.Owner)
            .RequireRecentProof();

    /// <param name="plan"><c>owner admin premium free</c>.</param>
    static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        string plan, Request request, Caller caller, HttpContext context, Db db, IAudit audit, TimeProvider clock, CancellationToken cancel)
    {
        if (!UserRoles.All.Contains(plan, StringComparer.Ordinal))
            return KernelErrors.NotFound.ToProblem();
        await db.InTransactionAsync(
            async tx =>
            {
                var before = (await tx.QueryAsync<Row>(LockSql, new { Plan = plan }, cancel)).ToDictionary(row => row.Meter, row => row.Amount, StringComparer.Ordinal);
                var args = new { Plan = plan, Requests = request.RequestsPerDay, Storage = request.StorageBytes, Bandwidth = request.BandwidthBytesPerMonth, Now = clock.GetUtcNow() };
                await tx.ExecuteAsync(Sql, args, cancel);
                var entry = AuditEntry.Of(
                    AuditAct.PlanChanged, caller, context, [],
                    new { Plan = plan, Requests = before["requests"], Storage = before["storage"], Bandwidth = before["bandwidth"] },
                    new { Plan = plan, args.Requests, args.Storage, args.Bandwidth });
                await audit.WriteAsync(tx, entry, cancel);
            },
            cancel);
        return TypedResults.NoContent();
    }

    sealed record Row(string Meter, long? Amount);
}
