using System.ComponentModel.DataAnnotations;

namespace JeanTrail.Kernel.Jobs;

/// <summary>Section <c>Jobs</c>.</summary>
public sealed record JobOptions
{
    /// <summary>Jobs running at once on this node.</summary>
    [Range(1, 256)]
    public int Concurrency { get; init; } = 4;

    /// <summary>How often the table is looked at when no notification comes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long after a node dies another takes its jobs over. Renewed at a third of it.</summary>
    [Range(typeof(TimeSpan), "00:00:03", "01:00:00")]
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long ended jobs are kept.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00")]
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(30);
}
