using System.ComponentModel.DataAnnotations;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Paging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Search;

internal static class SearchMessages
{
    /// <param name="By">Why it was found: <c>words</c>, <c>letters</c> within words, <c>meaning</c>, or <c>both</c> words and meaning.</param>
    /// <param name="Snippet">A piece of the text, on one line.</param>
    /// <param name="Highlights">The places in the snippet that show why, in UTF-16 offsets.</param>
    public sealed record Item(
        ConversationId ConversationId, string ConversationTitle, MessageId MessageId, string Role, string? ModelId, DateTimeOffset CreatedAt, string By,
        string Snippet, IReadOnlyList<Range> Highlights);

    public sealed record Range(int Start, int Length);

    /// <param name="NextCursor">Ask with it for what is older; null when there is nothing.</param>
    /// <param name="Found">How many were found among what was looked at; no more than 100 are counted.</param>
    /// <param name="FoundAll">Whether that is all there is.</param>
    /// <param name="SearchedTo">Everything newer was looked at; null when everything was.</param>
    /// <param name="Meaning">Whether the meaning was looked at too, as far as an embedding model is connected.</param>
    public sealed record Response(IReadOnlyList<Item> Items, string? NextCursor, int Found, bool FoundAll, DateTimeOffset? SearchedTo, bool Meaning);

    internal static void Map(RouteGroupBuilder routes) => routes.MapGet("/search", Handle)
        .WithName("Chat_SearchMessages").WithSummary("Search what was said, newest first; words in quotation marks must follow each other")
        .WithExample(response: new Response(
            [
                new Item(
                    ExampleTalk.Conversation, ExampleTalk.Title, ExampleTalk.AnswerId, "assistant", ExampleTalk.ModelId, ExampleTalk.AskedAt, "words",
                    ExampleTalk.Answer, [new Range(13, 10)]),
            ],
            null, 1, true, null, false));

    static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Caller caller, MessageSearch search, PageRequest page, CancellationToken cancel,
        [StringLength(200)] string? q = null, DateTimeOffset? from = null, DateTimeOffset? to = null, [StringLength(300)] string? model = null,
        bool meaning = true, Guid? project = null, [StringLength(40)] string? tag = null, [RegularExpression("^(user|assistant)$")] string? role = null,
        [RegularExpression("^(image|file|code)$")] string? has = null)
    {
        var filter = new SearchFilter(from, to, model, project, tag, role, has);
        return string.IsNullOrWhiteSpace(q) && filter is { OfConversation: false, From: null, To: null } && filter.Marks().Count == 0
            ? KernelErrors.BadRequest("Say what to look for: words, or at least one filter.").ToProblem()
            : TypedResults.Ok(await search.FindAsync(caller.UserId, q ?? "", filter, page, meaning, cancel));
    }
}
