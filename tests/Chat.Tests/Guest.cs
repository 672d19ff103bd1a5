using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using JeanTrail.Testing;

namespace JeanTrail.Chat.Tests;

/// <summary>Somebody who was let into a conversation of the owner's.</summary>
internal sealed class Guest : IDisposable
{
    Guest(HttpClient client, Guid id, Guid conversation)
    {
        Client = client;
        Id = id;
        Conversation = conversation;
    }

    public HttpClient Client { get; }

    public Guid Id { get; }

    public Guid Conversation { get; }

    public static async Task<Guest> JoinAsync(ChatHost chat, Guid conversation, string role)
    {
        var client = await chat.Host.PersonAsync();
        var token = await InviteAsync(chat.Client, conversation, role);
        using var accepted = await client.PostAsJsonAsync("/api/chat/invitations/accept", new { token });
        accepted.StatusCode.ShouldBe(HttpStatusCode.OK, await accepted.Content.ReadAsStringAsync());
        var people = await client.GetFromJsonAsync<JsonElement>($"/api/chat/conversations/{conversation}/people");
        return new Guest(client, people.GetProperty("you").GetGuid(), conversation);
    }

    public static async Task<string> InviteAsync(HttpClient client, Guid conversation, string role)
    {
        using var made = await client.PostAsJsonAsync($"/api/chat/conversations/{conversation}/invitations", new { role });
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        return (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("path").GetString()!["/join/".Length..];
    }

    public Task<HttpResponseMessage> GetAsync(string path) => Client.GetAsync(new Uri($"/api/chat/conversations/{Conversation}{path}", UriKind.Relative));

    public Task<JsonElement> ReadAsync(string path) => Client.GetFromJsonAsync<JsonElement>($"/api/chat/conversations/{Conversation}{path}");

    public Task<HttpResponseMessage> PostAsync(string path, object body) => Client.PostAsJsonAsync($"/api/chat/conversations/{Conversation}{path}", body);

    public Task<HttpResponseMessage> PutAsync(string path, object body) => Client.PutAsJsonAsync($"/api/chat/conversations/{Conversation}{path}", body);

    public Task<HttpResponseMessage> DeleteAsync(string path) => Client.DeleteAsync(new Uri($"/api/chat/conversations/{Conversation}{path}", UriKind.Relative));

    public async Task<EventReader> SayAsync(string text)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/chat/conversations/{Conversation}/turns")
        {
            Content = JsonContent.Create(new { clientId = Guid.CreateVersion7(), text }),
        };
        return await EventReader.OpenAsync(Client, request);
    }

    public void Dispose() => Client.Dispose();
}
