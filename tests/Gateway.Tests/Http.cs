using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace JeanTrail.Gateway.Tests;

/// <summary>An answer of the API: its status and its JSON.</summary>
public sealed record Answer(HttpStatusCode Status, JsonElement Json, string Text)
{
    public string? Code => Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty("code", out var code) ? code.GetString() : null;

    public JsonElement this[string name] => Json.GetProperty(name);
}

static class Http
{
    /// <param name="path">Below <c>/api/gateway/</c>.</param>
    public static async Task<Answer> CallAsync(this HttpClient http, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, $"/api/gateway/{path}");
        if (body is not null)
            request.Content = body as HttpContent ?? JsonContent.Create(body);
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new Answer(response.StatusCode, text.Length > 0 && text[0] is '{' or '[' ? JsonDocument.Parse(text).RootElement : default, text);
    }
}
