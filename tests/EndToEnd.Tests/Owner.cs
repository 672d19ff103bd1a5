using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using JeanTrail.Testing;
using JeanTrail.Testing.Simulators;

namespace JeanTrail.EndToEnd.Tests;

/// <summary>The owner at the API of one server, or of several on one database.</summary>
internal sealed class Owner : IDisposable
{
    readonly CookieContainer cookies = new();
    readonly HttpClient client;
    string? token;

    Owner(CookieContainer? cookies, Uri address, string? token)
    {
        this.cookies = cookies ?? this.cookies;
        this.token = token;
        client = new HttpClient(new SocketsHttpHandler { UseProxy = false, CookieContainer = this.cookies, PooledConnectionLifetime = TimeSpan.FromSeconds(20) }) { BaseAddress = address };
        if (token is not null)
            client.DefaultRequestHeaders.Add("X-CSRF-Token", token);
    }

    /// <summary>Creates the owner on a new server.</summary>
    public static async Task<Owner> CreateAsync(JeanTrailProcess server)
    {
        var owner = new Owner(null, server.Address, null);
        var session = await owner.PostAsync(
            "/api/accounts/setup",
            new { code = await server.SetupCodeAsync(), email = "olga@example.org", displayName = "Olga", password = "correct horse battery staple", locale = "en" });
        owner.token = session.GetProperty("csrfToken").GetString();
        owner.client.DefaultRequestHeaders.Add("X-CSRF-Token", owner.token);
        return owner;
    }

    /// <summary>The same session at another door.</summary>
    public Owner At(JeanTrailProcess server) => new(cookies, server.Address, token);

    /// <summary>Connects the simulator, and returns the name of a model of it.</summary>
    public async Task<string> ConnectAsync(OpenAiServer upstream)
        => $"{(await PostAsync("/api/gateway/providers", new { name = "Upstream", baseUrl = upstream.BaseUrl })).GetProperty("slug").GetString()}/sim-small";

    public async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        return await ReadAsync(answer);
    }

    /// <param name="idempotencyKey">While another request holds it, as one that a crash cut off does for a while, it is sent again.</param>
    public async Task<JsonElement> PostAsync(string path, object body, string? idempotencyKey = null)
    {
        for (var watch = Stopwatch.StartNew(); ; await Task.Delay(200))
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
            if (idempotencyKey is not null)
                request.Headers.Add("Idempotency-Key", idempotencyKey);
            using var answer = await client.SendAsync(request);
            if (idempotencyKey is null || answer.StatusCode != HttpStatusCode.Conflict || watch.Elapsed > Eventually.DefaultDeadline)
                return await ReadAsync(answer);
        }
    }

    public async Task<JsonElement> PutAsync(string path, object body)
    {
        using var answer = await client.PutAsJsonAsync(path, body);
        return await ReadAsync(answer);
    }

    public async Task<EventReader> AskAsync(string path, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        return await EventReader.OpenAsync(client, request);
    }

    public async Task<EventReader> FollowAsync(Guid turn, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/chat/turns/{turn}/events");
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        return await EventReader.OpenAsync(client, request);
    }

    public void Dispose() => client.Dispose();

    static async Task<JsonElement> ReadAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        return text.Length > 0 ? JsonElement.Parse(text) : default;
    }
}
