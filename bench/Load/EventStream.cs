using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;

namespace JeanTrail.Bench;

/// <summary>What a reader of one streamed turn saw.</summary>
/// <param name="FirstTokenMs">From sending the request to the first text.</param>
internal sealed record StreamSeen(double FirstTokenMs, string Text, string Status, double WorstGapMs, double TotalMs);

internal static class EventStream
{
    /// <summary>Starts a turn through the server and reads it to its end.</summary>
    public static async Task<StreamSeen> TurnAsync(Server server, Guid conversation, string model, string text)
    {
        var started = Stopwatch.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/chat/conversations/{conversation}/turns")
        {
            Content = JsonContent.Create(new { clientId = Guid.CreateVersion7(), text, modelId = model }),
        };
        using var response = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException($"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        var seen = new Reader(started);
        await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync())
        {
            if (item.EventType == "delta")
                seen.Add(JsonDocument.Parse(item.Data).RootElement.GetProperty("text").GetString()!);
            else if (item.EventType is "done" or "error")
                return seen.End(item.EventType == "done" ? JsonDocument.Parse(item.Data).RootElement.GetProperty("status").GetString()! : "error");
        }

        return seen.End("cut");
    }

    /// <summary>Asks the upstream itself and reads its stream to the end.</summary>
    public static async Task<StreamSeen> DirectAsync(HttpClient client, Uri upstream, string model, string text)
    {
        var started = Stopwatch.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(upstream, "/v1/chat/completions"))
        {
            Content = JsonContent.Create(new { model, stream = true, messages = new[] { new { role = "user", content = text } } }),
        };
        request.Headers.Authorization = new("Bearer", "key");
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        var seen = new Reader(started);
        await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync())
        {
            if (item.Data == "[DONE]")
                return seen.End("completed");
            var choices = JsonDocument.Parse(item.Data).RootElement.GetProperty("choices");
            if (choices.GetArrayLength() > 0 && choices[0].GetProperty("delta").TryGetProperty("content", out var content) && content.GetString() is { Length: > 0 } piece)
                seen.Add(piece);
        }

        return seen.End("cut");
    }

    sealed class Reader(long started)
    {
        readonly System.Text.StringBuilder text = new();
        double first = double.NaN;
        long last;
        double gap;

        public void Add(string piece)
        {
            var now = Stopwatch.GetTimestamp();
            if (text.Length == 0)
                first = Stopwatch.GetElapsedTime(started, now).TotalMilliseconds;
            else
                gap = Math.Max(gap, Stopwatch.GetElapsedTime(last, now).TotalMilliseconds);
            last = now;
            text.Append(piece);
        }

        public StreamSeen End(string status) => new(first, text.ToString(), status, gap, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }
}
