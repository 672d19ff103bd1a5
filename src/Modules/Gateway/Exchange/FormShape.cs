using System.Text;
using JeanTrail.Gateway.Models;
using JeanTrail.Kernel.Errors;
using Microsoft.Net.Http.Headers;

namespace JeanTrail.Gateway.Exchange;

/// <summary>Reads the few fields the gateway needs of a <c>multipart/form-data</c> body, which otherwise goes on as it came. Source: RFC 7578.</summary>
internal static class FormShape
{
    const int MaxBoundary = 200;

    static ReadOnlySpan<byte> HeadersEnd => "\r\n\r\n"u8;

    /// <summary>Errors (400): <c>gateway.request_invalid</c>.</summary>
    internal static Result<RequestShape> Read(ReadOnlySpan<byte> body, string? contentType)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary) is not { Length: > 0 and <= MaxBoundary } boundary)
            return GatewayErrors.RequestInvalid("The body must be multipart/form-data.", null);
        var mark = Encoding.ASCII.GetBytes($"--{boundary}");
        var shape = new RequestShape();
        var at = body.IndexOf(mark);
        while (at >= 0)
        {
            var part = at + mark.Length;
            var length = body[part..].IndexOf(mark);
            if (length < 0)
                break;
            TakePart(body, part..(part + length), shape);
            at = part + length;
        }

        return shape.Model.Length is > 0 and <= ModelName.MaxLength ? shape : GatewayErrors.RequestInvalid("You must provide a model parameter.", "model");
    }

    /// <summary>The body with the model's name replaced.</summary>
    internal static ReadOnlyMemory<byte> Write(ReadOnlySpan<byte> body, RequestShape shape, string upstreamModel)
        => (byte[])[.. body[..shape.ModelAt.Start.Value], .. Encoding.UTF8.GetBytes(upstreamModel), .. body[shape.ModelAt.End.Value..]];

    static void TakePart(ReadOnlySpan<byte> body, Range where, RequestShape shape)
    {
        var part = body[where];
        var headers = part.IndexOf(HeadersEnd);
        // What a field holds ends before the line end that belongs to the next boundary.
        if (headers < 0 || !part.EndsWith("\r\n"u8) || headers + HeadersEnd.Length > part.Length - 2)
            return;
        var value = (where.Start.Value + headers + HeadersEnd.Length)..(where.End.Value - 2);
        var head = part[..headers];
        if (Names(head, "model"u8))
            shape.TakeFormModel(Encoding.UTF8.GetString(body[value]), value);
        else if (Names(head, "stream"u8))
            shape.TakeFormStream(body[value].SequenceEqual("true"u8));
        else if (Names(head, "prompt"u8))
            shape.TakeFormText(value);
    }

    /// <summary>Names are quoted by most clients and bare with some.</summary>
    static bool Names(ReadOnlySpan<byte> head, ReadOnlySpan<byte> field)
    {
        var at = head.IndexOf(" name="u8);
        if (at < 0)
            return false;
        var rest = head[(at + " name="u8.Length)..];
        var end = rest.IndexOfAny(";\r"u8);
        return (end < 0 ? rest : rest[..end]).Trim((byte)'"').SequenceEqual(field);
    }
}
