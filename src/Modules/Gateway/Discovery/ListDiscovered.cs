using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Paging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Gateway.Discovery;

internal static class ListDiscovered
{
    /// <summary>Which program a local model server is.</summary>
    public enum ServerKind
    {
        OpenaiCompatible,
        Ollama,
        LlamaCpp,
        LmStudio,
        Vllm,
    }

    /// <param name="BaseUrl">What to connect as a provider.</param>
    public sealed record Item(string Name, ServerKind Kind, string BaseUrl, IReadOnlyList<string> Models);

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/discovered", Handle)
            .WithName("Gateway_ListDiscovered")
            .WithSummary("Lists the model servers that run on this machine.")
            .WithExample(response: Page.Whole<Item>([new("Ollama", ServerKind.Ollama, "http://127.0.0.1:11434/v1", ["llama3.2:3b"])]))
            .RequireAuthorization(Permissions.GatewayManage);

    static async Task<Ok<Page<Item>>> Handle(LoopbackDiscovery discovery, CancellationToken cancel)
        => TypedResults.Ok(Page.Whole(await discovery.FindAsync(cancel)));
}
