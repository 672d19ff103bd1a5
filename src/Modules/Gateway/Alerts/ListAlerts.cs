using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Paging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Gateway.Alerts;

internal static class ListAlerts
{
    /// <param name="Kind"><c>errors latency budget</c>.</param>
    /// <param name="SubjectKind">Of rules <c>route provider all</c>, of budgets <c>key user team plan route all</c>.</param>
    /// <param name="Subject">A route, a provider's slug, an id, a plan; empty for all.</param>
    /// <param name="Value">The worst that was seen: errors in per cent, latency in milliseconds, a budget in the unit of its limit.</param>
    /// <param name="Threshold">In the same unit.</param>
    /// <param name="EndedAt">Null while it lasts; a budget's says when it was reached.</param>
    /// <param name="AcknowledgedAt">When the owner had seen it.</param>
    public sealed record Alert(
        Guid Id, string Kind, Guid? RuleId, Guid? LimitId, string SubjectKind, string Subject, double Value, double Threshold, DateTimeOffset RaisedAt,
        DateTimeOffset? EndedAt, DateTimeOffset? AcknowledgedAt);

    internal static readonly Alert Example = new(
        new Guid("019cec21-4b70-7d8e-a3f5-61c09e2b84d7"), "errors", AlertRules.Example.Id, null, "all", "", 34.5, 20, new(2026, 3, 14, 9, 30, 0, TimeSpan.Zero), null, null);

    const string Columns = "alert_id as id, kind, rule_id, limit_id, subject_kind, subject, value, threshold, raised_at, ended_at, acknowledged_at";

    const string Sql = $"""
        select {Columns} from gateway.alert where (@At::timestamptz is null or (raised_at, alert_id) < (@At, @Id))
        order by raised_at desc, alert_id desc limit @Take
        """;

    const string AcknowledgeSql = $"update gateway.alert set acknowledged_at = coalesce(acknowledged_at, @Now) where alert_id = @Id returning {Columns}";

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapGet("/alerts", Handle)
            .WithName("Gateway_ListAlerts")
            .WithSummary("Lists what was amiss, newest first: too many errors, answers that began too late, budgets that ran low.")
            .WithExample(response: Page.Whole<Alert>([Example]))
            .RequireAuthorization(Permissions.GatewayManage);
        routes.MapPost("/alerts/{id:guid}/acknowledge", AcknowledgeAsync)
            .WithName("Gateway_AcknowledgeAlert")
            .WithSummary("Notes that the owner has seen an alert.")
            .WithExample(response: Example with { AcknowledgedAt = Example.RaisedAt.AddMinutes(2) })
            .RequireAuthorization(Permissions.GatewayManage);
    }

    static async Task<Ok<Page<Alert>>> Handle(Db db, PageRequest page, CancellationToken cancel)
        => TypedResults.Ok(Page.From(await db.QueryAsync<Alert>(Sql, new { page.At, page.Id, page.Take }, cancel), page, row => (row.RaisedAt, row.Id)));

    static async Task<Results<Ok<Alert>, ProblemHttpResult>> AcknowledgeAsync(Guid id, Db db, TimeProvider clock, CancellationToken cancel)
        => await db.FindAsync<Alert>(AcknowledgeSql, new { Id = id, Now = clock.GetUtcNow() }, cancel) is { } alert
            ? TypedResults.Ok(alert)
            : KernelErrors.NotFound.ToProblem();
}
