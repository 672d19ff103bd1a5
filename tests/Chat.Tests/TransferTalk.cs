using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using JeanTrail.Kernel.Blobs;
using JeanTrail.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Chat.Tests;

/// <summary>Trees to hand over and take in, and the steps of both.</summary>
internal static class TransferTalk
{
    /// <summary>A pixel.</summary>
    internal static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    const string MessageSql = """
        insert into chat.message (message_id, conversation_id, parent_id, role, text, model_id, status, created_at)
        values (@Id, @Conversation, @Parent, @Role, @Text, @Model, @Status, @At)
        """;

    internal static async Task<Guid> OwnerAsync(this ChatHost chat, HttpClient? client = null)
        => (await (client ?? chat.Client).GetFromJsonAsync<JsonElement>("/api/accounts/session")).GetProperty("user").GetProperty("id").GetGuid();

    internal static async Task<Guid> AddConversationAsync(this ChatHost chat, Guid owner, string title)
    {
        var id = Guid.CreateVersion7();
        await chat.Host.Db.ExecuteAsync(
            """
            insert into chat.conversation (conversation_id, owner_id, title, title_source, model_id, instructions, parameters, tags, category, created_at, updated_at)
            values (@Id, @Owner, @Title, 'manual', 'harbour/lighthouse', 'Be brief.', '{"temperature": 0.5}', '{sea,boats}', 'travel', '2026-01-02T03:04:05.678901Z', '2026-01-03T03:04:05Z')
            """,
            new { Id = id, Owner = owner, Title = title }, default);
        return id;
    }

    internal static async Task<Guid> AddMessageAsync(
        this ChatHost chat, Guid conversation, Guid? parent, string role, string text, DateTimeOffset? at = null, string status = "complete", Guid? id = null)
    {
        var message = id ?? Guid.CreateVersion7();
        await chat.Host.Db.ExecuteAsync(
            MessageSql,
            new
            {
                Id = message,
                Conversation = conversation,
                Parent = parent,
                Role = role,
                Text = text,
                Model = role == "assistant" ? "harbour/lighthouse" : null,
                Status = status,
                At = at ?? new DateTimeOffset(2026, 1, 2, 3, 4, 6, TimeSpan.Zero),
            }, default);
        await chat.Host.Db.ExecuteAsync("update chat.conversation set head_message_id = @Message where conversation_id = @Id", new { Message = message, Id = conversation }, default);
        return message;
    }

    internal static async Task AddImageAsync(this ChatHost chat, Guid owner, Guid message, string name)
    {
        using var content = new MemoryStream(Png);
        (await chat.Host.Services.GetRequiredService<IBlobStore>().PutAsync(content, 1_000_000, default)).TryGet(out var blob, out _).ShouldBeTrue();
        await chat.Host.Db.ExecuteAsync(
            """
            with made as (
                insert into chat.attachment (attachment_id, owner_id, origin, name, media_type, size_bytes, blob, width, height, extracted, created_at)
                values (@Id, @Owner, 'uploaded', @Name, 'image/png', @Size, @Blob, 1, 1, 'a dot', '2026-01-02T03:04:05Z'))
            insert into chat.message_part (message_id, ordinal, kind, at, attachment_id, payload)
            select @Message, 0, 'image', least(2, length(m.text)), @Id, '{"caption": "dot"}' from chat.message m where m.message_id = @Message
            """,
            new { Id = Guid.CreateVersion7(), Owner = owner, Name = name, Size = Png.Length, Blob = blob!.Hash.ToString(), Message = message }, default);
    }

    internal static async Task<byte[]> DownloadAsync(this HttpClient client, string path, string type)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        response.Content.Headers.ContentType!.MediaType.ShouldBe(type);
        response.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        return await response.Content.ReadAsByteArrayAsync();
    }

    /// <summary>Uploads and waits for the end.</summary>
    internal static async Task<JsonElement> ImportAsync(this HttpClient client, byte[] file, string name = "conversations.json")
        => await client.EndOfImportAsync(await client.BeginImportAsync(file, name));

    internal static Task<JsonElement> ImportAsync(this HttpClient client, string json) => client.ImportAsync(Encoding.UTF8.GetBytes(json));

    internal static async Task<Guid> BeginImportAsync(this HttpClient client, byte[] file, string name = "conversations.json")
    {
        using var content = new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        using var response = await client.PostAsync(new Uri($"/api/chat/imports?name={Uri.EscapeDataString(name)}", UriKind.Relative), content);
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }

    internal static async Task<JsonElement> EndOfImportAsync(this HttpClient client, Guid id)
    {
        JsonElement import = default;
        await Eventually.BeTrueAsync(async () =>
        {
            import = await client.GetFromJsonAsync<JsonElement>($"/api/chat/imports/{id}");
            return import.GetProperty("state").GetString() is not ("queued" or "running");
        });
        return import;
    }

    internal static int Count(this JsonElement import, string what) => import.GetProperty("report").GetProperty(what).GetInt32();

    /// <summary>The tree of a conversation without ids and in the order of its siblings: equal texts are equal trees.</summary>
    internal static async Task<string> TreeAsync(this ChatHost chat, Guid conversation)
    {
        var rows = await chat.Host.Db.QueryAsync<TreeRow>(
            """
            select m.message_id as id, m.parent_id as parent, concat_ws('|', m.role, m.text, m.language, m.model_id, m.status, m.error, m.actions, m.citations, extract(epoch from m.created_at),
                (select string_agg(concat_ws(':', p.kind, p.at, p.payload, a.name, a.media_type, a.size_bytes, a.blob, a.width, a.height, a.extracted, a.created_at), ',' order by p.ordinal)
                    from chat.message_part p left join chat.attachment a using (attachment_id) where p.message_id = m.message_id),
                (select string_agg(concat_ws(':', k.kind, k.value, k.reason, k.words, k.range_start, k.range_end, k.created_at), ',' order by k.created_at, k.mark_id)
                    from chat.mark k where k.message_id = m.message_id), case when c.head_message_id = m.message_id then 'head' end) as line
            from chat.message m join chat.conversation c using (conversation_id) where m.conversation_id = @Id order by m.created_at, m.message_id
            """,
            new { Id = conversation }, default);
        var text = new StringBuilder();
        var children = rows.ToLookup(row => row.Parent);
        var next = new Stack<(TreeRow Row, int Depth)>(children[null].Reverse().Select(row => (row, 0)));
        while (next.TryPop(out var at))
        {
            text.Append(' ', at.Depth).AppendLine(at.Row.Line);
            foreach (var child in children[at.Row.Id].Reverse())
                next.Push((child, at.Depth + 1));
        }

        var head = await chat.Host.Db.FindAsync<string>(
            "select concat_ws('|', title, title_source, model_id, instructions, parameters, tags, category, created_at, updated_at, archived_at) from chat.conversation where conversation_id = @Id",
            new { Id = conversation }, default);
        return $"{head}\n{text}";
    }

    internal static async Task<Guid[]> ConversationsOfAsync(this ChatHost chat, Guid owner)
        => [.. await chat.Host.Db.QueryAsync<Guid>("select conversation_id from chat.conversation where owner_id = @Owner and deleted_at is null order by created_at, title", new { Owner = owner }, default)];

    sealed record TreeRow(Guid Id, Guid? Parent, string Line);
}
