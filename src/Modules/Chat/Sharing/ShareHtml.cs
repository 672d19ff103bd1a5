using System.Globalization;
using System.Text;
using JeanTrail.Chat.Attachments;
using JeanTrail.Chat.Messages;
using JeanTrail.Chat.Transfer.Export;

namespace JeanTrail.Chat.Sharing;

/// <summary>A shared conversation as a page that runs no script and asks nobody but this server for pictures. Everything in it is untrusted.</summary>
internal static class ShareHtml
{
    public static string Of(OpenShare share, ExportedTalk talk, IReadOnlyList<SharedMessage> messages, string token, int page, int pages, ShareWords words)
    {
        var title = talk.Conversation.Title.Length > 0 ? talk.Conversation.Title : words.Untitled;
        var html = Begin(title, words);
        html.Append($"<header><p>{words.Shared}</p><h1 dir=\"auto\">{RenderedText.Plain(title)}</h1></header><main>");
        foreach (var message in messages)
            Add(html, message, token, words);
        if (pages > 1)
        {
            html.Append("<nav>");
            html.Append(page > 1 ? $"<a rel=\"prev\" href=\"?page={Number(page - 1)}\">{words.Earlier}</a>" : "<span></span>");
            html.Append(page < pages ? $"<a rel=\"next\" href=\"?page={Number(page + 1)}\">{words.Later}</a>" : "").Append("</nav>");
        }

        return html.Append($"</main><footer><p>{words.May(share)}</p><a class=\"open\" href=\"/shared/{token}\">{words.Open}</a></footer></body></html>").ToString();
    }

    /// <summary>What opens nothing: the same page for a link that never was and for one that was ended.</summary>
    public static string Nothing(ShareWords words, bool tooMany)
    {
        var (title, text) = tooMany ? (words.Slow, words.SlowText) : (words.Gone, words.GoneText);
        return Begin(title, words).Append($"<header><h1>{title}</h1></header><main><p>{text}</p></main></body></html>").ToString();
    }

    static StringBuilder Begin(string title, ShareWords words) => new StringBuilder("<!doctype html><html lang=\"")
        .Append(words.Language).Append("\" dir=\"").Append(words.RightToLeft ? "rtl" : "ltr").Append("\"><head><meta charset=\"utf-8\">")
        .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"robots\" content=\"noindex, nofollow\">")
        .Append("<meta name=\"referrer\" content=\"no-referrer\"><meta property=\"og:type\" content=\"article\"><meta property=\"og:site_name\" content=\"JeanTrail\">")
        .Append($"<meta property=\"og:title\" content=\"{RenderedText.Plain(title)}\"><title>{RenderedText.Plain(title)}</title>")
        .Append("<style>").Append(ShareStyle.Css.ReplaceLineEndings("\n")).Append("</style></head><body>");

    static void Add(StringBuilder html, SharedMessage message, string token, ShareWords words)
    {
        var mine = message.Role == "user";
        html.Append($"<article id=\"m-{message.Id.Value}\" class=\"{(mine ? "user" : "jean")}\"><header><b>{(mine ? words.Person : words.Jean)}</b>");
        if (!mine && message.ModelId is { } model)
            html.Append($"<bdi dir=\"ltr\">{RenderedText.Plain(model)}</bdi>");
        html.Append($"<time dir=\"ltr\" datetime=\"{message.CreatedAt.UtcDateTime:O}\">{ExportWords.Time(message.CreatedAt)}</time></header>");
        foreach (var part in message.Parts.Where(part => part.Kind is "reasoning" or "tool"))
            AddAside(html, part, words);
        if (message.Text.Length > 0)
            html.Append($"<div class=\"text\" dir=\"auto\">{(mine ? RenderedText.Plain(message.Text) : RenderedText.OfMarkdown(message.Text))}</div>");
        foreach (var part in message.Parts.Where(part => part.Kind is "image" or "file"))
            AddFile(html, part, token);
        if (message.Comments.Count > 0)
        {
            html.Append($"<section aria-label=\"{words.Comments}\"><ul class=\"comments\">");
            foreach (var comment in message.Comments)
            {
                html.Append($"<li><b><bdi>{RenderedText.Plain(comment.AuthorName)}</bdi></b> <time class=\"quiet\" dir=\"ltr\">{ExportWords.Time(comment.CreatedAt)}</time>")
                    .Append($"<p dir=\"auto\">{RenderedText.Plain(comment.Text)}</p></li>");
            }

            html.Append("</ul></section>");
        }

        html.Append("</article>");
    }

    static void AddAside(StringBuilder html, SharedPart part, ShareWords words)
    {
        var name = part.Kind == "tool" ? $"<bdi dir=\"ltr\">{RenderedText.Plain(part.Name ?? "")}</bdi>" : words.Thoughts;
        html.Append($"<details><summary>{name}</summary>");
        if (part.Text is { Length: > 0 } text)
            html.Append($"<div class=\"quiet\" dir=\"auto\">{RenderedText.Plain(text)}</div>");
        foreach (var told in (ReadOnlySpan<string?>)[part.Arguments, part.Result])
        {
            if (told is { Length: > 0 })
                html.Append($"<pre><code>{RenderedText.Plain(told)}</code></pre>");
        }

        html.Append("</details>");
    }

    static void AddFile(StringBuilder html, SharedPart part, string token)
    {
        if (part.File is { } file)
        {
            var (path, name) = ($"{SharePage.Prefix}/{token}/files/{file.Id.Value}", RenderedText.Plain(file.Name));
            var size = file is { Width: { } width, Height: { } height } ? $" width=\"{Number(width)}\" height=\"{Number(height)}\"" : "";
            html.Append(part.Kind == "image" ? $"<img alt=\"{name}\" src=\"{path}\" loading=\"lazy\"{size}>" : $"<p><a href=\"{path}\"><bdi>{name}</bdi></a></p>");
            if (MediaTypes.IsSound(file.MediaType))
                html.Append($"<audio controls preload=\"none\" aria-label=\"{name}\" src=\"{path}\"></audio>");
            if (part.Text is { } said)
                html.Append($"<blockquote class=\"said\" dir=\"auto\">{RenderedText.Plain(said)}</blockquote>");
        }
        else if (part.Url is { } url && Uri.TryCreate(url, UriKind.Absolute, out var elsewhere) && elsewhere.Scheme == Uri.UriSchemeHttps)
            html.Append($"<p><a rel=\"nofollow noopener noreferrer\" href=\"{RenderedText.Plain(elsewhere.AbsoluteUri)}\"><bdi dir=\"ltr\">{RenderedText.Plain(elsewhere.Host)}</bdi></a></p>");
    }

    static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
