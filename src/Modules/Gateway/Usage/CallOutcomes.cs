namespace JeanTrail.Gateway.Usage;

/// <summary>How calls end, as the books say it.</summary>
internal static class CallOutcomes
{
    internal const string Running = "running";
    internal const string Completed = "completed";
    internal const string Cancelled = "cancelled";
    internal const string Failed = "failed";

    /// <summary>Its node died or stopped under it; the counts are those of its last moments that were written.</summary>
    internal const string Interrupted = "interrupted";
}
