using System.Text.Json;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Http;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Gateway.Usage;

internal static class GetCall
{
    /// <summary>A call with everything that is known of how it went.</summary>
    /// <param name="TraceId">W3C trace id, which the answer carried too.</param>
    /// <param name="PriceId">The version of the price it was reckoned with.</param>
    /// <param name="Decision">Why it went where it went.</param>
    /// <param name="Guardrail">The rule that refused the request or withheld the answer; null when none did.</param>
    /// <param name="BodiesUntil">What was said is kept until then, for the owner to read; null when it is not kept.</param>
    public sealed record Trace(
        ListCalls.Call Call, Guid? TeamId, Guid? ProviderId, string? TraceId, Guid? NodeId, long? CacheWriteTokens, Guid? PriceId, string? Decision, string? Guardrail,
        DateTimeOffset? BodiesUntil, IReadOnlyList<Attempt> Attempts);

    /// <summary>One request to an upstream.</summary>
    /// <param name="StartMs">After the call's beginning.</param>
    /// <param name="HeadersMs">Until the upstream's headers; null when there were none.</param>
    /// <param name="Status">The upstream's; null when it did not answer.</param>
    /// <param name="Hedge">It was started beside another that took too long.</param>
    public sealed record Attempt(string ModelId, double StartMs, double? HeadersMs, int? Status, string? Error, bool Hedge);

    const string Sql = $"""
        select {ListCalls.Columns}, team_id, provider_id, trace_id, node_id, cache_write_tokens, price_id, decision, guardrail,
            (select expires_at from gateway.call_body where call_id = usage_id and expires_at > @Now) as bodies_until, attempts::text as attempts
        from gateway.usage where usage_id = @Id and (@All or user_id = @User)
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/calls/{id:guid}", Handle)
            .WithName("Gateway_GetCall")
            .WithSummary("Tells how one call went: its attempts, its decision, its cost.")
            .WithExample(response: new Trace(
                ListCalls.Example, TeamId: null, Providers.ListProviders.Example.Id, "4bf92f3577b34da6a3ce929d0e0e4736", new Guid("019cebad-0a1b-7c2d-9e3f-4a5b6c7d8e9f"),
                CacheWriteTokens: null, PriceId: null, "harbour-models/lighthouse-8b was asked for by name", Guardrail: null, BodiesUntil: null,
                [new Attempt("harbour-models/lighthouse-8b", 0.4, 195.2, 200, Error: null, Hedge: false)]))
            .RequireAuthorization(Policies.SignedIn)
            .ReachesAllWith(Permissions.GatewayWatch)
            .OpenToKeys(ApiScopes.GatewayRead);

    static async Task<Results<Ok<Trace>, ProblemHttpResult>> Handle(Guid id, Caller caller, Db db, TimeProvider clock, CancellationToken cancel)
        => await db.FindAsync<Row>(Sql, new { Id = id, All = caller.IsOwner(), User = caller.UserId, Now = clock.GetUtcNow() }, cancel) is { } row
            ? TypedResults.Ok(row.ToTrace())
            : KernelErrors.NotFound.ToProblem();

    sealed record Row(
        Guid Id, Guid UserId, Guid? KeyId, string Surface, string Route, string? ModelId, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, bool Streamed,
        long? InputTokens, long? CachedInputTokens, long? OutputTokens, long? ReasoningTokens, bool Estimated, long CostMicros, int? FirstByteMs, int TotalMs,
        int Status, string Outcome, string? ErrorCode, string? Blame, string? Cache,
        Guid? TeamId, Guid? ProviderId, string? TraceId, Guid? NodeId, long? CacheWriteTokens, Guid? PriceId, string? Decision, string? Guardrail, DateTimeOffset? BodiesUntil,
        string Attempts)
    {
        internal Trace ToTrace() => new(
            new ListCalls.Call(
                Id, UserId, KeyId, Surface, Route, ModelId, StartedAt, EndedAt, Streamed, InputTokens, CachedInputTokens, OutputTokens, ReasoningTokens, Estimated,
                CostMicros, FirstByteMs, TotalMs, Status, Outcome, ErrorCode, Blame, Cache),
            TeamId, ProviderId, TraceId, NodeId, CacheWriteTokens, PriceId, Decision, Guardrail, BodiesUntil,
            JsonSerializer.Deserialize<List<Attempt>>(Attempts, KernelJson.Options) ?? []);
    }
}
