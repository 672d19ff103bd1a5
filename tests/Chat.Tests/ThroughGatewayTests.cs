using System.Net.Http.Json;
using System.Text.Json;
using JeanTrail.Testing.Simulators;

namespace JeanTrail.Chat.Tests;

/// <summary>The whole way: a provider as it really speaks, the gateway, a turn, and what the person reads.</summary>
public sealed class ThroughGatewayTests : IAsyncLifetime
{
    ChatHost chat = null!;

    public async Task InitializeAsync() => chat = await ChatHost.StartWithGatewayAsync();

    public async Task DisposeAsync() => await chat.DisposeAsync();

    [Fact]
    public async Task Reasoning_and_tool_calls_of_a_provider_become_parts()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        upstream.NextAnswer(new ScriptedAnswer { Thinking = "High tide is in the table.", Pieces = ["Let me ", "look."], Calls = [new ScriptedCall("tide_table", """{"harbour":"Riga"}""")] });
        var conversation = await chat.NewConversationAsync();
        await using var reader = await chat.SayAsync(conversation, "When does the tide turn over at the old harbour?", modelId: await ConnectAsync(upstream.BaseUrl, "sim-small"));
        (await reader.UntilAsync("done")).GetProperty("status").GetString().ShouldBe("completed");

        var answer = (await chat.MessagesAsync(conversation))[1];
        answer.GetProperty("text").GetString().ShouldBe("Let me look.");
        var parts = answer.GetProperty("parts").EnumerateArray().ToArray();
        parts.Select(part => part.GetProperty("kind").GetString()).ShouldBe(["reasoning", "tool"]);
        parts[0].GetProperty("text").GetString().ShouldBe("High tide is in the table.");
        parts[1].GetProperty("name").GetString().ShouldBe("tide_table");
        parts[1].GetProperty("arguments").GetString()!.ShouldContain("Riga");
    }

    [Fact]
    public async Task Pictures_go_to_a_provider_and_come_back_from_one()
    {
        await using var upstream = await GeminiServer.StartAsync();
        upstream.NextAnswer(new ScriptedAnswer { Pieces = ["Painted."], Image = Convert.ToBase64String(Pictures.Png(20, 10)) });
        var sent = (await chat.UploadAsync("sketch.png", Pictures.Png(12, 12))).GetProperty("id").GetGuid();
        var conversation = await chat.NewConversationAsync();
        await using var reader = await chat.PostStreamAsync($"/api/chat/conversations/{conversation}/turns", new
        {
            clientId = Guid.CreateVersion7(),
            text = "Paint this as a harbour",
            attachmentIds = new[] { sent },
            modelId = await ConnectAsync(upstream.BaseUrl, upstream.Models[0], upstream.Options.ApiKey, "gemini"),
        });
        (await reader.UntilAsync("done")).GetProperty("status").GetString().ShouldBe("completed");

        // Not the last: the model is asked for a title, too.
        upstream.Requests.ShouldContain(one => one.Body.ValueKind == JsonValueKind.Object && one.Body.GetRawText().Contains(Convert.ToBase64String(Pictures.Png(12, 12)), StringComparison.Ordinal));
        var part = (await chat.MessagesAsync(conversation))[1].GetProperty("parts").EnumerateArray().Single(each => each.GetProperty("kind").GetString() == "image");
        part.GetProperty("attachment").GetProperty("width").GetInt32().ShouldBe(20);
    }

    async Task<string> ConnectAsync(Uri address, string model, string? apiKey = null, string kind = "openai")
    {
        using var response = await chat.Client.PostAsJsonAsync("/api/gateway/providers", new { name = $"Upstream {kind}", baseUrl = address.ToString(), apiKey, kind });
        response.EnsureSuccessStatusCode();
        return $"{(await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("slug").GetString()}/{model}";
    }
}
