using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using JeanTrail.Kernel.Telemetry;
using JeanTrail.Kernel.Tests.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Kernel.Tests.Telemetry;

public sealed partial class MetricsTests
{
    static readonly Dictionary<string, string?> Token = new(StringComparer.Ordinal) { ["Telemetry:MetricsToken"] = "a-long-enough-token" };

    static async Task<string> ReadAsync(EdgeApp app) => await app.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative));

    /// <summary>Reads the text as the format's documentation describes it; throws on anything else.</summary>
    static Dictionary<string, double> Parse(string text)
    {
        text.ShouldEndWith("\n");
        var samples = new Dictionary<string, double>(StringComparer.Ordinal);
        var types = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
                continue;
            if (Type().Match(line) is { Success: true } type)
            {
                types.TryAdd(type.Groups["name"].Value, type.Groups["type"].Value).ShouldBeTrue($"typed twice: {line}");
                continue;
            }

            var sample = Sample().Match(line);
            sample.Success.ShouldBeTrue(line);
            var name = sample.Groups["name"].Value;
            var family = types.ContainsKey(name) ? name : FamilySuffix().Replace(name, "");
            types.ShouldContainKey(family, line);
            samples.TryAdd(name + sample.Groups["labels"].Value, double.Parse(sample.Groups["value"].Value.Replace("+Inf", "Infinity", StringComparison.Ordinal), CultureInfo.InvariantCulture)).ShouldBeTrue($"twice: {line}");
        }

        return samples;
    }

    [GeneratedRegex("^# TYPE (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<type>counter|gauge|histogram)$", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Type();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?<labels>(?:\{(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*",?)+\})?) (?<value>-?[0-9.eE+-]+|NaN|[+-]Inf)$""", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Sample();

    [GeneratedRegex("_(bucket|sum|count)$", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex FamilySuffix();

    [Fact]
    public async Task What_was_measured_can_be_read_in_the_text_format()
    {
        await using var app = await EdgeApp.StartAsync(routes => routes.MapGet("/api/thing", () => TypedResults.NoContent()));
        using var meter = new Meter(new MeterOptions("JeanTrail.Sample") { Scope = app.App.Services.GetRequiredService<IMeterFactory>() });
        var counter = meter.CreateCounter<long>("sample.count", "{item}", "Items with a \\ and a\nline break.");
        var histogram = meter.CreateHistogram("sample.duration", "s", "Time.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        meter.CreateObservableGauge("sample.depth", () => new Measurement<int>(7, new KeyValuePair<string, object?>("queue", "a\"b\\c\nd")));
        var upDown = meter.CreateUpDownCounter<int>("sample.open");
        counter.Add(2, new("kind", "x"), new("other", null));
        counter.Add(3, new KeyValuePair<string, object?>("kind", "x"), new("other", null));
        foreach (var value in (double[])[0.05, 0.1, 0.5, 30])
            histogram.Record(value);
        upDown.Add(5);
        upDown.Add(-2);
        (await app.SendAsync(HttpMethod.Get, "/api/thing")).Dispose();

        var samples = Parse(await ReadAsync(app));

        samples["sample_count_total{kind=\"x\"}"].ShouldBe(5);
        samples["sample_duration_seconds_bucket{le=\"0.1\"}"].ShouldBe(2);
        samples["sample_duration_seconds_bucket{le=\"1\"}"].ShouldBe(3);
        samples["sample_duration_seconds_bucket{le=\"+Inf\"}"].ShouldBe(4);
        samples["sample_duration_seconds_count"].ShouldBe(4);
        samples["sample_duration_seconds_sum"].ShouldBe(30.65, 0.001);
        samples["sample_depth{queue=\"a\\\"b\\\\c\\nd\"}"].ShouldBe(7);
        samples["sample_open"].ShouldBe(3);
        samples.Keys.ShouldContain(key => key.StartsWith("http_server_request_duration_seconds_bucket", StringComparison.Ordinal) && key.Contains("/api/thing", StringComparison.Ordinal));
        samples.Keys.ShouldContain(key => key.StartsWith("dotnet_process_memory_working_set_bytes", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_label_that_runs_wild_is_cut_off_and_counted()
    {
        await using var app = await EdgeApp.StartAsync();
        using var meter = new Meter(new MeterOptions("JeanTrail.Wild") { Scope = app.App.Services.GetRequiredService<IMeterFactory>() });
        var counter = meter.CreateCounter<int>("wild.count");
        for (var i = 0; i < MetricFamily.MaxSeries + 100; i++)
            counter.Add(1, new KeyValuePair<string, object?>("id", i));

        var samples = Parse(await ReadAsync(app));

        samples.Keys.Count(key => key.StartsWith("wild_count_total", StringComparison.Ordinal)).ShouldBe(MetricFamily.MaxSeries);
        samples["jeantrail_metrics_dropped_total"].ShouldBe(100);
    }

    [Fact]
    public async Task Measurements_from_many_threads_add_up()
    {
        await using var app = await EdgeApp.StartAsync();
        using var meter = new Meter(new MeterOptions("JeanTrail.Busy") { Scope = app.App.Services.GetRequiredService<IMeterFactory>() });
        var counter = meter.CreateCounter<int>("busy.count");
        var histogram = meter.CreateHistogram<double>("busy.time", "s");

        Parallel.For(0, 8, worker =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                counter.Add(1, new KeyValuePair<string, object?>("worker", worker % 2));
                histogram.Record(0.5);
            }
        });

        var samples = Parse(await ReadAsync(app));
        samples["busy_count_total{worker=\"0\"}"].ShouldBe(40_000);
        samples["busy_count_total{worker=\"1\"}"].ShouldBe(40_000);
        samples["busy_time_seconds_sum"].ShouldBe(40_000);
    }

    [Theory]
    [InlineData(null, null, null, 200)]
    [InlineData("X-Forwarded-For", "203.0.113.1", null, 403)]
    [InlineData("Forwarded", "for=203.0.113.1", null, 403)]
    [InlineData("Host", "rebound.example", null, 403)]
    [InlineData("Host", "localhost", null, 200)]
    [InlineData("X-Forwarded-For", "203.0.113.1", "Bearer a-long-enough-token", 200)]
    [InlineData("X-Forwarded-For", "203.0.113.1", "Bearer another-token-that-is-wrong", 403)]
    [InlineData("X-Forwarded-For", "203.0.113.1", "Bearer ", 403)]
    [InlineData("X-Forwarded-For", "203.0.113.1", "Basic a-long-enough-token", 403)]
    public async Task Only_this_machine_or_the_token_reads_them(string? header, string? value, string? authorization, int status)
    {
        await using var app = await EdgeApp.StartAsync(settings: Token);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        if (header is not null)
            request.Headers.TryAddWithoutValidation(header, value);
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);

        using var response = await app.Client.SendAsync(request);

        ((int)response.StatusCode).ShouldBe(status);
        if (response.StatusCode == HttpStatusCode.OK)
            response.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; version=0.0.4; charset=utf-8");
    }

    [Theory]
    [InlineData("http.server.request.duration", "s", false, "http_server_request_duration_seconds")]
    [InlineData("kernel.stream.events", "{event}", true, "kernel_stream_events_total")]
    [InlineData("a.bytes", "By", false, "a_bytes")]
    [InlineData("a.total", null, true, "a_total")]
    [InlineData("9lives", "1", false, "_9lives")]
    [InlineData("gateway.time_to_first_token", "ms", false, "gateway_time_to_first_token_milliseconds")]
    public void Names_follow_the_conventions(string name, string? unit, bool isCounter, string expected)
        => PrometheusNames.Metric(name, unit, isCounter).ShouldBe(expected);
}
