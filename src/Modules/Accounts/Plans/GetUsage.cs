using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Plans;

internal static class GetUsage
{
    /// <param name="Plan"><c>owner admin premium free</c>.</param>
    /// <param name="Today">Of the day of UTC.</param>
    /// <param name="ThisMonth">Of the month of UTC.</param>
    /// <param name="Days">The last thirty, oldest first, today among them.</param>
    public sealed record Response(
        string Plan, IReadOnlyList<PlanFeatures.Feature> Features, IReadOnlyList<Quota> Quotas, Stretch Today, Stretch ThisMonth, IReadOnlyList<Stretch> Days);

    /// <param name="Meter"><c>requests storage bandwidth</c>, in turns and bytes.</param>
    /// <param name="Window"><c>day month none</c>.</param>
    /// <param name="Limit">Null is unlimited.</param>
    /// <param name="ResetsAt">When it begins anew; null for what is kept.</param>
    public sealed record Quota(string Meter, string Window, long Used, long? Limit, DateTimeOffset? ResetsAt);

    /// <param name="Start">UTC.</param>
    /// <param name="Requests">Turns of conversations.</param>
    /// <param name="Calls">To models, those by key among them.</param>
    /// <param name="CostMicros">Millionths of the currency of the price list.</param>
    public sealed record Stretch(
        DateTimeOffset Start, long Requests, long BandwidthBytes, long Calls, long InputTokens, long OutputTokens, long CostMicros);

    static readonly Stretch ExampleDay = new(new(2026, 3, 14, 0, 0, 0, TimeSpan.Zero), 31, 4_718_592, 34, 18_402, 6_120, 5_310);

    internal static readonly Response Example = new(
        "free", PlanFeatures.Of("free"),
        [
            new("requests", "day", 31, 200, new(2026, 3, 15, 0, 0, 0, TimeSpan.Zero)),
            new("storage", "none", 0, 1_073_741_824, null),
            new("bandwidth", "month", 61_341_696, 21_474_836_480, new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero)),
        ],
        ExampleDay, ExampleDay with { Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero), Requests = 402, BandwidthBytes = 61_341_696, Calls = 440, InputTokens = 240_118, OutputTokens = 80_305, CostMicros = 70_214 },
        [ExampleDay]);

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapGet("/usage", Own)
            .WithName("Accounts_GetUsage")
            .WithSummary("What the person's plan holds, and what they used of it.")
            .WithExample(response: Example)
            .RequireAuthorization(Policies.SignedIn);
        routes.MapGet("/users/{id:guid}/usage", OfUser)
            .WithName("Accounts_GetUserUsage")
            .WithSummary("What a person used of their plan.")
            .WithExample(response: Example)
            .RequireAuthorization(Permissions.UsersManage);
    }

    static Task<Results<Ok<Response>, ProblemHttpResult>> Own(Caller caller, UsageReport report, CancellationToken cancel) => ReadAsync(caller.UserId, report, cancel);

    static Task<Results<Ok<Response>, ProblemHttpResult>> OfUser(Guid id, UsageReport report, CancellationToken cancel) => ReadAsync(new UserId(id), report, cancel);

    static async Task<Results<Ok<Response>, ProblemHttpResult>> ReadAsync(UserId user, UsageReport report, CancellationToken cancel)
        => await report.ReadAsync(user, cancel) is { } answer ? TypedResults.Ok(answer) : KernelErrors.NotFound.ToProblem();
}
