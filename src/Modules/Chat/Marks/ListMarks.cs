using JeanTrail.Chat.Together;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Paging;
using JeanTrail.Kernel.Texts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using System.ComponentModel.DataAnnotations;

namespace JeanTrail.Chat.Marks;

/// <summary>What the person wanted to find again: bookmarks, notes and highlights of all conversations.</summary>
internal static class ListMarks
{
    const int ExcerptLength = 240;

    /// <param name="Excerpt">The marked words, or the message's first ones.</param>
    internal sealed record Item(Mark Mark, ConversationId ConversationId, string Title, string Role, string Excerpt)
    {
        internal static Item Example { get; } = new(Mark.Example, ExampleTalk.Conversation, ExampleTalk.Title, "assistant", "lighthouse");
    }

    // PostgreSQL counts characters and ranges count UTF-16: enough is read that the excerpt is in it, and cut here.
    const string Sql = $"""
        select k.mark_id as id, k.message_id, k.kind, k.value, k.reason, k.words, k.range_start as start, k.range_end as "end", k.created_at,
            c.conversation_id, c.title, m.role, left(m.text, coalesce(k.range_end, 0) + 300) as text
        from chat.mark k join chat.message m on m.message_id = k.message_id join chat.conversation c on c.conversation_id = m.conversation_id
        where k.owner_id = @Owner and k.kind in ('highlight', 'note', 'bookmark') and (@Kind::text is null or k.kind = @Kind)
            and {ChatAccess.View} and c.deleted_at is null
            and (@Before::timestamptz is null or (k.created_at, k.mark_id) < (@Before, @BeforeId))
        order by k.created_at desc, k.mark_id desc limit @Take
        """;

    internal static void Map(RouteGroupBuilder routes) => routes.MapGet("/marks", Handle)
        .WithName("Chat_ListMarks").WithSummary("Bookmarks, notes and highlights of all conversations, newest first")
        .WithExample(response: Page.Whole<Item>([Item.Example]));

    static async Task<Ok<Page<Item>>> Handle(
        Caller caller, Db db, PageRequest page, CancellationToken cancel,
        [RegularExpression("^(highlight|note|bookmark)$")] string? kind = null)
    {
        var rows = await db.QueryAsync<Row>(Sql, new { Owner = caller.UserId, Person = caller.UserId, Kind = kind, Before = page.At, BeforeId = page.Id, page.Take }, cancel);
        return TypedResults.Ok(Page.From(rows, page, row => (row.CreatedAt, row.Id.Value), row => row.ToItem()));
    }

    sealed record Row(
        MarkId Id, MessageId MessageId, string Kind, string? Value, string? Reason, string Words, int? Start, int? End, DateTimeOffset CreatedAt,
        ConversationId ConversationId, string Title, string Role, string Text)
    {
        public Item ToItem() => new(new Mark(Id, MessageId, Kind, Value, Reason, Words, Start, End, CreatedAt), ConversationId, Title, Role, Excerpt());

        string Excerpt()
        {
            var from = Math.Min(Start ?? 0, Text.Length);
            var words = Text[from..Math.Min(End ?? Text.Length, Text.Length)];
            return words.Length <= ExcerptLength ? words : words.Cut(ExcerptLength) + "…";
        }
    }
}
