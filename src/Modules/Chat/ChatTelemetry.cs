using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace JeanTrail.Chat;

/// <summary>What this module measures.</summary>
internal static class ChatTelemetry
{
    public const string Name = "JeanTrail.Chat";

    public static readonly ActivitySource Activities = new(Name);

    static readonly Meter Meter = new(Name);

    static readonly Histogram<double> TurnDuration = Meter.CreateHistogram<double>("chat.turn.duration", "s", "From the start of a turn to its end, by how it ended.");

    /// <param name="status">One of the four ends of a turn.</param>
    /// <param name="elapsed">From start to end.</param>
    public static void TurnEnded(string status, TimeSpan elapsed) => TurnDuration.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("status", status));
}
