using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using JeanTrail.Gateway.Exchange;
using JeanTrail.Gateway.Usage;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Gateway.Routes;

internal static class DryRun
{
    /// <param name="Body">The JSON that a caller of the API would send.</param>
    /// <param name="Surface"><c>chat responses embeddings images image-edits speech transcriptions rerank moderations</c>.</param>
    /// <param name="Plan">Of the caller: <c>owner admin premium free</c>; left out, one's own.</param>
    public sealed record Request(
        [property: JsonPropertyName("request")] JsonElement Body,
        [StringLength(20)] string Surface = "chat",
        [StringLength(20)] string? Plan = null);

    /// <param name="Decision">Why in this order.</param>
    /// <param name="Order">Who would be asked first, and who after a failure.</param>
    /// <param name="CacheMode"><c>off deterministic always</c>.</param>
    public sealed record Response(
        string Model,
        string Decision,
        IReadOnlyList<Step> Order,
        IReadOnlyList<Skipped> Skipped,
        long InputTokens,
        long OutputTokens,
        int MaxAttempts,
        string CacheMode,
        IReadOnlyList<Guardrail> Guardrails);

    /// <param name="CostMicros">The most this call may cost there, in millionths of the cost table's currency; 0 where no price is known.</param>
    public sealed record Step(string Model, string Provider, long CostMicros, ListTargets.Target Health);

    /// <param name="Reason">Why it was not considered.</param>
    public sealed record Skipped(string Model, string Reason);

    /// <param name="Kind"><c>max-size mask block</c>.</param>
    /// <param name="Applies"><c>input output both</c>.</param>
    public sealed record Guardrail(string Kind, string Applies);

    static readonly Response Example = new(
        "smart", "first in order", [new(ListTargets.Example.Model, "Harbour Models", CostMicros: 61, ListTargets.Example)],
        [new("harbour-models/lighthouse-70b", "It is only used from 07:00 until 22:00 (Europe/Lisbon).")],
        InputTokens: 14, OutputTokens: 500, MaxAttempts: 3, CacheMode: "deterministic", [new("mask", "input")]);

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/routes/dry-run", Handle)
            .WithName("Gateway_DryRunRoute")
            .WithSummary("Tells where a request would go now, and why. Nothing is asked and nothing is counted.")
            .WithExample(
                new Request(JsonSerializer.SerializeToElement(new { model = "smart", input = "Where is the harbour?" }), Exchange.Surface.Responses.Name(), "free"), Example)
            .RequireAuthorization(Permissions.GatewayManage);

    static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(Request request, Caller caller, RoutePlanner planner, ILedger ledger, CancellationToken cancel)
    {
        if (Array.FindIndex(Surfaces.All, surface => surface.Name() == request.Surface) is var index && index < 0)
            return Unknown("surface", Surfaces.All.Select(surface => surface.Name())).ToProblem();
        if (request.Plan is { } given && !RouteValidation.Plans.Contains(given, StringComparer.Ordinal))
            return Unknown("plan", RouteValidation.Plans).ToProblem();
        var body = Encoding.UTF8.GetBytes(request.Body.GetRawText());
        if (!RequestShape.Read(body).TryGet(out var shape, out var invalid))
            return invalid.ToProblem();
        if (!(await planner.PlanAsync(new RouteQuestion(Surfaces.All[index], body, shape, request.Plan ?? caller.Role), cancel)).TryGet(out var plan, out var refused))
            return refused.ToProblem();
        var output = shape.MaxOutputTokens ?? RouteRules.TypicalOutputTokens;
        return TypedResults.Ok(new Response(
            plan.Name,
            plan.Decision,
            [.. plan.Targets.Select(target => new Step(target.Id, target.Provider.Name, ledger.EstimateMicros(target.Id, shape.EstimatedInputTokens, output), target.Health.ToView(target.Id)))],
            [.. plan.Skipped.Select(target => new Skipped(target.Model, target.Reason))],
            shape.EstimatedInputTokens,
            output,
            plan.Rule.MaxAttempts,
            (plan.Rule.Cache ?? new RouteCache()).Mode,
            [.. (plan.Rule.Guardrails ?? []).Select(step => new Guardrail(step.Kind, step.Applies))]));
    }

    static Error Unknown(string field, IEnumerable<string> known) => GatewayErrors.Field(field, $"Known are {string.Join(", ", known)}.");
}
