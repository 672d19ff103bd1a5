using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace JeanTrail.Accounts.Tests;

/// <summary>A person's own program: no cookies, one bearer token.</summary>
public sealed class ApiProgram(Uri address, string? bearer) : IDisposable
{
    readonly HttpClient http = new(new SocketsHttpHandler { UseCookies = false, UseProxy = false }) { BaseAddress = new Uri(address, "/api/accounts/") };

    public string? Bearer { get; set; } = bearer;

    /// <summary>Sent besides, as a browser would.</summary>
    public string? Cookie { get; set; }

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<Answer> PostAsync(string path, object? body = null) => SendAsync(HttpMethod.Post, path, body);

    public Task<Answer> PutAsync(string path, object? body) => SendAsync(HttpMethod.Put, path, body);

    public Task<Answer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null);

    public async Task<HttpStatusCode> StatusAsync(string path) => (await GetAsync(path)).Status;

    public async Task<Answer> SendAsync(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        if (Bearer is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Bearer);
        if (Cookie is not null)
            request.Headers.Add("Cookie", Cookie);
        var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var json = text.Length > 0 && text[0] is '{' or '[' ? JsonDocument.Parse(text).RootElement : default;
        return new Answer(response.StatusCode, json, response);
    }

    public void Dispose() => http.Dispose();
}
