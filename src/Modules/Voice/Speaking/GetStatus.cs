using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Workers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Voice.Speaking;

internal static class GetStatus
{
    /// <param name="Available">Whether Jean can be heard; true also while the first worker is still starting.</param>
    /// <param name="Workers">Workers that are ready now.</param>
    /// <param name="Detail">Why she cannot be heard and what helps, or null.</param>
    public sealed record Response(bool Available, int Workers, string? Detail);

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/status", Handle)
            .WithName("Voice_GetStatus")
            .WithSummary("Whether Jean can be heard.")
            .WithExample(response: new Response(Available: true, Workers: 1, Detail: null))
            .RequireAuthorization(Policies.SignedIn);

    static Ok<Response> Handle(VoiceWorkers workers)
    {
        var why = workers.Pool.Unavailable;
        return TypedResults.Ok(new Response(why is null, workers.Pool.Workers.Count(worker => worker.State == WorkerState.Ready), why));
    }
}
