using System.Net.Http.Json;
using System.Text.Json;
using JeanTrail.Chat.Turns;
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

    public static Task<ChatHost> StartAsync(TestDatabase? database = null, params (string Key, string Value)[] settings) => StartAsync(_ => { }, database, settings);

    /// <param name="replace">Puts other parts in their places.</param>
    public static async Task<ChatHost> StartAsync(Action<IServiceCollection> replace, TestDatabase? database = null, params (string Key, string Value)[] settings)
    {
        var model = new ScriptedGateway();
        var host = await TestHost.StartAsync(database, adjust: builder =>
        {
            // Tests sign more people in than an address may.
            builder.Configuration["Edge:SignInsPerMinute"] = builder.Configuration["Edge:SignInsPerMinuteGlobally"] = "100000";
            // What is late is left out, and a busy machine is late.
            builder.Configuration["Chat:Context:EarlierTime"] = builder.Configuration["Chat:MeaningTime"] = "00:00:30";
            foreach (var (key, value) in settings)
                builder.Configuration[key] = value;
        }, services: services =>
        {
            services.Replace(ServiceDescriptor.Singleton<IModelGateway>(model));
            replace(services);
        });
        var client = host.SetupCode is null ? await host.SignInAsync() : await host.CreateOwnerAsync();
        return new ChatHost(host, client, model);
    }

    /// <summary>With the real gateway in the model's place.</summary>
    public static async Task<ChatHost> StartWithGatewayAsync()
    {
        var host = await TestHost.StartAsync(adjust: builder => builder.Configuration["Gateway:Discovery"] = "false");
        return new ChatHost(host, await host.CreateOwnerAsync(), new ScriptedGateway());
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

    public async Task<JsonElement> PostAsync(string path, object body)
    {
        using var response = await Client.PostAsJsonAsync(path, body);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    public async Task PutAsync(string path, object body)
    {
        using var response = await Client.PutAsJsonAsync(path, body);
        response.EnsureSuccessStatusCode();
    }

    public async Task<HttpResponseMessage> TryUploadAsync(string name, byte[] content)
    {
        using var body = new ByteArrayContent(content);
        body.Headers.ContentType = new("application/octet-stream");
        return await Client.PostAsync(new Uri($"/api/chat/attachments?name={Uri.EscapeDataString(name)}", UriKind.Relative), body);
    }

    public async Task<JsonElement> UploadAsync(string name, byte[] content)
    {
        using var response = await TryUploadAsync(name, content);
        response.StatusCode.ShouldBe(System.Net.HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Waits until nothing is answered any more. As long as a turn is on the node's list, what it said is still written down.</summary>
    public Task IdleAsync() => Eventually.BeTrueAsync(() => Host.Services.GetRequiredService<TurnRegistry>().Count == 0, "every turn is written down");

    /// <summary>Waits until all that was said can be found.</summary>
    public Task IndexedAsync() => Eventually.BeTrueAsync(
        async () => await Host.Db.FindAsync<int>("select count(*)::int from chat.unindexed", null, default) == 0, "everything is indexed", TimeSpan.FromMinutes(3));

    /// <summary>The shown branch, oldest first.</summary>
    public async Task<JsonElement[]> MessagesAsync(Guid conversation)
        => [.. (await GetAsync($"/api/chat/conversations/{conversation}/messages")).GetProperty("items").EnumerateArray().Reverse()];

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Host.DisposeAsync();
    }
}

/// <summary>One server for all tests of a class; each begins with an empty script and works in conversations of its own.</summary>
public sealed class ChatFixture : IAsyncLifetime
{
    internal ChatHost Chat { get; private set; } = null!;

    public async Task InitializeAsync() => Chat = await ChatHost.StartAsync();

    public async Task DisposeAsync() => await Chat.DisposeAsync();
}
