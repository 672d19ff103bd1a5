using System.Security.Cryptography;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Kernel.Idempotency;

/// <summary>Says in an endpoint's metadata that it honours <c>Idempotency-Key</c>.</summary>
public sealed class IdempotencyMetadata
{
    public const string Header = "Idempotency-Key";

    /// <summary>On an answer that was given before.</summary>
    public const string ReplayedHeader = "Idempotency-Replayed";

    /// <summary>
    /// The same id for the same key of the same person, for what the request makes: a row that was made by a node that died before it
    /// recorded so is found again by it. Null without a key.
    /// </summary>
    public static Guid? IdFor(HttpRequest request, UserId user)
    {
        if (!Guid.TryParse(request.Headers[Header].ToString(), out var key))
            return null;
        Span<byte> source = stackalloc byte[32];
        user.Value.TryWriteBytes(source, bigEndian: true, out _);
        key.TryWriteBytes(source[16..], bigEndian: true, out _);
        var id = SHA256.HashData(source).AsSpan(0, 16);
        // Version 8 of RFC 9562: made in a way of one's own.
        id[6] = (byte)((id[6] & 0x0F) | 0x80);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }
}

public static class IdempotencyConvention
{
    /// <summary>
    /// Makes an endpoint answer a repeated <c>Idempotency-Key</c> (a UUID, per person, kept for a day) with its first success instead of
    /// doing the work twice. For small answers, not for streams. A failure is not remembered: it had no effect, and the key may be tried again.
    /// While the first request runs a second gets 409 <c>kernel.idempotency_running</c>; a different request under the key gets 422
    /// <c>kernel.idempotency_mismatch</c>. Without the header nothing changes.
    /// </summary>
    /// <remarks>A node that dies between the effect and the record of it frees the key: what must never happen twice also needs a unique row.</remarks>
    public static TBuilder WithIdempotency<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint =>
        {
            // Around the endpoint and not a filter inside it: the body is compared as it came, before anything has read it.
            var next = endpoint.RequestDelegate ?? throw new InvalidOperationException("The endpoint has no handler.");
            endpoint.Metadata.Add(new IdempotencyMetadata());
            endpoint.RequestDelegate = context => HandleAsync(context, next);
        });
        return builder;
    }

    static Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        var header = context.Request.Headers[IdempotencyMetadata.Header];
        if (header.Count == 0 || Caller.From(context.User) is not { } caller)
            return next(context);
        return Guid.TryParse(header.ToString(), out var key)
            ? context.RequestServices.GetRequiredService<IdempotentRequests>().RunAsync(context, caller.UserId, key, next)
            : KernelErrors.BadRequest("The Idempotency-Key header must be a UUID.").ToProblem().ExecuteAsync(context);
    }
}
