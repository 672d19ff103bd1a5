using System.Net;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using JeanTrail.Gateway.Replies;
using JeanTrail.Gateway.Routes;
using JeanTrail.Kernel.Identity;
using JeanTrail.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Gateway.Tests;

/// <summary>An answer of <c>/v1</c>.</summary>
public sealed record RoutedAnswer(HttpStatusCode Status, string Text, string? Cache, long? AgeSeconds, string? Model)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    /// <summary>The data of the events of a stream.</summary>
    public IReadOnlyList<string> Events
        => [.. Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(lines => lines.Split('\n')[^1]).Select(line => line.StartsWith("data: ", StringComparison.Ordinal) ? line["data: ".Length..] : throw new InvalidDataException(line))];

    public IReadOnlyList<JsonElement> Chunks => [.. Events.Where(data => data != "[DONE]").Select(data => JsonDocument.Parse(data).RootElement)];

    /// <summary>The text of a chat completion, streamed or whole.</summary>
    public string Content => Said("content");

    public string Said(string member) => Text.StartsWith('{')
        ? Of(Json.GetProperty("choices")[0].GetProperty("message"), member)
        : string.Concat(Chunks.Where(chunk => chunk.GetProperty("choices").GetArrayLength() > 0).Select(chunk => Of(chunk.GetProperty("choices")[0].GetProperty("delta"), member)));

    public string? Finish => Text.StartsWith('{')
        ? Json.GetProperty("choices")[0].GetProperty("finish_reason").GetString()
        : Chunks.Where(chunk => chunk.GetProperty("choices").GetArrayLength() > 0).Select(chunk => chunk.GetProperty("choices")[0].GetProperty("finish_reason").GetString()).LastOrDefault(reason => reason is not null);

    static string Of(JsonElement message, string member) => message.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}

static class Routed
{
    /// <summary>Waits until so many replies of the route are in the database: they are written behind, after the caller has its answer.</summary>
    internal static Task StoredAsync(this GatewayHost gateway, string route, int count = 1)
        => Eventually.BeTrueAsync(async () =>
        {
            await gateway.Host.Services.GetRequiredService<ReplyTable>().FlushAsync(CancellationToken.None);
            return await gateway.Db.FindAsync<int>("select count(*)::int from gateway.reply where route = @Route", new { Route = route }, CancellationToken.None) == count;
        }, $"{count} replies of {route} are stored");

    /// <summary>The id of the only call to a route, when it is in the books: it is closed after its caller has read it to the end.</summary>
    internal static async Task<Guid> ClosedCallAsync(this GatewayHost gateway, string route)
    {
        Guid id = default;
        await Eventually.BeTrueAsync(async () =>
        {
            await gateway.FlushUsageAsync();
            id = await gateway.Db.FindAsync<Guid>("select usage_id from gateway.usage where route = @route and outcome <> 'running'", new { route }, CancellationToken.None);
            return id != default;
        }, $"the call to {route} is over");
        return id;
    }

    static readonly ConditionalWeakTable<GatewayHost, Lazy<Task<string>>> Keys = [];

    static int counter;

    /// <summary>Connects an upstream and makes a route to one of its models.</summary>
    /// <param name="rule">Makes the rule, given the target's name.</param>
    public static async Task<string> RouteAsync(this GatewayHost gateway, Uri upstream, Func<RouteDefinition, RouteDefinition>? rule = null)
        => await gateway.RouteAsync((await gateway.ConnectAsync(upstream.AbsoluteUri)).GetProperty("slug").GetString()!, rule);

    public static async Task<string> RouteAsync(this GatewayHost gateway, string slug, Func<RouteDefinition, RouteDefinition>? rule = null)
    {
        var name = $"route-{Interlocked.Increment(ref counter)}";
        var definition = new RouteDefinition(RouteStrategy.Priority, [new RouteTargetRule($"{slug}/sim-small")], MaxAttempts: 1);
        await gateway.WriteRouteAsync(name, rule?.Invoke(definition) ?? definition);
        return name;
    }

    public static async Task WriteRouteAsync(this GatewayHost gateway, string name, RouteDefinition definition)
    {
        const string Sql = """
            insert into gateway.route (route_id, name, definition, created_at, updated_at) values (@Id, @Name, @Definition::jsonb, now(), now())
            on conflict (name) do update set definition = excluded.definition, version = route.version + 1
            """;
        await gateway.Db.ExecuteAsync(Sql, new { Id = Ids.New(TimeProvider.System), Name = name, Definition = RouteDirectory.Write(definition) }, CancellationToken.None);
        await gateway.Host.Services.GetRequiredService<RouteDirectory>().InvalidateAsync(CancellationToken.None);
    }

    /// <summary>Calls an endpoint below <c>/v1</c>.</summary>
    public static Task<RoutedAnswer> AskAsync(this GatewayHost gateway, string path, object body, params (string Name, string Value)[] headers)
        => gateway.AskAsync(path, body as string ?? JsonSerializer.Serialize(body), CancellationToken.None, headers);

    public static Task<RoutedAnswer> AskAsync(this GatewayHost gateway, string path, string body, CancellationToken cancel, params (string Name, string Value)[] headers)
        => gateway.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"), cancel, headers);

    public static async Task<RoutedAnswer> PostAsync(
        this GatewayHost gateway, string path, HttpContent content, CancellationToken cancel = default, params (string Name, string Value)[] headers)
    {
        using var client = gateway.Host.NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/{path}") { Content = content };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {await gateway.SecretAsync()}");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await client.SendAsync(request, cancel);
        return new RoutedAnswer(
            response.StatusCode, await response.Content.ReadAsStringAsync(cancel), Header(response, "x-jean-cache"), (long?)response.Headers.Age?.TotalSeconds, Header(response, "x-jean-model"));
    }

    /// <summary>A chat of one message that is as deterministic as a chat can be.</summary>
    public static object Question(string route, string text, bool stream = false, bool usage = false)
        => usage
            ? new { model = route, messages = new[] { new { role = "user", content = text } }, temperature = 0, stream, stream_options = new { include_usage = true } }
            : new { model = route, messages = new[] { new { role = "user", content = text } }, temperature = 0, stream };

    /// <summary>One key for all calls to a host.</summary>
    public static Task<string> SecretAsync(this GatewayHost gateway) => Keys.GetValue(gateway, host => new(() => CreateKeyAsync(host))).Value;

    static async Task<string> CreateKeyAsync(GatewayHost gateway)
    {
        using var response = await gateway.Owner.PostAsJsonAsync("/api/gateway/keys", new { name = "Routed", surfaces = new[] { "*" }, models = new[] { "*" } });
        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("secret").GetString()!;
    }

    static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.Single() : null;
}
