using System.Text.Json;
using JeanTrail.Contracts.Models;
using JeanTrail.Kernel.Http;
using JeanTrail.Models.Fit;

namespace JeanTrail.Models.Library;

/// <summary>A model as stored.</summary>
internal sealed record ModelRow
{
    public Guid ModelId { get; init; }

    public string Name { get; init; } = "";

    public string Purpose { get; init; } = "chat";

    public string File { get; init; } = "";

    public long SizeBytes { get; init; }

    public string Sha256 { get; init; } = "";

    public string Source { get; init; } = "";

    public string Licence { get; init; } = "";

    public string Architecture { get; init; } = "";

    public string Quantisation { get; init; } = "";

    public long Parameters { get; init; }

    public int TrainContext { get; init; }

    public int Layers { get; init; }

    public long ContextBytes { get; init; }

    public string Settings { get; init; } = "{}";

    public string? Tested { get; init; }

    public bool Damaged { get; init; }

    public DateTimeOffset VerifiedAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    internal const string Columns = """
        model_id, name, purpose, file, size_bytes, sha256, source, licence, architecture, quantisation, parameters, train_context, layers,
        context_bytes, settings::text as settings, tested::text as tested, damaged, verified_at, created_at
        """;

    internal LocalPurpose Kind => Enum.Parse<LocalPurpose>(Purpose, ignoreCase: true);

    internal ModelSize Size => new(Kind, SizeBytes, ContextBytes, TrainContext);

    internal ModelSettings ReadSettings() => JsonSerializer.Deserialize<ModelSettings>(Settings, KernelJson.Options)!;

    internal SpeedTest? ReadTest() => Tested is null ? null : JsonSerializer.Deserialize<SpeedTest>(Tested, KernelJson.Options);

    public override string ToString() => Name;
}

/// <summary>What the owner set over what is chosen automatically; null leaves it to that.</summary>
internal sealed record ModelSettings(int? ContextTokens = null, int? Sequences = null, int? Threads = null, int? GpuLayers = null, double? Temperature = null, double? TopP = null, int? TopK = null);

/// <summary>What a short test on this machine measured.</summary>
/// <param name="ReadTokensPerSecond">Of a prompt, or of texts that become vectors.</param>
/// <param name="WriteTokensPerSecond">Of an answer; null for models that write none.</param>
/// <param name="MemoryBytes">Of the worker with the model in it.</param>
internal sealed record SpeedTest(DateTimeOffset At, int LoadMs, double ReadTokensPerSecond, double? WriteTokensPerSecond, int FirstTokenMs, long MemoryBytes);
