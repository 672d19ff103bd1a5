using System.Text.Encodings.Web;
using System.Text.Unicode;
using Markdig;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace JeanTrail.Chat.Messages;

/// <summary>
/// Messages as HTML for pages without scripts. They are untrusted: HTML in them is shown as text, links lead to the web or nowhere, images
/// are named and not fetched.
/// </summary>
internal static class RenderedText
{
    static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().DisableHtml().UsePipeTables().UseTaskLists().UseEmphasisExtras().UseAutoLinks().Build();

    // Letters of all scripts as they are: a page in Arabic is a third of the size.
    static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>Markdown as HTML.</summary>
    public static string OfMarkdown(string text)
    {
        var document = Markdown.Parse(text, Pipeline);
        foreach (var link in document.Descendants<LinkInline>())
        {
            link.IsImage = false;
            link.GetDynamicUrl = null;
            if (!IsWeb(link.Url))
                link.Url = "#";
            Distrust(link);
        }

        foreach (var link in document.Descendants<AutolinkInline>())
        {
            if (!link.IsEmail && !IsWeb(link.Url))
                link.Url = "#";
            Distrust(link);
        }

        return document.ToHtml(Pipeline);
    }

    /// <summary>Text as text, also inside an attribute.</summary>
    public static string Plain(string text) => Encoder.Encode(text);

    static void Distrust(IMarkdownObject link) => link.GetAttributes().AddPropertyIfNotExist("rel", "nofollow noopener noreferrer ugc");

    static bool IsWeb(string? url) => Uri.TryCreate(url, UriKind.Absolute, out var address) && (address.Scheme is "http" or "https" or "mailto");
}
