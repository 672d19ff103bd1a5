using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace JeanTrail.Gateway.Tests.Api;

/// <summary>A program that speaks OpenAI's API to the gateway with a virtual key.</summary>
internal sealed class ApiClient : IDisposable
{
    readonly HttpClient http;

    ApiClient(HttpClient http, Guid keyId)
    {
        this.http = http;
        KeyId = keyId;
    }

    internal Guid KeyId { get; }

    internal static async Task<ApiClient> CreateAsync(GatewayHost gateway, string[]? surfaces = null, string[]? models = null)
    {
        using var response = await gateway.Owner.PostAsJsonAsync("/api/gateway/keys", new { name = $"Key {Guid.CreateVersion7()}", surfaces = surfaces ?? ["*"], models = models ?? ["*"] });
        var created = await response.Content.ReadFromJsonAsync<JsonElement>();
        response.StatusCode.ShouldBe(HttpStatusCode.Created, created.ToString());
        var http = gateway.Host.NewClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", created.GetProperty("secret").GetString());
        return new ApiClient(http, created.GetProperty("key").GetProperty("id").GetGuid());
    }

    internal Task<ApiAnswer> ChatAsync(string model, string text = "Hello there", bool stream = false, Action<JsonObject>? change = null)
    {
        var body = new JsonObject { ["model"] = model, ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = text }) };
        if (stream)
            body["stream"] = true;
        change?.Invoke(body);
        return PostAsync("chat/completions", new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"));
    }

    internal async Task<ApiAnswer> PostAsync(string path, HttpContent content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/{path}") { Content = content };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return await ApiAnswer.ReadAsync(response);
    }

    internal async Task<ApiAnswer> GetAsync(string path)
    {
        using var response = await http.GetAsync(new Uri($"/v1/{path}", UriKind.Relative));
        return await ApiAnswer.ReadAsync(response);
    }

    public void Dispose() => http.Dispose();
}

/// <param name="Body">All of it; of a stream all its lines.</param>
internal sealed record ApiAnswer(HttpStatusCode Status, string Body, string? ContentType, IReadOnlyDictionary<string, string> Headers)
{
    internal static async Task<ApiAnswer> ReadAsync(HttpResponseMessage response)
        => new(
            response.StatusCode, await response.Content.ReadAsStringAsync(), response.Content.Headers.ContentType?.MediaType,
            response.Headers.ToDictionary(header => header.Key, header => string.Join(',', header.Value), StringComparer.OrdinalIgnoreCase));

    internal JsonElement Json => JsonDocument.Parse(Body).RootElement;

    internal string? ErrorCode => Json.GetProperty("error").GetProperty("code").GetString();

    /// <summary>The data of a stream's events, in order.</summary>
    internal IReadOnlyList<string> Events => [.. Body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(each => each["data: ".Length..])];

    /// <summary>The text of a stream or of a whole completion.</summary>
    internal string Text => ContentType == "text/event-stream"
        ? string.Concat(Events.Where(each => each != "[DONE]").Select(each => JsonDocument.Parse(each).RootElement).Where(each => each.TryGetProperty("choices", out _))
            .SelectMany(each => each.GetProperty("choices").EnumerateArray())
            .Select(choice => choice.GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : ""))
        : Json.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
}
