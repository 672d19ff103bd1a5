using System.ComponentModel.DataAnnotations;
using JeanTrail.Gateway.Models;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Gateway.Limits;

internal static class CreateLimit
{
    /// <param name="Subject">The id of a key, user or team; a plan; a pattern of routes such as <c>provider/*</c>; empty for all.</param>
    /// <param name="Window"><c>none</c> for streams.</param>
    /// <param name="Amount">In the unit of the meter; cost in millionths of the currency of the price list.</param>
    public sealed record Request(
        [Required, RegularExpression("^(key|user|team|plan|route|all)$")] string SubjectKind,
        [StringLength(ModelName.MaxLength)] string? Subject,
        [Required, RegularExpression("^(requests|tokens|streams|cost)$")] string Meter,
        [Required, RegularExpression("^(minute|hour|day|month|none)$")] string Window,
        [Range(0, MostAmount)] long Amount,
        [RegularExpression("^(stop|warn)$")] string Action = "stop");

    /// <summary>So far below the end of 64 bits that nothing that is added to it overflows.</summary>
    internal const long MostAmount = 1_000_000_000_000_000;

    const string Sql = """
        insert into gateway.limit (limit_id, subject_kind, subject, meter, time_window, amount, action, created_at)
        values (@Id, @SubjectKind, @Subject, @Meter, @Window, @Amount, @Action, @Now)
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/limits", Handle)
            .WithName("Gateway_CreateLimit")
            .WithSummary("Limits requests, tokens, calls at the same time or cost, for a key, a user, a team, a plan, routes, or all.")
            .WithExample(
                new Request("key", ListLimits.Example.Subject, "cost", "month", ListLimits.Example.Amount),
                ListLimits.Example with { Spent = 0, Held = 0 })
            .RequireAuthorization(Permissions.GatewayManage);

    static async Task<Results<Created<ListLimits.Item>, ProblemHttpResult>> Handle(
        Request request, Db db, LimitBook book, ListLimits.Reader limits, TimeProvider clock, CancellationToken cancel)
    {
        var subject = request.Subject?.Trim() ?? "";
        if (Check(request, subject) is { } invalid)
            return invalid.ToProblem();
        var id = Ids.New(clock);
        await db.ExecuteAsync(
            Sql, new { Id = id, request.SubjectKind, Subject = subject, request.Meter, request.Window, request.Amount, request.Action, Now = clock.GetUtcNow() }, cancel);
        await book.ChangedAsync(CancellationToken.None);
        return (await limits.ReadAsync(id, cancel)) is [var created]
            ? TypedResults.Created($"/api/gateway/limits/{id}", created)
            : KernelErrors.NotFound.ToProblem();
    }

    static Error? Check(Request request, string subject) => request switch
    {
        { SubjectKind: "key" or "user" or "team" } when !Guid.TryParse(subject, out _) => GatewayErrors.Field("subject", "This is not an id."),
        { SubjectKind: "plan" } when subject is not ("owner" or "admin" or "premium" or "free") => GatewayErrors.Field("subject", "The plans are owner, admin, premium and free."),
        { SubjectKind: "route" } when !ModelPattern.IsValid(subject) => GatewayErrors.Field("subject", "Give a route, or a beginning with an asterisk at its end."),
        { SubjectKind: "all" } when subject.Length > 0 => GatewayErrors.Field("subject", "A limit of all has no subject."),
        { Meter: "streams", Window: not "none" } => GatewayErrors.Field("window", "Calls at the same time have no window: choose none."),
        { Meter: "streams", Action: not "stop" } => GatewayErrors.Field("action", "A limit of calls at the same time can only stop."),
        _ => null,
    };
}
