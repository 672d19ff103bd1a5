using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JeanTrail.Chat.Tests;

/// <summary>The real server with a scripted model, and its owner's browser.</summary>
internal sealed class ChatHost : IAsyncDisposable
{
    ChatHost(TestHost host, HttpClient client, ScriptedGateway model)
    {
        Host = host;
        Client = client;
        Model = model;
    }

    public TestHost Host { get; }

    public HttpClient Client { get; }

    public ScriptedGateway Model { get; }

    public static async Task<ChatHost> StartAsync(TestDatabase? database = null, params (string Key, string Value)[] settings)
    {
        var model = new ScriptedGateway();
        var host = await TestHost.StartAsync(database, adjust: builder =>
        {
            foreach (var (key, value) in settings)
                builder.Configuration[key] = value;
        }, services: services => services.Replace(ServiceDescriptor.Singleton<IModelGateway>(model)));
        var client = host.SetupCode is null ? await host.SignInAsync() : await host.CreateOwnerAsync();
        return new ChatHost(host, client, model);
    }

    public async Task<Guid> NewConversationAsync()
    {
        using var response = await Client.PostAsJsonAsync("/api/chat/conversations", new { });
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }

    public Task<EventReader> SayAsync(Guid conversation, string text, Guid? clientId = null, string? modelId = null)
        => PostStreamAsync($"/api/chat/conversations/{conversation}/turns", new { clientId = clientId ?? Guid.CreateVersion7(), text, modelId });

    public async Task<EventReader> PostStreamAsync(string path, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        return await EventReader.OpenAsync(Client, request);
    }

    public async Task<EventReader> FollowAsync(Guid turn, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/chat/turns/{turn}/events");
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        return await EventReader.OpenAsync(Client, request);
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using var response = await Client.GetAsync(new Uri(path, UriKind.Relative));
        response.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK, path);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>The shown branch, oldest first.</summary>
    public async Task<JsonElement[]> MessagesAsync(Guid conversation)
        => [.. (await GetAsync($"/api/chat/conversations/{conversation}/messages")).GetProperty("items").EnumerateArray().Reverse()];

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Host.DisposeAsync();
    }
}

/// <summary>Reads the events of a turn one by one.</summary>
internal sealed class EventReader : IAsyncDisposable
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

    public async ValueTask DisposeAsync()
    {
        response.Dispose();
        await Task.CompletedTask;
    }
}

internal sealed class ProblemException(int status, JsonElement problem) : Exception(problem.ToString())
{
    public int Status { get; } = status;

    public string Code { get; } = problem.GetProperty("code").GetString()!;

    public JsonElement Problem { get; } = problem;
}
