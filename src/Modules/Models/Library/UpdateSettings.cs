using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Http;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Models.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Models.Library;

internal static class UpdateSettings
{
    /// <summary>Null leaves the choice to the machine.</summary>
    public sealed record Request(
        [Range(256, 1_048_576)] int? ContextTokens, [Range(1, 64)] int? Sequences, [Range(1, 1024)] int? Threads, [Range(0, 10_000)] int? GpuLayers,
        [Range(0.0, 2.0)] double? Temperature, [Range(0.0, 1.0)] double? TopP, [Range(0, 100_000)] int? TopK);

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPut("/{id:guid}/settings", Handle)
            .WithName("Models_UpdateSettings")
            .WithSummary("Sets how a model is run. It is loaded anew with the next question.")
            .WithExample(new Request(4096, 2, null, null, 0.6, null, null), ListModels.Example)
            .RequireAuthorization(Permissions.GatewayManage);

    static async Task<Results<Ok<ListModels.Model>, ProblemHttpResult>> Handle(
        Guid id, Request request, ModelLibrary library, LocalEngine engine, ModelViews views, CancellationToken cancel)
    {
        var settings = new ModelSettings(request.ContextTokens, request.Sequences, request.Threads, request.GpuLayers, request.Temperature, request.TopP, request.TopK);
        if (!await library.KeepSettingsAsync(id, JsonSerializer.Serialize(settings, KernelJson.Options), cancel))
            return ModelsErrors.Unknown.ToProblem();
        await engine.UnloadAsync(id);
        return await views.FindAsync(id, cancel) is { } model ? TypedResults.Ok(model) : ModelsErrors.Unknown.ToProblem();
    }
}
