using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Shouldly;

namespace JeanTrail.Testing;

/// <summary>Reads the events of a turn one by one.</summary>
public sealed class EventReader : IAsyncDisposable
{
    readonly HttpResponseMessage response;
    readonly IAsyncEnumerator<SseItem<string>> events;

    EventReader(HttpResponseMessage response, Stream stream)
    {
        this.response = response;
        events = SseParser.Create(stream).EnumerateAsync().GetAsyncEnumerator();
    }

    /// <summary>All text read so far.</summary>
    public string Text { get; private set; } = "";

    public string LastEventId { get; private set; } = "";

    public List<(string Name, JsonElement Data)> Seen { get; } = [];

    public static async Task<EventReader> OpenAsync(HttpClient client, HttpRequestMessage request)
    {
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (!response.IsSuccessStatusCode)
        {
            using (response)
                throw new ProblemException((int)response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
        }

        return new EventReader(response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>The next event, or null at the end of the stream.</summary>
    public async Task<(string Name, JsonElement Data)?> NextAsync()
    {
        if (!await events.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30)))
            return null;
        var item = events.Current;
        var data = JsonDocument.Parse(item.Data).RootElement;
        LastEventId = item.EventId ?? LastEventId;
        if (item.EventType == "delta")
            Text += data.GetProperty("text").GetString();
        Seen.Add((item.EventType, data));
        return Seen[^1];
    }

    public async Task<JsonElement> UntilAsync(string name)
    {
        while (await NextAsync() is { } next)
        {
            if (next.Name == name)
                return next.Data;
        }

        throw new InvalidOperationException($"The stream ended without '{name}'; it had {string.Join(", ", Seen.Select(each => each.Name))}.");
    }

    public async Task UntilTextAsync(string text)
    {
        while (Text != text)
        {
            (await NextAsync()).ShouldNotBeNull($"the stream ended at '{Text}'");
            text.ShouldStartWith(Text);
        }
    }

    public async Task<JsonElement> TurnAsync() => await UntilAsync("turn");

    /// <summary>Reads to the end, however the stream ends: said by the server, or cut off.</summary>
    public async Task<bool> EndedAsync()
    {
        try
        {
            while (await NextAsync() is not null)
            {
                // What was said before the end.
            }
        }
        catch (Exception cut) when (cut is IOException or HttpRequestException)
        {
            // Cut off.
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        response.Dispose();
        await Task.CompletedTask;
    }
}

/// <summary>A request was refused.</summary>
public sealed class ProblemException(int status, JsonElement problem) : Exception(problem.ToString())
{
    public int Status { get; } = status;

    public string Code { get; } = problem.GetProperty("code").GetString()!;

    public JsonElement Problem { get; } = problem;
}
