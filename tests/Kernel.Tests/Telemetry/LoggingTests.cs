using System.Text.Json.Nodes;
using JeanTrail.Kernel.Telemetry;
using JeanTrail.Kernel.Tests.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serilog.Extensions.Logging;

namespace JeanTrail.Kernel.Tests.Telemetry;

public sealed partial class LoggingTests : IDisposable
{
    static readonly InvalidOperationException Why = new("why");

    readonly string folder = Directory.CreateTempSubdirectory("jeantrail-logs-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    string[] Files() => [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal)];

    [LoggerMessage(Level = LogLevel.Information, Message = "Line {Number} {Text}")]
    static partial void LogLine(ILogger logger, int number, string text, Exception? failure = null);

    void Write(Action<ILogger> log, TelemetryOptions? options = null)
    {
        using var files = KernelLogging.OpenFiles(Path.Combine(folder, "jeantrail-.json"), options ?? new TelemetryOptions());
        using var factory = new SerilogLoggerFactory(files);
        log(factory.CreateLogger("JeanTrail.Test"));
    }

    [Fact]
    public void Each_line_is_json_with_the_values_of_the_message()
    {
        Write(log => LogLine(log, 7, "two\nlines", Why));

        var line = JsonNode.Parse(File.ReadAllLines(Files().Single()).Single())!;
        line["level"]!.GetValue<string>().ShouldBe("info");
        line["source"]!.GetValue<string>().ShouldBe("JeanTrail.Test");
        line["number"]!.GetValue<int>().ShouldBe(7);
        line["message"]!.GetValue<string>().ShouldContain("two\nlines");
        line["exception"]!.GetValue<string>().ShouldContain("InvalidOperationException: why");
        DateTimeOffset.Parse(line["time"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture).Offset.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Files_are_rolled_by_size_and_the_oldest_are_removed()
    {
        var text = new string('x', 1000);
        Write(
            log =>
            {
                for (var number = 0; number < 500; number++)
                    LogLine(log, number, text);
            },
            new TelemetryOptions { LogFileBytes = 64 * 1024, LogFiles = 3 });

        var files = Files();
        files.Length.ShouldBe(3);
        files.ShouldAllBe(file => new FileInfo(file).Length < 80 * 1024);
        var numbers = files.SelectMany(File.ReadLines).Select(line => JsonNode.Parse(line)!["number"]!.GetValue<int>()).Order().ToArray();
        numbers[^1].ShouldBe(499);
        numbers.ShouldBe(Enumerable.Range(numbers[0], numbers.Length));
        Path.GetFileName(files[0]).ShouldStartWith("jeantrail-20");
    }

    [Fact]
    public async Task The_file_is_closed_when_the_server_has_ended()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["Data:Path"] = folder;
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddKernelLogging();
        await using (var app = builder.Build())
            LogLine(app.Logger, 1, "hello");

        using var file = File.Open(Directory.GetFiles(Path.Combine(folder, "logs")).Single(), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        file.Length.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("GET https://host/path?token=hunter2&x=1 done", "hunter2")]
    [InlineData("Request starting HTTP/1.1 GET http://localhost/api/x?code=hunter2 - -", "hunter2")]
    [InlineData("see /api/things?q=hunter2", "hunter2")]
    [InlineData("Authorization: Bearer hunter2hunter2", "hunter2")]
    [InlineData("Cookie: a=1; __Host-jean=hunter2", "hunter2")]
    [InlineData("Set-Cookie: jean=hunter2; Path=/", "hunter2")]
    [InlineData("password=hunter2", "hunter2")]
    [InlineData("""{"password":"hunter2 with spaces"}""", "hunter2")]
    [InlineData("api_key: 'hunter2'", "hunter2")]
    [InlineData("x-api-key=hunter2", "hunter2")]
    [InlineData("Incorrect key sk-proj-abcdefgh12345678", "abcdefgh")]
    [InlineData("postgres://user:hunter2@host/db", "hunter2")]
    public void Secrets_are_taken_out_of_a_text(string text, string secret)
    {
        LogScrubber.Scrub(text, 4000).ShouldNotContain(secret);
        LogScrubber.Scrub(text, 4000).ShouldContain("[redacted]");
    }

    [Theory]
    [InlineData("Applied migration kernel/20261120_01_kernel")]
    [InlineData("What is the time? It is noon.")]
    [InlineData("12 tokens in, 40 tokens out, key id 0a1b2c")]
    [InlineData("Made the master key file /data/keys/master.key; back it up")]
    public void Ordinary_lines_stay_as_they_are(string text) => LogScrubber.Scrub(text, 4000).ShouldBe(text);

    [Fact]
    public void A_line_of_any_length_is_cut_before_it_is_scrubbed()
    {
        var text = string.Concat(Enumerable.Repeat(" password=hunter2 /?=:cookie;", 50_000));

        var scrubbed = LogScrubber.Scrub(text, 4000);

        scrubbed.Length.ShouldBeLessThan(8000);
        scrubbed.ShouldEndWith("…");
        scrubbed.ShouldNotContain("hunter2");
    }

    [Fact]
    public async Task The_servers_own_files_hold_no_query_cookie_or_body_even_at_the_chattiest_level()
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Logging:LogLevel:Microsoft"] = "Trace", ["Logging:LogLevel:System"] = "Trace", ["Logging:Console:LogLevel:Default"] = "None" };
        await using var app = await EdgeApp.StartAsync(
            routes => routes.MapPost("/api/thing", string (Dictionary<string, string> body) => throw new InvalidOperationException("token=hunter2")), settings: settings);
        using var content = new StringContent("""{"text":"hunter2-body"}""", System.Text.Encoding.UTF8, "application/json");
        using (await app.SendAsync(HttpMethod.Post, "/api/thing?q=hunter2", content, headers => headers.Add("X-Api-Key", "hunter2")))
        {
        }

        await app.App.StopAsync();
        var logs = Directory.GetFiles(Path.Combine(app.DataFolder, "logs"));
        var text = string.Concat(logs.Select(ReadShared));
        text.ShouldContain("Request starting");
        text.ShouldContain("POST /api/thing failed");
        text.ShouldNotContain("hunter2");
        text.ShouldNotContain(app.SessionId.ToString());
        text.ShouldNotContain(app.CsrfToken);
    }

    static string ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
