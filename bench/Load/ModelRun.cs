using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;

namespace JeanTrail.Bench;

/// <summary>How a route or model does through a gateway that runs: health first, then streams at a chosen concurrency.</summary>
internal static class ModelRun
{
    const string Question = "Explain in about two hundred words how tides come about, and why there are two a day.";

    public static async Task<int> RunAsync(string[] args)
    {
        if (Option(args, "--route") is not { } route || Environment.GetEnvironmentVariable("JEAN_KEY") is not { Length: > 0 } key)
        {
            await Console.Error.WriteLineAsync("Needs --route NAME, and a virtual key in JEAN_KEY.");
            return 2;
        }

        var concurrency = Number(args, "--concurrency", 4);
        var requests = Number(args, "--requests", concurrency * 5);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(Option(args, "--base") ?? "http://127.0.0.1:5326"), Timeout = TimeSpan.FromMinutes(10) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);

        var health = await AskAsync(client, route, maxTokens: 16);
        Console.WriteLine(health.Error is null ? $"{route} answers: first token after {health.FirstMs:0} ms" : $"{route} does not answer: {health.Error}");
        if (health.Error is not null)
            return 1;

        var next = 0;
        var watch = Stopwatch.StartNew();
        var seen = (await Task.WhenAll(Enumerable.Range(0, concurrency).Select(async _ =>
        {
            var mine = new List<Seen>();
            while (Interlocked.Increment(ref next) <= requests)
                mine.Add(await AskAsync(client, route, Number(args, "--max-tokens", 400)));
            return mine;
        }))).SelectMany(mine => mine).ToList();
        var elapsed = watch.Elapsed.TotalSeconds;

        var good = seen.Where(each => each.Error is null).ToList();
        Console.WriteLine(Machine.Row("first token", [.. good.Select(each => each.FirstMs)]));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"tokens/s of one stream       p50 {Machine.Quantile(good.Select(each => each.TokensPerSecond), .5):0.0}, slowest {Machine.Quantile(good.Select(each => each.TokensPerSecond), 0):0.0}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"tokens/s of all              {good.Sum(each => each.Tokens) / elapsed:0.0} at {concurrency} at once; {good.Count} of {seen.Count} answered in {elapsed:0.0} s"));
        foreach (var error in seen.Where(each => each.Error is not null).GroupBy(each => each.Error))
            Console.WriteLine($"{error.Count()} failed: {error.Key}");
        return good.Count == seen.Count ? 0 : 1;
    }

    static async Task<Seen> AskAsync(HttpClient client, string route, int maxTokens)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
            {
                Content = JsonContent.Create(new { model = route, stream = true, max_tokens = maxTokens, stream_options = new { include_usage = true }, messages = new[] { new { role = "user", content = Question } } }),
            };
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            if (!response.IsSuccessStatusCode)
                return Seen.Failed($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
            return await ReadAsync(response, began);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException or JsonException)
        {
            return Seen.Failed(failure.Message);
        }
    }

    static async Task<Seen> ReadAsync(HttpResponseMessage response, long began)
    {
        var (first, pieces, tokens) = (double.NaN, 0, 0);
        await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync())
        {
            if (item.Data == "[DONE]")
            {
                var total = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
                return double.IsNaN(first) ? Seen.Failed("an empty answer") : new Seen(first, Math.Max(tokens, pieces), total, null);
            }

            using var json = JsonDocument.Parse(item.Data);
            if (json.RootElement.TryGetProperty("error", out var error))
                return Seen.Failed(error.GetRawText());
            if (json.RootElement.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object)
                tokens = usage.GetProperty("completion_tokens").GetInt32();
            if (!json.RootElement.TryGetProperty("choices", out var choices) || choices.GetArrayLength() == 0 || !Says(choices[0]))
                continue;
            pieces++;
            if (double.IsNaN(first))
                first = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }

        return Seen.Failed("the stream was cut");
    }

    static bool Says(JsonElement choice)
        => choice.TryGetProperty("delta", out var delta)
            && new[] { "content", "reasoning_content", "reasoning" }.Any(name => delta.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String && text.GetString()!.Length > 0);

    static string? Option(string[] args, string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

    static int Number(string[] args, string name, int otherwise) => int.TryParse(Option(args, name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;

    sealed record Seen(double FirstMs, int Tokens, double TotalMs, string? Error)
    {
        internal double TokensPerSecond => TotalMs > FirstMs ? (Tokens - 1) / (TotalMs - FirstMs) * 1000 : 0;

        internal static Seen Failed(string error) => new(double.NaN, 0, 0, error);
    }
}
