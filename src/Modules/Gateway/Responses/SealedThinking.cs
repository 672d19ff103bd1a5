using System.Buffers.Text;
using System.Text;
using JeanTrail.Gateway.Dialects;

namespace JeanTrail.Gateway.Responses;

/// <summary>
/// A chat's <c>thinking_blocks</c> as the <c>encrypted_content</c> of a reasoning item, which callers give back unread. The blocks carry the
/// upstream's own signature; what is added here only keeps them apart from what others sealed.
/// </summary>
internal static class SealedThinking
{
    const string Mark = "jean.thinking.1.";

    internal static string Seal(string blocks) => Mark + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(blocks));

    /// <summary>The JSON of the blocks; null when it is somebody else's.</summary>
    internal static string? Open(string? content)
    {
        if (content?.StartsWith(Mark, StringComparison.Ordinal) != true || !Base64Url.IsValid(content.AsSpan(Mark.Length)))
            return null;
        var blocks = Base64Url.DecodeFromChars(content.AsSpan(Mark.Length));
        if (!Json.TryParse(blocks, out var document))
            return null;
        using (document)
            return document.RootElement.HasItems() ? Encoding.UTF8.GetString(blocks) : null;
    }
}
