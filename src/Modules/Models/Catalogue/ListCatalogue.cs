using JeanTrail.Contracts.Models;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Models.Fit;
using JeanTrail.Models.Library;
using JeanTrail.Models.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Models.Catalogue;

internal static class ListCatalogue
{
    /// <param name="EngineInstalled">False: <c>./jean setup</c> installs it.</param>
    /// <param name="AvailableBytes">Memory that could be taken now.</param>
    /// <param name="FreeDiskBytes">Where models are kept.</param>
    /// <param name="Items">The best that fits is suggested, once for each purpose.</param>
    public sealed record Response(bool EngineInstalled, long TotalBytes, long AvailableBytes, long FreeDiskBytes, string Folder, IReadOnlyList<Offer> Items);

    /// <param name="SizeBytes">About; the hub tells exactly when it is pulled.</param>
    /// <param name="NeedBytes">The least memory it takes.</param>
    /// <param name="Languages">Of the interface's, those it was made for.</param>
    /// <param name="Installed">A model of this name is here.</param>
    /// <param name="Suggested">The most capable of its purpose that fits comfortably, or the next smaller one.</param>
    public sealed record Offer(
        string Name, string Title, LocalPurpose Purpose, long SizeBytes, long NeedBytes, long Parameters, string Licence, string LicenceUrl, IReadOnlyList<string> Languages,
        bool Fits, bool Installed, bool Suggested);

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/catalogue", Handle)
            .WithName("Models_Catalogue")
            .WithSummary("Lists the models that can be had by name, and which of them fit this machine.")
            .WithExample(response: new Response(EngineInstalled: true, 16_777_216_000, 11_274_289_152, 84_121_321_472, "/var/lib/jeantrail/models",
                [ToOffer(ModelCatalogue.All[0], 11_274_289_152, installed: true, suggested: true)]))
            .RequireAuthorization(Permissions.GatewayManage);

    static async Task<Ok<Response>> Handle(ModelLibrary library, ModelFolder folder, IMachineMemory memory, WorkerLocation location, CancellationToken cancel)
    {
        var available = memory.AvailableBytes;
        var place = await folder.GetAsync(cancel);
        var names = (await library.ListAsync(cancel)).Select(model => model.Row.Name).ToHashSet(StringComparer.Ordinal);
        var suggested = Suggested(available);
        return TypedResults.Ok(new Response(
            location.Find() is not null, memory.TotalBytes, available, ModelFolder.FreeBytes(place), place,
            [.. ModelCatalogue.All.Select(entry => ToOffer(entry, available, names.Contains(entry.Name), suggested.Contains(entry.Name)))]));
    }

    /// <summary>
    /// Of chat models two: the most capable that leaves a third of the memory free, and the next smaller, which is quicker. Of the others the one that fits.
    /// </summary>
    internal static IReadOnlyList<string> Suggested(long available)
    {
        var comfortable = available / 3 * 2;
        var chat = ModelCatalogue.All.Where(entry => entry.Purpose == LocalPurpose.Chat && RunPlan.LeastNeed(RunPlan.SizeOf(entry)) <= comfortable)
            .OrderByDescending(entry => entry.Parameters).Take(2);
        var others = new[] { LocalPurpose.Embedding, LocalPurpose.Rerank }.Select(purpose => RunPlan.Suggest(purpose, comfortable)).OfType<CatalogueEntry>();
        return [.. chat.Concat(others).Select(entry => entry.Name)];
    }

    internal static Offer ToOffer(CatalogueEntry entry, long available, bool installed, bool suggested)
    {
        var need = RunPlan.LeastNeed(RunPlan.SizeOf(entry));
        return new Offer(
            entry.Name, entry.Title, entry.Purpose, entry.SizeBytes, need, entry.Parameters, entry.Licence, entry.LicenceUrl, ModelCatalogue.Languages, need <= available, installed, suggested);
    }
}
