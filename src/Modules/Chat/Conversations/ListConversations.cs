using System.ComponentModel.DataAnnotations;
using Dapper;
using JeanTrail.Chat.Together;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Paging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Conversations;

internal static class ListConversations
{
    const string Before = " and (@Before::timestamptz is null or (c.updated_at, c.conversation_id) < (@Before, @BeforeId))";
    const string NewestFirst = " order by c.updated_at desc, c.conversation_id desc ";
    const string OnePage = Before + NewestFirst + "limit @Take";

    const string Active = "c.owner_id = @Owner and c.deleted_at is null and c.archived_at is null";
    const string Archived = "c.owner_id = @Owner and c.deleted_at is null and c.archived_at is not null";
    const string Deleted = "c.owner_id = @Owner and c.deleted_at is not null";

    const string Named = " and (@Title::text is null or chat.plain(c.title) like '%' || chat.plain(@Title) || '%') and (@Tag::text is null or @Tag = any(c.tags))";

    // What others began; few enough that it needs no index of its own.
    const string SharedSql = ConversationSql.Select + " join chat.member m on m.conversation_id = c.conversation_id and m.user_id = @Person where c.deleted_at is null" + Named + OnePage;

    // One statement per view, so that each is answered by its partial index.
    const string ActiveSql = ConversationSql.Select + " where " + Active + OnePage;
    const string ArchivedSql = ConversationSql.Select + " where " + Archived + OnePage;
    const string DeletedSql = ConversationSql.Select + " where " + Deleted + OnePage;

    const string InView = " and (c.deleted_at is not null) = (@View = 'deleted') and (@View = 'deleted' or (c.archived_at is not null) = (@View = 'archived'))";

    // Of a team's, what each of its people began.
    const string ProjectSql = ConversationSql.Select + " where c.project_id = @Project and " + ChatAccess.View + InView + Named + OnePage;

    // Words of titles, and tags. The index of words knows no order: of a word that very many titles hold it would give thousands, all to be read and sorted.
    // Such a word is among the newest soon.
    const int Common = 1_000;
    const int Looked = 7_000;

    const string CountSql = """
        select count(*)::int from (select from chat.conversation_words w where w.words @@ chat.words_query(@Owner, @Title, @Tag) limit @Common) found
        """;

    const string RecentBegin = "recent as materialized (select c.conversation_id, c.updated_at from chat.conversation c where ";
    // The offset keeps each look at the words a look-up by key: joined, the planner prefers to read them all.
    const string RecentEnd = Before + NewestFirst + "limit @Looked) select r.conversation_id from recent r cross join lateral ("
        + "select from chat.conversation_words w where w.conversation_id = r.conversation_id and w.words @@ chat.words_query(@Owner, @Title, @Tag) offset 0) w"
        + " order by r.updated_at desc, r.conversation_id desc limit @Take";

    const string ActiveRecentSql = "with " + RecentBegin + Active + RecentEnd;
    const string ArchivedRecentSql = "with " + RecentBegin + Archived + RecentEnd;
    const string DeletedRecentSql = "with " + RecentBegin + Deleted + RecentEnd;

    // The words first, then what they found by its key: the planner would rather look through the newest, or read all.
    const string IndexSql = """
        with found as materialized (select w.conversation_id from chat.conversation_words w where w.words @@ chat.words_query(@Owner, @Title, @Tag))
        select c.conversation_id from found f cross join lateral (select * from chat.conversation c where c.conversation_id = f.conversation_id offset 0) c
        where c.owner_id = @Owner
        """ + InView + OnePage;

    const string ReadSql = ConversationSql.Select + " where c.conversation_id = any(@Ids::uuid[]) and c.owner_id = @Owner" + NewestFirst;

    internal static void Map(RouteGroupBuilder routes) => routes.MapGet("/conversations", Handle)
        .WithName("Chat_ListConversations").WithSummary("List conversations, the last used first; narrowed to a project, a tag, words of the title")
        .WithExample(response: Page.Whole<ConversationSummary>([ConversationSummary.Example]));

    static async Task<Ok<Page<ConversationSummary>>> Handle(
        Caller caller, Db db, PageRequest page, CancellationToken cancel,
        [RegularExpression("^(active|archived|deleted|shared)$")] string view = "active", Guid? project = null,
        [StringLength(TagRules.LongestTag)] string? tag = null, [StringLength(120)] string? title = null)
    {
        var values = new
        {
            Owner = caller.UserId,
            Person = caller.UserId,
            Before = page.At,
            BeforeId = page.Id,
            page.Take,
            View = view,
            Project = project,
            Tag = string.IsNullOrWhiteSpace(tag) ? null : TagRules.Clean(tag),
            Title = string.IsNullOrWhiteSpace(title) ? null : title,
        };
        var whole = view == "shared" ? SharedSql
            : project is not null ? ProjectSql
            : values.Tag is null && values.Title is null ? Of(view, ActiveSql, ArchivedSql, DeletedSql)
            : null;
        var rows = whole is not null
            ? await db.QueryAsync<ConversationRow>(whole, values, cancel)
            : await FindAsync(db, Of(view, ActiveRecentSql, ArchivedRecentSql, DeletedRecentSql), values, page.Take, cancel);
        return TypedResults.Ok(Page.From(rows, page, row => (row.UpdatedAt, row.Id.Value), row => row.ToSummary()));
    }

    static string Of(string view, string active, string archived, string deleted) => view switch
    {
        "archived" => archived,
        "deleted" => deleted,
        _ => active,
    };

    static async Task<IReadOnlyList<ConversationRow>> FindAsync(Db db, string recentSql, object values, int take, CancellationToken cancel)
    {
        IReadOnlyList<Guid> ids;
        // Row security keeps a person's statements from using an index of words. These give ids of the owner's alone.
        using (RowScope.Server())
        {
            var common = await db.FindAsync<int>(CountSql, With(new { Common }), cancel) == Common;
            ids = common ? await db.QueryAsync<Guid>(recentSql, With(new { Looked }), cancel) : [];
            if (ids.Count < take)
                ids = await db.QueryAsync<Guid>(IndexSql, values, cancel);
        }

        return await db.QueryAsync<ConversationRow>(ReadSql, With(new { Ids = ids.ToArray() }), cancel);

        DynamicParameters With(object more)
        {
            var all = new DynamicParameters(values);
            all.AddDynamicParams(more);
            return all;
        }
    }
}
