using System.Text;
using JeanTrail.Chat.Attachments;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace JeanTrail.Chat.Sharing;

/// <summary>What a link opens for everybody: a page made here, without scripts, that nothing keeps a copy of, and its pictures and files.</summary>
internal static class SharePage
{
    internal const string Prefix = "/share";
    const string NotKept = "no-store";

    // The file must be on what is shown, and among the parts its last message had when the link was made.
    const string FileSql = "with " + ShareSql.Path + """
         select a.name, a.media_type, a.blob from chat.attachment a
        where a.attachment_id = @Id and a.owner_id = @Owner and exists (
            select from chat.message_part q join path b on b.message_id = q.message_id join chat.message m on m.message_id = q.message_id
            where q.attachment_id = a.attachment_id and m.status <> 'streaming'
                and (q.message_id is distinct from @End::uuid or (select count(*) from chat.message_part o where o.message_id = q.message_id and o.ordinal < q.ordinal) < @EndParts))
        """;

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Prefix + "/{token}", PageAsync).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet(Prefix + "/{token}/files/{id:guid}", FileAsync).AllowAnonymous().ExcludeFromDescription();
    }

    static async Task<ContentHttpResult> PageAsync(string token, HttpContext context, SharedTalks shared, CancellationToken cancel, string? page = null)
    {
        var headers = KeepNothing(context);
        headers.ContentSecurityPolicy = ShareStyle.Policy;
        headers.Vary = HeaderNames.AcceptLanguage;
        var words = ShareWords.For(context.Request.GetTypedHeaders().AcceptLanguage);

        var found = await shared.FindAsync(token, context, cancel);
        if (!found.TryGet(out var share, out var refused) || await shared.OpenAsync(share, cancel) is not { } talk)
        {
            var tooMany = refused?.Status == StatusCodes.Status429TooManyRequests;
            if (tooMany)
                headers.RetryAfter = "60";
            return Html(ShareHtml.Nothing(words, tooMany), tooMany ? StatusCodes.Status429TooManyRequests : StatusCodes.Status404NotFound);
        }

        var asked = int.TryParse(page, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : 1;
        var shown = Math.Clamp(asked, 1, SharedTalks.PageOf(talk, 1).Pages);
        var (places, pages) = SharedTalks.PageOf(talk, shown);
        if (shown == 1)
            await shared.CountViewAsync(share, Kernel.Identity.Caller.From(context.User)?.UserId, cancel);
        var messages = await shared.MessagesAsync(share, talk, places, reader: null, cancel);
        return Html(ShareHtml.Of(share, talk, messages, token, shown, pages, words), StatusCodes.Status200OK);
    }

    static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> FileAsync(
        string token, Guid id, HttpContext context, SharedTalks shared, Db db, AttachmentDelivery delivery, CancellationToken cancel)
    {
        KeepNothing(context);
        var found = await shared.FindAsync(token, context, cancel);
        if (!found.TryGet(out var share, out var refused))
            return refused.ToProblem();
        if (!share.Files)
            return ChatErrors.ShareNotFound.ToProblem();
        var keys = new { Id = new AttachmentId(id), share.Owner, share.Conversation, share.End, EndParts = share.EndParts ?? 0 };
        return await db.FindAsync<Row>(FileSql, keys, cancel) is { } file
            ? await delivery.SendAsync(context, share.Owner, file.Blob, file.MediaType, file.Name, NotKept, cancel)
            : ChatErrors.ShareNotFound.ToProblem();
    }

    /// <summary>Whoever has the link may read; no cache, search engine or address in a log may pass it on.</summary>
    static IHeaderDictionary KeepNothing(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = NotKept;
        headers["Referrer-Policy"] = "no-referrer";
        headers["X-Robots-Tag"] = "noindex, nofollow";
        return headers;
    }

    static ContentHttpResult Html(string page, int status) => TypedResults.Text(page, "text/html; charset=utf-8", Encoding.UTF8, status);

    sealed record Row(string Name, string MediaType, string Blob);
}
