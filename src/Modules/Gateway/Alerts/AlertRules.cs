using System.ComponentModel.DataAnnotations;
using JeanTrail.Gateway.Models;
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

/// <summary>What the owner wants to be told of.</summary>
internal static class AlertRules
{
    /// <param name="Kind"><c>errors</c>: calls that failed through no fault of their caller; <c>latency</c>: time to the first byte, of the slowest in twenty.</param>
    /// <param name="SubjectKind"><c>route provider all</c>.</param>
    /// <param name="Subject">A route, a provider's slug; empty for all.</param>
    /// <param name="Threshold">Per cent of calls, or milliseconds.</param>
    /// <param name="WindowMinutes">Over how long it is measured.</param>
    /// <param name="MinCalls">Fewer calls in the window raise nothing.</param>
    /// <param name="Version">To be given with a change.</param>
    public sealed record Rule(
        Guid Id, string Kind, string SubjectKind, string Subject, double Threshold, int WindowMinutes, int MinCalls, bool Enabled, DateTimeOffset CreatedAt, int Version);

    public sealed record NewRule(
        [Required, RegularExpression("^(errors|latency)$")] string Kind,
        [Required, RegularExpression("^(route|provider|all)$")] string SubjectKind,
        [StringLength(ModelName.MaxLength)] string? Subject,
        [Range(0.1, MaxThreshold)] double Threshold,
        [Range(1, MaxWindowMinutes)] int WindowMinutes = 10,
        [Range(1, MaxCalls)] int MinCalls = 20);

    /// <param name="Version">Of the rule as it was read; the change is refused when another came between.</param>
    public sealed record Change(
        [Range(0.1, MaxThreshold)] double Threshold, [Range(1, MaxWindowMinutes)] int WindowMinutes, [Range(1, MaxCalls)] int MinCalls, bool Enabled, int Version);

    const double MaxThreshold = 3_600_000;
    const int MaxWindowMinutes = 1440;
    const int MaxCalls = 1_000_000;
    const int MaxRules = 100;

    internal static readonly Rule Example = new(
        new Guid("019cec20-0c6a-7391-9e48-d7f25ab3106c"), "errors", "all", "", 20, 10, 20, true, new(2026, 3, 2, 8, 40, 0, TimeSpan.Zero), 1);

    const string Columns = "rule_id as id, kind, subject_kind, subject, threshold, window_minutes, min_calls, enabled, created_at, version";
    const string ListSql = $"select {Columns} from gateway.alert_rule order by created_at, rule_id";
    const string FindSql = $"select {Columns} from gateway.alert_rule where rule_id = @Id";

    const string CreateSql = $"""
        insert into gateway.alert_rule (rule_id, kind, subject_kind, subject, threshold, window_minutes, min_calls, created_at)
        select @Id, @Kind, @SubjectKind, @Subject, @Threshold, @WindowMinutes, @MinCalls, @Now where (select count(*) from gateway.alert_rule) < @MaxRules
        returning {Columns}
        """;

    const string ChangeSql = $"""
        update gateway.alert_rule set threshold = @Threshold, window_minutes = @WindowMinutes, min_calls = @MinCalls, enabled = @Enabled, version = version + 1
        where rule_id = @Id and version = @Version returning {Columns}
        """;

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapGet("/alert-rules", ListAsync)
            .WithName("Gateway_ListAlertRules")
            .WithSummary("Lists what raises an alert. Limits and budgets do by themselves, at 80 and 100 per cent.")
            .WithExample(response: Page.Whole<Rule>([Example]))
            .RequireAuthorization(Permissions.GatewayManage);
        routes.MapPost("/alert-rules", CreateAsync)
            .WithName("Gateway_CreateAlertRule")
            .WithSummary("Raises an alert when too many calls fail, or too many answers begin late.")
            .WithExample(new NewRule("errors", "all", null, 20), Example)
            .RequireAuthorization(Permissions.GatewayManage);
        routes.MapPut("/alert-rules/{id:guid}", ChangeAsync)
            .WithName("Gateway_ChangeAlertRule")
            .WithSummary("Changes when a rule raises an alert. What it has raised ends with the next look at the books, if the new rule says so.")
            .WithExample(new Change(25, 10, 20, true, 1), Example with { Threshold = 25, Version = 2 })
            .RequireAuthorization(Permissions.GatewayManage);
        routes.MapDelete("/alert-rules/{id:guid}", DeleteAsync)
            .WithName("Gateway_DeleteAlertRule")
            .WithSummary("Removes a rule and its alerts.")
            .RequireAuthorization(Permissions.GatewayManage);
    }

    static async Task<Ok<Page<Rule>>> ListAsync(Db db, CancellationToken cancel) => TypedResults.Ok(Page.Whole(await db.QueryAsync<Rule>(ListSql, null, cancel)));

    static async Task<Results<Created<Rule>, ProblemHttpResult>> CreateAsync(NewRule request, Db db, TimeProvider clock, CancellationToken cancel)
    {
        var subject = request.Subject?.Trim() ?? "";
        if (request.SubjectKind == "all" != (subject.Length == 0))
            return GatewayErrors.Field("subject", request.SubjectKind == "all" ? "A rule for all has no subject." : "Say which one.").ToProblem();
        if (request is { Kind: "errors", Threshold: > 100 })
            return GatewayErrors.Field("threshold", "There are no more than 100 per cent.").ToProblem();
        var rule = await db.FindAsync<Rule>(
            CreateSql,
            new { Id = Ids.New(clock), request.Kind, request.SubjectKind, Subject = subject, request.Threshold, request.WindowMinutes, request.MinCalls, Now = clock.GetUtcNow(), MaxRules },
            cancel);
        return rule is null ? GatewayErrors.TooManyRules.ToProblem() : TypedResults.Created($"/api/gateway/alert-rules/{rule.Id}", rule);
    }

    static async Task<Results<Ok<Rule>, ProblemHttpResult>> ChangeAsync(Guid id, Change request, Db db, CancellationToken cancel)
    {
        if (await db.FindAsync<Rule>(FindSql, new { Id = id }, cancel) is not { } rule)
            return KernelErrors.NotFound.ToProblem();
        if (rule.Kind == "errors" && request.Threshold > 100)
            return GatewayErrors.Field("threshold", "There are no more than 100 per cent.").ToProblem();
        var changed = await db.FindAsync<Rule>(ChangeSql, new { Id = id, request.Threshold, request.WindowMinutes, request.MinCalls, request.Enabled, request.Version }, cancel);
        return changed is null ? GatewayErrors.ChangedMeanwhile.ToProblem() : TypedResults.Ok(changed);
    }

    static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(Guid id, Db db, CancellationToken cancel)
        => await db.ExecuteAsync("delete from gateway.alert_rule where rule_id = @Id", new { Id = id }, cancel) == 1 ? TypedResults.NoContent() : KernelErrors.NotFound.ToProblem();
}
