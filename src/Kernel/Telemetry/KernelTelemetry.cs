using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace JeanTrail.Kernel.Telemetry;

/// <summary>The Kernel's own meter and activity source, and the names by which telemetry finds those of the modules.</summary>
public static class KernelTelemetry
{
    /// <summary>A module's meter and source are named with this in front (<c>JeanTrail.Chat</c>); others are not collected.</summary>
    public const string Prefix = "JeanTrail.";

    /// <summary>Instruments are named <c>area.thing.measure</c> with a UCUM unit; tag values come from a closed set.</summary>
    internal static readonly Meter Meter = new(Prefix + "Kernel");

    internal static readonly ActivitySource Activities = new(Prefix + "Kernel");

    /// <summary>The one meter and the one source of a module, for its static fields.</summary>
    /// <param name="module">Such as <c>Chat</c>.</param>
    public static (Meter Meter, ActivitySource Activities) For(string module) => (new Meter(Prefix + module), new ActivitySource(Prefix + module));
}
