using System.Net;
using System.Text;
using JeanTrail.Chat.Context;
using JeanTrail.Kernel.Blobs;
using JeanTrail.Kernel.Texts;
using Microsoft.Extensions.Options;

namespace JeanTrail.Chat.Attachments;

/// <summary>What is made out of a stored file: small copies of pictures, and the text in documents.</summary>
internal sealed class AttachmentContents(IBlobStore blobs, BoundedProgram programs, IOptions<AttachmentOptions> options, IOptions<ContextOptions> context)
{
    const int MostCopyBytes = 32_000_000;
    const string Output = ".webp[Q=80,strip]";
    const int MostTextBytes = 16_000_000;

    /// <summary>256 pixels at most, upright, without the camera's notes about place and owner. Null when libvips is missing or cannot read it.</summary>
    public Task<byte[]?> ThumbnailAsync(BlobHash blob, CancellationToken cancel)
        => RunAsync(blob, options.Value.VipsPath, ["thumbnail_source", "[descriptor=0]", Output, "256", "--height", "256", "--size", "down"], MostCopyBytes, options.Value.ProgramTimeout, cancel);

    /// <summary>The whole picture as WebP, which takes a minute for the largest.</summary>
    public Task<byte[]?> WebPAsync(BlobHash blob, TimeSpan timeout, CancellationToken cancel)
        => RunAsync(blob, options.Value.VipsPath, ["autorot", "stdin", Output], MostCopyBytes, timeout, cancel);

    /// <summary>The copy of a picture that goes to models in its place, and so has to be there at once; null for all others, whose copy is made when there is time.</summary>
    public Task<byte[]?> WebPForModelsAsync(BlobRef picture, string mediaType, CancellationToken cancel)
        => mediaType != "image/webp" && context.Value.SendsCopyOf(mediaType, picture.SizeBytes)
            ? WebPAsync(picture.Hash, options.Value.ProgramTimeout, cancel) : Task.FromResult<byte[]?>(null);

    /// <summary>The text in a file, or null when it holds none that we can read.</summary>
    public async Task<string?> TextAsync(BlobHash blob, string mediaType, CancellationToken cancel)
    {
        if (mediaType == "application/pdf")
        {
            var output = await RunAsync(blob, options.Value.PdfToTextPath, ["-q", "-enc", "UTF-8", "-l", "500", "-", "-"], MostTextBytes, options.Value.ProgramTimeout, cancel);
            return output is null ? null : Shortened(Encoding.UTF8.GetString(output));
        }

        if (!MediaTypes.IsTextual(mediaType))
            return null;
        await using var content = await blobs.OpenAsync(blob, new BlobRange(0, 4L * options.Value.MaxTextLength), cancel);
        if (content is null)
            return null;
        using var reader = new StreamReader(content.Stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
        var text = await reader.ReadToEndAsync(cancel);
        return Shortened(mediaType == "text/html" ? HtmlText.Read(text) : text);
    }

    async Task<byte[]?> RunAsync(BlobHash blob, string program, string[] arguments, int maxBytes, TimeSpan timeout, CancellationToken cancel)
    {
        await using var content = await blobs.OpenAsync(blob, null, cancel);
        var made = content is null ? null : await programs.RunAsync(program, arguments, content.Stream, maxBytes, timeout, cancel);
        return made is { Length: > 0 } ? made : null;
    }

    string? Shortened(string text)
    {
        var clean = text.Replace('\0', '\uFFFD').Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd().Cut(options.Value.MaxTextLength);
        return clean.Length == 0 ? null : clean;
    }
}

/// <summary>The words of a page, for a model to read. It makes no markup safe: what comes out is only ever used as text.</summary>
internal static class HtmlText
{
    static readonly string[] Silent = ["script", "style", "noscript", "template", "svg"];
    static readonly string[] Breaking = ["p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "table", "ul", "ol", "pre", "blockquote", "hr", "title"];

    public static string Read(string html)
    {
        var text = new StringBuilder(html.Length / 2);
        for (var at = 0; at < html.Length;)
        {
            var open = html.IndexOf('<', at);
            if (open < 0)
            {
                text.Append(html, at, html.Length - at);
                break;
            }

            text.Append(html, at, open - at);
            at = Skip(html, open, text);
        }

        return Tidy(WebUtility.HtmlDecode(text.ToString()));
    }

    /// <summary>Where reading goes on after the tag at <paramref name="open"/>.</summary>
    static int Skip(string html, int open, StringBuilder text)
    {
        if (string.CompareOrdinal(html, open, "<!--", 0, 4) == 0)
            return After(html, "-->", open + 4);
        var start = open + 1;
        var closing = start < html.Length && html[start] == '/';
        if (closing)
            start++;
        var end = start;
        while (end < html.Length && char.IsAsciiLetterOrDigit(html[end]))
            end++;
        if (end == start && !(start < html.Length && html[start] is '!' or '?'))
        {
            text.Append('<');
            return open + 1;
        }

        var name = html[start..end].ToLowerInvariant();
        var next = After(html, ">", end);
        if (!closing && Silent.Contains(name, StringComparer.Ordinal))
        {
            var over = html.IndexOf($"</{name}", next, StringComparison.OrdinalIgnoreCase);
            return over < 0 ? html.Length : After(html, ">", over);
        }

        if (Breaking.Contains(name, StringComparer.Ordinal))
            text.Append('\n');
        else if (name is "td" or "th")
            text.Append('\t');
        return next;
    }

    static int After(string html, string mark, int from)
    {
        var at = from >= html.Length ? -1 : html.IndexOf(mark, from, StringComparison.Ordinal);
        return at < 0 ? html.Length : at + mark.Length;
    }

    static string Tidy(string text)
    {
        var lines = text.Split('\n').Select(line => string.Join(' ', line.Split([' ', '\r', '\u00A0'], StringSplitOptions.RemoveEmptyEntries)).Trim());
        var tidy = new StringBuilder(text.Length);
        var empty = 1;
        foreach (var line in lines)
        {
            empty = line.Length == 0 ? empty + 1 : 0;
            if (empty < 2)
                tidy.Append(line).Append('\n');
        }

        return tidy.ToString().Trim('\n');
    }
}
