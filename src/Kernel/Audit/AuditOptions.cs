using System.ComponentModel.DataAnnotations;

namespace JeanTrail.Kernel.Audit;

/// <summary>Where the head of the record is written down outside of the database: section <c>Audit</c>.</summary>
public sealed record AuditOptions
{
    /// <summary>The file; null is <c>audit-anchors.log</c> in the data folder. Better on another disk, or one that can only be added to.</summary>
    public string? AnchorFile { get; init; }

    /// <summary>How often it is written, when there was something new. What is changed sooner than that, and before a stop, leaves no trace there.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan AnchorInterval { get; init; } = TimeSpan.FromMinutes(1);

    internal AuditAnchorFile FileIn(DataFolderOptions data) => new(string.IsNullOrWhiteSpace(AnchorFile) ? data.Combine("audit-anchors.log") : AnchorFile);
}
