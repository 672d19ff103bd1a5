using System.Net.Http.Json;
using System.Text.Json;

namespace JeanTrail.Chat.Tests;

/// <summary>A link as its owner got it.</summary>
internal sealed record SharedLink(Guid Id, string Path)
{
    public string Token => Path.Split('/')[^1];

    public string Api => $"/api/chat/shared/{Token}";

    public static async Task<SharedLink> MakeAsync(ChatHost chat, Guid conversation, object? request = null)
    {
        var made = await chat.PostAsync($"/api/chat/conversations/{conversation}/shares", request ?? new { level = "read" });
        return new SharedLink(made.GetProperty("share").GetProperty("id").GetGuid(), made.GetProperty("path").GetString()!);
    }

    /// <summary>The page as somebody without an account gets it.</summary>
    public async Task<(int Status, string Text, HttpResponseMessage Response)> OpenAsync(ChatHost chat, string language = "en", string query = "")
    {
        using var nobody = chat.Host.NewClient();
        nobody.DefaultRequestHeaders.Add("Accept-Language", language);
        var response = await nobody.GetAsync(new Uri(Path + query, UriKind.Relative));
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response);
    }

    public async Task<JsonElement> ReadAsync(HttpClient person)
    {
        using var response = await person.GetAsync(new Uri(Api, UriKind.Relative));
        response.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    public Task<HttpResponseMessage> CommentAsync(HttpClient person, Guid message, string text) => person.PostAsJsonAsync($"{Api}/comments", new { messageId = message, text });
}
