using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace JeanTrail.Chat.Tests;

/// <summary>Conversations that fork, in few words.</summary>
internal static class Talk
{
    public static async Task<Guid> TellAsync(this ChatHost chat, Guid conversation, string text, string answer, Guid? parent = null, Guid? beside = null)
    {
        chat.Model.Say(answer).End();
        await using var reader = await chat.PostStreamAsync(
            $"/api/chat/conversations/{conversation}/turns", new { clientId = Guid.CreateVersion7(), text, parentMessageId = parent, besideMessageId = beside });
        await reader.UntilAsync("done");
        return reader.Seen[0].Data.GetProperty("assistantMessageId").GetGuid();
    }

    public static async Task<Guid> AgainAsync(this ChatHost chat, Guid conversation, Guid message, string answer)
    {
        chat.Model.Say(answer).End();
        await using var reader = await chat.PostStreamAsync(
            $"/api/chat/conversations/{conversation}/turns/regenerate", new { clientId = Guid.CreateVersion7(), messageId = message });
        await reader.UntilAsync("done");
        return reader.Seen[0].Data.GetProperty("assistantMessageId").GetGuid();
    }

    public static async Task SwitchAsync(this ChatHost chat, Guid conversation, Guid message)
    {
        using var switched = await chat.Client.PutAsJsonAsync($"/api/chat/conversations/{conversation}/head", new { messageId = message });
        switched.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    public static Guid Id(JsonElement message) => message.GetProperty("id").GetGuid();

    public static string Text(JsonElement message) => message.GetProperty("text").GetString()!;

    public static Guid[] Siblings(JsonElement message) => [.. message.GetProperty("siblingIds").EnumerateArray().Select(id => id.GetGuid())];
}
