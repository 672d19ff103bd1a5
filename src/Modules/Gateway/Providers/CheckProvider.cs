using JeanTrail.Gateway.Dialects;
using JeanTrail.Gateway.Models;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Gateway.Providers;

internal static class CheckProvider
{
    /// <param name="Code">Why not, such as <c>gateway.upstream_unauthorized</c>; null when it answered.</param>
    public sealed record Response(bool Ok, int LatencyMs, IReadOnlyList<string> Models, string? Code, string? Detail);

    const string FindSql = $"select {ProviderRow.Columns} from gateway.provider where provider_id = @Id";

    const string Sql = """
        update gateway.provider set
            last_check_at = @Now, last_check_ok = @Ok, last_check_latency_ms = @LatencyMs, last_check_detail = @Detail, last_check_model_count = @Count,
            models = case when @Ok then @Models else models end
        where provider_id = @Id
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/providers/{id:guid}/check", Handle)
            .WithName("Gateway_CheckProvider")
            .WithSummary("Asks a provider for its models now, and tells in words what is wrong if that fails.")
            .WithExample(response: new Response(Ok: true, LatencyMs: 84, ["lighthouse-8b", "tug-mini"], Code: null, Detail: null))
            .RequireAuthorization(Permissions.GatewayManage);

    static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid id, Db db, ProviderDirectory providers, DialectSet dialects, ModelLists lists, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.FindAsync<ProviderRow>(FindSql, new { Id = id }, cancel) is not { } provider)
            return KernelErrors.NotFound.ToProblem();
        var began = clock.GetTimestamp();
        var (models, error) = (await providers.OpenAsync(provider, cancel)).TryGet(out var server, out var closed)
            ? await lists.FetchAsync(server, dialects.Of(provider.Kind), cancel)
            : ([], closed);
        var answer = new Response(error is null, (int)clock.GetElapsedTime(began).TotalMilliseconds, models, error?.Code, error?.Detail);
        var row = new
        {
            Id = id,
            Now = clock.GetUtcNow(),
            answer.Ok,
            answer.LatencyMs,
            answer.Detail,
            Models = models.ToArray(),
            models.Count,
        };
        await db.ExecuteAsync(Sql, row, cancel);
        await providers.InvalidateAsync(CancellationToken.None);
        await lists.InvalidateAsync(id, CancellationToken.None);
        return TypedResults.Ok(answer);
    }
}
