using System.ComponentModel.DataAnnotations;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Paging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Memory;

/// <summary>What Jean keeps, what she proposes, and what was forgotten lately.</summary>
internal static class ListMemory
{
    const string Sql = MemorySql.Select + """
         where k.owner_id = @Owner and (k.deleted_at is not null) = (@State = 'forgotten') and (@State = 'forgotten' or k.state = @State)
            and (@Words::text is null or position(chat.plain(@Words) in chat.plain(k.text)) > 0)
            and (@Before::timestamptz is null or (k.updated_at, k.memory_id) < (@Before, @BeforeId))
        order by k.updated_at desc, k.memory_id desc limit @Take
        """;

    internal static void Map(RouteGroupBuilder routes) => routes.MapGet("/memory", Handle)
        .WithName("Chat_ListMemory").WithSummary("What Jean keeps about the person, newest first")
        .WithExample(response: Page.Whole<MemoryFact>([MemoryFact.Example]));

    /// <param name="state"><c>proposed kept dismissed expired</c>, or <c>forgotten</c> for what can still be brought back.</param>
    /// <param name="words">Only what holds them, whatever the case and the accents.</param>
    static async Task<Ok<Page<MemoryFact>>> Handle(
        Caller caller, Db db, PageRequest page, CancellationToken cancel,
        [RegularExpression("^(proposed|kept|dismissed|expired|forgotten)$")] string state = "kept", [StringLength(200)] string? words = null)
    {
        var rows = await db.QueryAsync<MemoryFact>(
            Sql, new { Owner = caller.UserId, State = state, Words = string.IsNullOrWhiteSpace(words) ? null : words.Trim(), Before = page.At, BeforeId = page.Id, page.Take }, cancel);
        return TypedResults.Ok(Page.From(rows, page, fact => (fact.UpdatedAt, fact.Id.Value)));
    }
}
