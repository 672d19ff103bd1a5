using System.ComponentModel.DataAnnotations;
using JeanTrail.Gateway.Models;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Paging;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Gateway.Usage;

internal static class ListCalls
{
    /// <summary>One call in the books. No prompts and no answers are kept.</summary>
    /// <param name="KeyId">The virtual key it came with; null for calls from within.</param>
    /// <param name="Surface">The endpoint, such as <c>chat</c>.</param>
    /// <param name="Route">The name that was asked for.</param>
    /// <param name="ModelId">Who answered, as <c>provider/model</c>; null when it came to none.</param>
    /// <param name="EndedAt">Null while it runs.</param>
    /// <param name="InputTokens">All input, cached included; null where nothing is known.</param>
    /// <param name="Estimated">The token counts are the gateway's, because the provider gave none or broke off.</param>
    /// <param name="CostMicros">Millionths of the currency of the price list.</param>
    /// <param name="Status">The HTTP status the caller got; 0 while it runs.</param>
    /// <param name="Outcome"><c>running completed cancelled failed interrupted</c>.</param>
    /// <param name="Blame"><c>upstream server client</c>, or null.</param>
    public sealed record Call(
        Guid Id, Guid UserId, Guid? KeyId, string Surface, string Route, string? ModelId, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, bool Streamed,
        long? InputTokens, long? CachedInputTokens, long? OutputTokens, long? ReasoningTokens, bool Estimated, long CostMicros, int? FirstByteMs, int TotalMs,
        int Status, string Outcome, string? ErrorCode, string? Blame, string? Cache);

    internal static readonly Call Example = new(
        new Guid("019cebb0-91f2-7a40-b6d7-2f8e13c5a904"), Keys.ListKeys.Example.UserId, Keys.ListKeys.Example.Id, "chat", "harbour-models/lighthouse-8b",
        "harbour-models/lighthouse-8b", new(2026, 3, 14, 9, 27, 58, TimeSpan.Zero), new(2026, 3, 14, 9, 28, 0, TimeSpan.Zero), Streamed: true, InputTokens: 512, CachedInputTokens: 384,
        OutputTokens: 96, ReasoningTokens: null, Estimated: false, CostMicros: 184, FirstByteMs: 210, TotalMs: 1980, Status: 200, CallOutcomes.Completed, ErrorCode: null,
        Blame: null, Cache: null);

    internal const string Columns = """
        usage_id as id, user_id, key_id, surface, route, model_id, started_at, ended_at, streamed, input_tokens, cached_input_tokens, output_tokens,
        reasoning_tokens, estimated, cost_micros, first_byte_ms, total_ms, status, outcome, error_code, blame, cache
        """;

    const string Sql = $"""
        select {Columns} from gateway.usage
        where (@All or user_id = @User) and (@Key::uuid is null or key_id = @Key) and (@Route::text is null or route = @Route)
            and (@Model::text is null or model_id = @Model or (@Model like '%/*' and starts_with(model_id, left(@Model, -1)))) and (@Outcome::text is null or outcome = @Outcome)
            and (@Since::timestamptz is null or started_at >= @Since)
            and (@At::timestamptz is null or (started_at, usage_id) < (@At, @Id))
        order by started_at desc, usage_id desc limit @Take
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/calls", Handle)
            .WithName("Gateway_ListCalls")
            .WithSummary("Lists model calls, newest first: the owner sees everybody's, others their own. The model is who answered: provider/model, or provider/* for all of a provider. Running ones are as of the last second.")
            .WithExample(response: Page.Whole<Call>([Example]))
            .RequireAuthorization(Policies.SignedIn)
            .ReachesAllWith(Permissions.GatewayWatch)
            .OpenToKeys(ApiScopes.GatewayRead);

    static async Task<Ok<Page<Call>>> Handle(
        Caller caller, Db db, PageRequest page, CancellationToken cancel, Guid? key = null,
        [StringLength(ModelName.MaxLength)] string? route = null, [StringLength(ModelName.MaxLength)] string? model = null,
        [RegularExpression("^(running|completed|cancelled|failed|interrupted)$")] string? outcome = null, DateTimeOffset? since = null)
    {
        var rows = await db.QueryAsync<Call>(
            Sql,
            new { All = caller.IsOwner(), User = caller.UserId, Key = key, Route = route, Model = model, Outcome = outcome, Since = since, page.At, page.Id, page.Take },
            cancel);
        return TypedResults.Ok(Page.From(rows, page, row => (row.StartedAt, row.Id)));
    }
}
