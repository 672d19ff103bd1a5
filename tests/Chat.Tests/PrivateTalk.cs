using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using JeanTrail.Testing;

namespace JeanTrail.Chat.Tests;

/// <summary>One person's private conversations, as their browser has them.</summary>
internal sealed class PrivateTalk(HttpClient client, PrivateReader reader) : IDisposable
{
    public const string Base = "/api/chat/private";
    public const string Passphrase = "seven herons on a quiet lake";
    public const string Code = "7KQ2-M9XD-4H0T-WZ8R-C3VB-N6PJ-1FGS-Y5EA";

    public PrivateReader Reader { get; } = reader;

    public static async Task<PrivateTalk> SetUpAsync(HttpClient client)
    {
        var reader = PrivateReader.New();
        using var kept = await client.PostAsJsonAsync($"{Base}/key", reader.Wrap(Passphrase, Code));
        kept.StatusCode.ShouldBe(HttpStatusCode.NoContent, await kept.Content.ReadAsStringAsync());
        return new PrivateTalk(client, reader);
    }

    public async Task<Guid> BeginAsync()
    {
        var id = Guid.CreateVersion7();
        using var made = await client.PostAsJsonAsync($"{Base}/conversations", new { id });
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        return id;
    }

    public Task<EventReader> SayAsync(Guid conversation, string text, IReadOnlyList<Said>? before = null, Guid? clientId = null, Guid? parent = null, string? modelId = null)
        => PostAsync($"conversations/{conversation}/turns", new
        {
            clientId = clientId ?? Guid.CreateVersion7(),
            text,
            way = (before ?? []).Select(said => new { role = said.Role, text = said.Text }),
            parentMessageId = parent ?? before?[^1].Id,
            modelId,
        });

    public async Task<EventReader> PostAsync(string path, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Base}/{path}") { Content = JsonContent.Create(body) };
        return await EventReader.OpenAsync(client, request);
    }

    public async Task<EventReader> FollowAsync(Guid turn)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Base}/turns/{turn}/events");
        return await EventReader.OpenAsync(client, request);
    }

    /// <summary>The shown branch, oldest first, opened.</summary>
    public async Task<IReadOnlyList<Said>> ReadAsync(Guid conversation)
    {
        var page = await client.GetFromJsonAsync<JsonElement>($"{Base}/conversations/{conversation}/messages");
        return [.. page.GetProperty("items").EnumerateArray().Reverse().Select(Opened)];
    }

    public async Task<string?> TitleAsync(Guid conversation)
    {
        var found = await client.GetFromJsonAsync<JsonElement>($"{Base}/conversations/{conversation}");
        return found.GetProperty("title").GetString() is { } box ? Reader.Open(box, $"title:{conversation}") : null;
    }

    public void Dispose() => Reader.Dispose();

    Said Opened(JsonElement message)
    {
        var id = message.GetProperty("id").GetGuid();
        var box = message.GetProperty("box").GetString() is { } whole ? Reader.OpenJson(whole, $"message:{id}") : JsonDocument.Parse("""{"text":"","parts":[]}""").RootElement;
        var text = box.GetProperty("text").GetString()!;
        foreach (var piece in message.GetProperty("pieces").EnumerateArray())
        {
            var opened = Reader.OpenJson(piece.GetProperty("box").GetString()!, $"piece:{message.GetProperty("turnId").GetGuid()}:{piece.GetProperty("number").GetInt32()}");
            opened.GetProperty("at").GetInt32().ShouldBe(text.Length);
            text += opened.GetProperty("text").GetString();
        }

        return new Said(
            id, message.GetProperty("role").GetString()!, text, message.GetProperty("status").GetString()!, box,
            message.GetProperty("turnId").ValueKind == JsonValueKind.Null ? null : message.GetProperty("turnId").GetGuid(),
            message.GetProperty("siblingIds").GetArrayLength());
    }
}

internal sealed record Said(Guid Id, string Role, string Text, string Status, JsonElement Box, Guid? Turn, int Siblings);
