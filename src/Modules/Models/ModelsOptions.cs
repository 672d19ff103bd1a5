using System.ComponentModel.DataAnnotations;

namespace JeanTrail.Models;

/// <summary>Configuration section <c>Models</c>.</summary>
internal sealed record ModelsOptions
{
    /// <summary>Where models are kept; null is <c>models</c> in the data folder. The page can move it.</summary>
    public string? Folder { get; init; }

    /// <summary>The worker's <c>main.js</c>; null is <c>workers/local-models/dist/main.js</c>, found upwards from the program or below <c>JEAN_HOME</c>.</summary>
    public string? WorkerPath { get; init; }

    /// <summary>The same of <c>workers/speech</c>.</summary>
    public string? SpeechWorkerPath { get; init; }

    /// <summary>Streams of audio that may be told speech from silence in at the same time; each loads the small model for that again. And as many in which Jean's name is waited for.</summary>
    [Range(1, 256)]
    public int SpeechStreams { get; init; } = 16;

    [Required]
    public string NodePath { get; init; } = "node";

    /// <summary>Threads of each model; null is the number of processors the server may use.</summary>
    [Range(1, 1024)]
    public int? Threads { get; init; }

    /// <summary>Layers on the graphics card; null chooses by its memory.</summary>
    [Range(0, 10_000)]
    public int? GpuLayers { get; init; }

    /// <summary>Tokens that a conversation may hold where the owner set nothing for the model; less where memory is short.</summary>
    [Range(256, 1_048_576)]
    public int ContextTokens { get; init; } = 8192;

    /// <summary>Conversations evaluated at the same time; fewer where memory is short.</summary>
    [Range(1, 64)]
    public int Sequences { get; init; } = 4;

    /// <summary>A model nobody asked for so long gives its memory back.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan IdleUnload { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a question waits for a place at a busy model.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan QueueTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Models pulled at the same time; the others wait.</summary>
    [Range(1, 16)]
    public int PullsAtOnce { get; init; } = 2;

    /// <summary>Of each pull; null is as fast as the line.</summary>
    [Range(1024, long.MaxValue)]
    public long? PullBytesPerSecond { get; init; }

    /// <summary>A pull that brings nothing for so long is begun again where it was.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a pull is taken up again without having got any further.</summary>
    [Range(0, 100)]
    public int PullRetries { get; init; } = 5;

    /// <summary>The pause before that; it doubles each time.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan RetryPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Disk space that a pull must leave free.</summary>
    [Range(0, long.MaxValue)]
    public long KeepFreeBytes { get; init; } = 1L << 30;

    /// <summary>All models together may not take more than this; null is as much as there is.</summary>
    [Range(0, long.MaxValue)]
    public long? MaxTotalBytes { get; init; }

    /// <summary>Pulls may come from this network, too. Off: a typed address cannot be used to look around in it.</summary>
    public bool PullFromPrivateNetworks { get; init; }
}
