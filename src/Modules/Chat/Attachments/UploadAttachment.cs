using JeanTrail.Chat.Messages;
using JeanTrail.Chat.Recordings;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Http;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JeanTrail.Chat.Attachments;

/// <summary>Takes a file in as the bytes of the request, so that it goes to the disk as it comes and never through memory.</summary>
internal static class UploadAttachment
{
    // The store's own limit is met first: it answers with a problem, where the web server could only close the connection.
    const long Slack = 64 * 1024;

    internal static void Map(RouteGroupBuilder routes)
    {
        var most = ((IEndpointRouteBuilder)routes).ServiceProvider.GetRequiredService<IOptions<AttachmentOptions>>().Value.MaxBytes;
        routes.MapPost("/attachments", Handle)
            .WithName("Chat_UploadAttachment").WithSummary("Take in a file, to be sent with a message within a day")
            .Accepts<Stream>("application/octet-stream").WithBodyLimit(most + Slack).AcceptGzip(routes, "/attachments", "Chat_AttachmentEncodings")
            .WithExample(response: ExampleTalk.Picture);
    }

    /// <param name="name">The file's name. What it is, its bytes say.</param>
    static async Task<Results<Created<AttachmentView>, ProblemHttpResult>> Handle(
        HttpContext http, Caller caller, AttachmentStore store, TranscriptQueue transcripts, IOptions<AttachmentOptions> options, CancellationToken cancel, string? name = null)
    {
        if (http.Request.ContentLength > options.Value.MaxBytes)
            return Kernel.Blobs.BlobErrors.TooLarge.ToProblem();
        var added = await store.AddAsync(caller.UserId, AttachmentStore.Uploaded, name, http.Request.Body, cancel);
        return added.TryGet(out var attachment, out var refused)
            ? TypedResults.Created($"/api/chat/attachments/{attachment.Id.Value}", await transcripts.BeginAsync(caller.UserId, attachment, cancel))
            : refused.ToProblem();
    }
}
