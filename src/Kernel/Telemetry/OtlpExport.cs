using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace JeanTrail.Kernel.Telemetry;

/// <summary>Sends traces and metrics to a collector, when the operator named one.</summary>
internal sealed class OtlpExport(IOptions<TelemetryOptions> options) : IHostedService, IDisposable
{
    TracerProvider? traces;
    MeterProvider? metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.OtlpEndpoint is null)
            return Task.CompletedTask;
        var resource = ResourceBuilder.CreateDefault().AddService("jeantrail", serviceVersion: ThisProgram.Version, serviceInstanceId: Environment.MachineName);
        traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(options.Value.TraceRatio)))
            .AddSource(KernelTelemetry.Prefix + "*", "Microsoft.AspNetCore", "System.Net.Http", "Npgsql")
            .AddProcessor(new QueryRemover())
            .AddOtlpExporter(exporter => Configure(exporter, "v1/traces"))
            .Build();
        metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(KernelTelemetry.Prefix + "*", "Microsoft.AspNetCore.*", "System.Runtime", "System.Net.Http", "Npgsql")
            .AddOtlpExporter((exporter, reader) =>
            {
                Configure(exporter, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)options.Value.OtlpInterval.TotalMilliseconds;
            })
            .Build();
        return Task.CompletedTask;
    }

    void Configure(OtlpExporterOptions exporter, string path)
    {
        var http = options.Value.OtlpProtocol == "http";
        exporter.Protocol = http ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        // Over HTTP the signal has its own path; an endpoint set in code is taken as it is.
        exporter.Endpoint = http ? new Uri($"{options.Value.OtlpEndpoint!.AbsoluteUri.TrimEnd('/')}/{path}") : options.Value.OtlpEndpoint!;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        traces?.Dispose();
        metrics?.Dispose();
    }

    /// <summary>Traces carry no query strings, as logs do not.</summary>
    sealed class QueryRemover : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            data.SetTag("url.query", null);
            if (data.GetTagItem("url.full") is string url && url.IndexOf('?', StringComparison.Ordinal) is var at and >= 0)
                data.SetTag("url.full", url[..at]);
        }
    }
}

/// <summary>What this program calls itself.</summary>
internal static class ThisProgram
{
    /// <summary>Such as <c>0.1.0</c>, without the source revision.</summary>
    internal static string Version { get; } = typeof(ThisProgram).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}
