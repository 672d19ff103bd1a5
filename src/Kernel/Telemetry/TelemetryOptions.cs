using System.ComponentModel.DataAnnotations;

namespace JeanTrail.Kernel.Telemetry;

/// <summary>What the server tells its operator: section <c>Telemetry</c>.</summary>
public sealed record TelemetryOptions
{
    /// <summary>Opens <c>/metrics</c> to other machines that send it as a bearer token. Without it only loopback may read.</summary>
    [MinLength(16)]
    public string? MetricsToken { get; init; }

    /// <summary>An OpenTelemetry collector that receives traces and metrics, such as <c>http://collector:4317</c>. Null sends nothing.</summary>
    public Uri? OtlpEndpoint { get; init; }

    /// <summary><c>grpc</c>, or <c>http</c> for protobuf over HTTP.</summary>
    [RegularExpression("grpc|http")]
    public string OtlpProtocol { get; init; } = "grpc";

    /// <summary>How often metrics are sent there.</summary>
    public TimeSpan OtlpInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The share of requests that are traced, from 0 to 1.</summary>
    [Range(0.0, 1.0)]
    public double TraceRatio { get; init; } = 1;

    /// <summary>A log file is closed at this size, in bytes, and at midnight UTC.</summary>
    [Range(64 * 1024, 1024L * 1024 * 1024)]
    public long LogFileBytes { get; init; } = 20 * 1024 * 1024;

    /// <summary>How many log files are kept.</summary>
    [Range(1, 1000)]
    public int LogFiles { get; init; } = 14;
}
