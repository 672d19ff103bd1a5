using JeanTrail.Contracts.Models;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Paging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Models.Library;

internal static class ListModels
{
    public enum ModelState
    {
        /// <summary>On the disk, not in memory.</summary>
        Ready,
        Starting,
        Loaded,

        /// <summary>It keeps ending; the detail says why.</summary>
        Failing,

        /// <summary>The file is not what was installed.</summary>
        Damaged,

        /// <summary>The file is not where it was.</summary>
        Missing,
    }

    /// <param name="NeedBytes">Memory it takes with the context it would get now; the least it needs, where it does not fit.</param>
    /// <param name="Fits">Whether there is memory for it now, counting what it has already.</param>
    /// <param name="ContextTokens">In use when it is loaded, otherwise what it would get.</param>
    /// <param name="MemoryBytes">That its process takes now.</param>
    public sealed record Model(
        Guid Id, string Name, LocalPurpose Purpose, ModelState State, string? Detail, string Architecture, string Quantisation, long Parameters, long SizeBytes,
        string Sha256, string Source, string Licence, int TrainContext, int ContextTokens, int Sequences, long NeedBytes, bool Fits, int Running, long? MemoryBytes,
        Settings Settings, Speed? Speed, DateTimeOffset VerifiedAt, DateTimeOffset CreatedAt);

    /// <summary>What the owner set; null is chosen automatically.</summary>
    public sealed record Settings(int? ContextTokens, int? Sequences, int? Threads, int? GpuLayers, double? Temperature, double? TopP, int? TopK);

    /// <summary>Measured on this machine.</summary>
    public sealed record Speed(DateTimeOffset At, int LoadMs, double ReadTokensPerSecond, double? WriteTokensPerSecond, int FirstTokenMs, long MemoryBytes);

    internal static readonly Model Example = new(
        new Guid("019cb0a2-5d10-7a64-8c3b-0e9f7d21a46c"), "qwen3-0.6b", LocalPurpose.Chat, ModelState.Loaded, Detail: null, "qwen3", "Q8_0", 596_049_920, 639_446_688,
        "9465e63a22add5354d9bb4b99e90117043c7124007664907259bd16d043bb031", "catalogue:qwen3-0.6b", "Apache-2.0", 40_960, 8192, 4, 4_586_471_424, Fits: true, Running: 1,
        MemoryBytes: 2_214_592_512, new Settings(null, null, null, null, null, null, null), new Speed(new(2026, 3, 14, 9, 24, 2, TimeSpan.Zero), 912, 212.4, 31.7, 640, 2_201_223_168),
        new(2026, 3, 14, 9, 21, 40, TimeSpan.Zero), new(2026, 3, 14, 9, 21, 40, TimeSpan.Zero));

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/", Handle)
            .WithName("Models_List")
            .WithSummary("Lists the models on this machine, with what they take and how fast they were measured to be.")
            .WithExample(response: Page.Whole<Model>([Example]))
            .RequireAuthorization(Permissions.GatewayManage);

    static async Task<Ok<Page<Model>>> Handle(ModelViews views, CancellationToken cancel) => TypedResults.Ok(Page.Whole(await views.AllAsync(cancel)));

    internal static Settings ToView(ModelSettings settings)
        => new(settings.ContextTokens, settings.Sequences, settings.Threads, settings.GpuLayers, settings.Temperature, settings.TopP, settings.TopK);

    internal static Speed ToView(SpeedTest test) => new(test.At, test.LoadMs, test.ReadTokensPerSecond, test.WriteTokensPerSecond, test.FirstTokenMs, test.MemoryBytes);
}
