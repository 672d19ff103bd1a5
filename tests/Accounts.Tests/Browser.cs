using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace JeanTrail.Accounts.Tests;

/// <summary>An answer: its status, its JSON, its headers.</summary>
public sealed record Answer(HttpStatusCode Status, JsonElement Json, HttpResponseMessage Message)
{
    public string? Code => Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty("code", out var code) ? code.GetString() : null;

    public JsonElement this[string name] => Json.GetProperty(name);
}

/// <summary>A browser as the server sees it: keeps cookies, and sends the proof of origin once it knows it.</summary>
public sealed class Browser : IDisposable
{
    readonly HttpClient http;

    public Browser(Uri address)
    {
        http = new HttpClient(new SocketsHttpHandler { CookieContainer = Cookies, UseProxy = false }) { BaseAddress = new Uri(address, "/api/accounts/") };
        http.DefaultRequestHeaders.Add("User-Agent", "TestBrowser/1.0 (Linux)");
    }

    public CookieContainer Cookies { get; } = new();

    public string? Csrf { get; set; }

    /// <summary>The address it connects from; null is the loopback's own.</summary>
    public string? From { get; set; }

    /// <summary>Whether a proxy says that the browser used https.</summary>
    public bool Https { get; set; }

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<Answer> PostAsync(string path, object? body = null) => SendAsync(HttpMethod.Post, path, body);

    public Task<Answer> PutAsync(string path, object? body) => SendAsync(HttpMethod.Put, path, body);

    public Task<Answer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null);

    public Task<Answer> SignInAsync(string email = "ada@example.org", string password = AccountsApp.Password) => PostAsync("sign-in", new { email, password });

    public async Task<Answer> SendAsync(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = body as HttpContent ?? JsonContent.Create(body);
        if (Csrf is not null)
            request.Headers.Add("X-CSRF-Token", Csrf);
        if (From is not null)
            request.Headers.Add("X-Forwarded-For", From);
        if (Https)
            request.Headers.Add("X-Forwarded-Proto", "https");
        var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var json = text.Length > 0 && text[0] is '{' or '[' ? JsonDocument.Parse(text).RootElement : default;
        if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty("csrfToken", out var csrf))
            Csrf = csrf.GetString();
        return new Answer(response.StatusCode, json, response);
    }

    public void Dispose() => http.Dispose();
}
