namespace JeanTrail.Chat.Tests;

/// <summary>Trees of every shape, by a seed: what a test finds wrong with one can be looked at again.</summary>
internal static class RandomTalks
{
    static readonly string[] Words =
    [
        "plain", "متى تفتح المنارة؟", "Tiếng Việt có dấu", "Когда откроется?", "emoji 🗼👩‍👩‍👧", "\"quotes\" and \\ and /", "line\nbreak\r\nand\ttab", "\u2028\u2029\u0001", "<script>alert(1)</script>",
        "```csharp\nvar x = 1;\n```", "", new string('x', 5_000), "{\"json\": [1, 2]}", "é vs e\u0301", "\uFFFD\uFEFF",
    ];

    internal static async Task<Guid> MakeAsync(ChatHost chat, Guid owner, int seed)
    {
        // Not secret, but the same each time.
#pragma warning disable CA5394
        var random = new Random(seed);
        var id = await chat.AddConversationAsync(owner, seed % 3 == 0 ? "" : $"Random {seed} «🗼»");
        if (seed % 3 == 0)
            await chat.Host.Db.ExecuteAsync("update chat.conversation set title = 'plain', title_source = 'auto' where conversation_id = @Id", new { Id = id }, default);
        var at = new DateTimeOffset(2026, 1, 2, 3, 4, 6, TimeSpan.Zero);
        var messages = new List<(Guid Id, string Role, string Text)>();
        var count = random.Next(1, 30);
        for (var i = 0; i < count; i++)
        {
            Guid? parent = messages.Count == 0 || random.Next(8) == 0 ? null : messages[random.Next(messages.Count)].Id;
            var role = random.Next(2) == 0 ? "user" : "assistant";
            var text = Words[random.Next(Words.Length)];
            // Often the same instant, often only microseconds later.
            at += TimeSpan.FromMicroseconds(random.Next(3) switch { 0 => 0, 1 => random.Next(5), _ => random.Next(5_000_000) });
            var message = await chat.AddMessageAsync(id, parent, role, text, at, new[] { "complete", "stopped", "interrupted", "failed" }[random.Next(4)]);
            if (random.Next(4) == 0)
                await chat.AddImageAsync(owner, message, $"{i} 🗼.png");
            if (random.Next(3) == 0)
                await MarkAsync(chat, owner, message, role, text, random);
            messages.Add((message, role, text));
        }

        var shown = messages[random.Next(messages.Count)].Id;
        await chat.Host.Db.ExecuteAsync(
            """
            update chat.conversation set head_message_id = @Shown where conversation_id = @Id;
            update chat.message set language = 'ar', actions = '[{"kind": "navigate", "value": "/x"}]', citations = '[{"title": "T 🗼", "quote": "q\\u2028"}]',
                error = '{"code": "x", "title": "t", "detail": "d", "blame": "server"}' where message_id = @Shown
            """,
            new { Shown = shown, Id = id }, default);
        return id;
#pragma warning restore CA5394
    }

    static Task<int> MarkAsync(ChatHost chat, Guid owner, Guid message, string role, string text, Random random)
    {
#pragma warning disable CA5394
        var kind = random.Next(3);
#pragma warning restore CA5394
        return chat.Host.Db.ExecuteAsync(
            """
            insert into chat.mark (mark_id, message_id, owner_id, kind, value, reason, words, range_start, range_end, created_at, updated_at)
            values (@Id, @Message, @Owner, @Kind, @Value, null, @Words, @Start, @End, '2026-02-03T04:05:06.123456Z', '2026-02-03T04:05:06.123456Z'),
                (@Other, @Message, @Owner, 'reaction', '🎉', null, '', null, null, '2026-02-03T04:05:06.123456Z', '2026-02-03T04:05:06.123456Z')
            """,
            new
            {
                Id = Guid.CreateVersion7(),
                Other = Guid.CreateVersion7(),
                Message = message,
                Owner = owner,
                Kind = kind == 0 && text.Length >= 2 ? "highlight" : kind == 1 && role == "assistant" ? "rating" : "note",
                Value = kind == 0 && text.Length >= 2 ? "teal" : kind == 1 && role == "assistant" ? "down" : null,
                Words = kind == 0 && text.Length >= 2 ? "" : "said 🗼",
                Start = kind == 0 && text.Length >= 2 ? 0 : (int?)null,
                End = kind == 0 && text.Length >= 2 ? 1 : (int?)null,
            }, default);
    }
}
