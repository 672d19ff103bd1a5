using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Paging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Conversations;

internal static class ListTags
{
    public sealed record Tag(string Name, long Conversations);

    // Of the conversations used last: they say what one works on now, and counting all of a hundred thousand would take a while.
    const string Sql = """
        select tag as name, count(*) as conversations
        from (select c.tags from chat.conversation c where c.owner_id = @Owner and c.deleted_at is null and c.archived_at is null
            order by c.updated_at desc, c.conversation_id desc limit 2000) recent, unnest(recent.tags) tag
        group by tag order by count(*) desc, tag limit 100
        """;

    internal static void Map(RouteGroupBuilder routes) => routes.MapGet("/tags", Handle)
        .WithName("Chat_ListTags").WithSummary("The tags of the 2,000 conversations used last, the most used first")
        .WithExample(response: Page.Whole<Tag>([new("travel", 12), new("riga", 3)]));

    static async Task<Ok<Page<Tag>>> Handle(Caller caller, Db db, CancellationToken cancel)
        => TypedResults.Ok(Page.Whole(await db.QueryAsync<Tag>(Sql, new { Owner = caller.UserId }, cancel)));
}
