using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Blobs;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace JeanTrail.Chat.Attachments;

/// <summary>
/// Sends a file. It may hold anything: pictures and sound are shown, all else is saved as a file under a type that nothing runs, and
/// whatever a browser makes of it, it does so in an empty sandbox.
/// </summary>
internal sealed class AttachmentDelivery(IBlobStore blobs, IQuotas quotas)
{
    const string Sandbox = "sandbox; default-src 'none'; style-src 'unsafe-inline'; media-src 'self'; img-src 'self'";

    /// <param name="payer">Whose plan the bytes count against.</param>
    /// <param name="name">What it is saved as; null for a picture of our own making.</param>
    /// <param name="caching">The Cache-Control header.</param>
    public async Task<Results<FileStreamHttpResult, ProblemHttpResult>> SendAsync(
        HttpContext http, UserId payer, string blob, string mediaType, string? name, string caching, CancellationToken cancel)
    {
        if (await blobs.OpenAsync(BlobHash.Parse(blob), null, cancel) is not { } content)
            return ChatErrors.AttachmentNotFound.ToProblem();
        if (await quotas.TryTakeAsync(null, payer, QuotaMeter.Bandwidth, content.TotalBytes, cancel) is { } exhausted)
        {
            await content.DisposeAsync();
            return exhausted.ToProblem();
        }

        var shown = MediaTypes.IsInert(mediaType);
        var disposition = new ContentDispositionHeaderValue(shown ? "inline" : "attachment");
        if (name is not null)
            disposition.FileNameStar = name;
        var headers = http.Response.Headers;
        headers.ContentDisposition = disposition.ToString();
        headers.ContentSecurityPolicy = Sandbox;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = caching;
        return TypedResults.Stream(
            content.Stream, shown || mediaType == "application/pdf" ? mediaType : MediaTypes.IsTextual(mediaType) ? "text/plain; charset=utf-8" : MediaTypes.Unknown);
    }
}
