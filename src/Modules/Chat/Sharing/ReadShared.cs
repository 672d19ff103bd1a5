using System.ComponentModel.DataAnnotations;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Sharing;

/// <summary>What a link shows, for somebody of this server.</summary>
internal static class ReadShared
{
    /// <param name="MayComment">Whether the link lets people comment.</param>
    /// <param name="MayCopy">Whether the link lets people continue in a copy.</param>
    /// <param name="IsOwner">Whether whoever asks shared it.</param>
    /// <param name="Page">From 1.</param>
    internal sealed record Response(string Title, bool MayComment, bool MayCopy, bool IsOwner, IReadOnlyList<SharedMessage> Messages, int Page, int Pages);

    internal static SharedMessage ExampleMessage { get; } = new(
        ExampleTalk.AnswerId, "assistant", ExampleTalk.Answer, ExampleTalk.ModelId, ExampleTalk.AskedAt, [new SharedPart("image", File: ExampleTalk.Picture)], [Comment.Example]);

    internal static void Map(RouteGroupBuilder routes) => routes.MapGet("/shared/{token}", Handle).ReachesOthers()
        .WithName("Chat_ReadShared").WithSummary("What a link shows, oldest first")
        .WithExample(response: new Response(ExampleTalk.Title, true, false, false, [ExampleMessage], 1, 1));

    static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        string token, HttpContext context, Caller caller, SharedTalks shared, CancellationToken cancel, [Range(1, 10_000)] int page = 1)
    {
        var found = await shared.FindAsync(token, context, cancel);
        if (!found.TryGet(out var share, out var refused))
            return refused.ToProblem();
        if (await shared.OpenAsync(share, cancel) is not { } talk)
            return ChatErrors.ShareNotFound.ToProblem();
        if (page == 1)
            await shared.CountViewAsync(share, caller.UserId, cancel);
        var (places, pages) = SharedTalks.PageOf(talk, page);
        return TypedResults.Ok(new Response(
            talk.Conversation.Title, share.Comments, share.Copies, share.Owner == caller.UserId,
            await shared.MessagesAsync(share, talk, places, caller.UserId, cancel), page, pages));
    }
}
