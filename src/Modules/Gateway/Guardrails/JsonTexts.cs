using System.Buffers;
using System.Text;
using System.Text.Json;
using JeanTrail.Gateway.Dialects;

namespace JeanTrail.Gateway.Guardrails;

/// <summary>
/// Finds the texts in requests and replies and replaces those that change, byte for byte leaving everything else as it is. Texts are what people
/// and models say: messages, input, prompts, documents, tool arguments and results; not names, ids, addresses and bytes of pictures, or schemas.
/// </summary>
internal static class JsonTexts
{
    const int MaxDepth = 128;

    enum Document
    {
        Request,
        Reply,
        Arguments,
    }

    enum Kind : byte
    {
        None,
        Text,

        /// <summary>JSON in a string; an object with some servers.</summary>
        Arguments,

        /// <summary>Every string and number within is a text.</summary>
        Everything,
    }

    /// <summary>The request with its texts edited; null when none changed.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    /// <exception cref="InvalidOperationException">One of the texts is half a surrogate pair.</exception>
    internal static byte[]? RewriteRequest(ReadOnlySpan<byte> request, Func<string, string> edit) => Rewrite(request, edit, Document.Request);

    /// <summary>A whole reply or an event of a response, as <see cref="RewriteRequest"/>. What it repeats of its request is left alone.</summary>
    internal static byte[]? RewriteReply(ReadOnlySpan<byte> reply, Func<string, string> edit) => Rewrite(reply, edit, Document.Reply);

    /// <summary>The arguments of a tool call: JSON of which every string and number may be a text; plain text where it is not JSON.</summary>
    internal static string RewriteArguments(string arguments, Func<string, string> edit)
    {
        try
        {
            return Rewrite(Encoding.UTF8.GetBytes(arguments), edit, Document.Arguments) is { } changed ? Encoding.UTF8.GetString(changed) : arguments;
        }
        catch (JsonException)
        {
            return edit(arguments);
        }
    }

    /// <summary>Whether a failure says that JSON could not be read: broken, of another shape, or with a name twice. It cannot be vouched for.</summary>
    internal static bool IsUnreadable(Exception failure) => failure is JsonException or InvalidOperationException or FormatException or ArgumentException;

    static byte[]? Rewrite(ReadOnlySpan<byte> json, Func<string, string> edit, Document document)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        // By depth, what the value is that comes next there.
        Span<Kind> kinds = stackalloc Kind[MaxDepth + 2];
        kinds.Clear();
        kinds[0] = document == Document.Arguments ? Kind.Everything : Kind.None;
        ArrayBufferWriter<byte>? output = null;
        var copied = 0;
        while (reader.Read())
        {
            var depth = reader.CurrentDepth;
            switch (reader.TokenType)
            {
                // Elements of a list are what the list is; members of an object say for themselves.
                case JsonTokenType.StartArray:
                    kinds[depth + 1] = kinds[depth];
                    break;
                case JsonTokenType.PropertyName when depth == 1 && document != Document.Arguments && !IsSpoken(ref reader, document):
                    reader.Skip();
                    break;
                case JsonTokenType.PropertyName:
                    kinds[depth] = kinds[depth - 1] >= Kind.Arguments ? Kind.Everything : KindOf(ref reader, depth);
                    break;
                case JsonTokenType.String when kinds[depth] != Kind.None:
                    var text = reader.GetString()!;
                    var edited = kinds[depth] == Kind.Arguments ? RewriteArguments(text, edit) : edit(text);
                    Replace(json, ref copied, ref output, reader, text, edited);
                    break;
                case JsonTokenType.Number when kinds[depth] == Kind.Everything:
                    var number = Encoding.UTF8.GetString(reader.ValueSpan);
                    Replace(json, ref copied, ref output, reader, number, edit(number));
                    break;
            }
        }

        if (output is null)
            return null;
        output.Write(json[copied..]);
        return output.WrittenSpan.ToArray();
    }

    static void Replace(ReadOnlySpan<byte> json, ref int copied, ref ArrayBufferWriter<byte>? output, in Utf8JsonReader at, string before, string after)
    {
        if (string.Equals(before, after, StringComparison.Ordinal))
            return;
        output ??= new ArrayBufferWriter<byte>(json.Length);
        output.Write(json[copied..(int)at.TokenStartIndex]);
        output.Write("\""u8);
        output.Write(JsonEncodedText.Encode(after, Json.Writing.Encoder).EncodedUtf8Bytes);
        output.Write("\""u8);
        copied = (int)at.BytesConsumed;
    }

    /// <summary>Members at the top that hold what is said, on any surface. A response repeats its request's instructions, which are no reply.</summary>
    static bool IsSpoken(ref Utf8JsonReader name, Document document)
        => document == Document.Request
            ? name.ValueTextEquals("messages"u8) || name.ValueTextEquals("input"u8) || name.ValueTextEquals("prompt"u8) || name.ValueTextEquals("prediction"u8)
                || name.ValueTextEquals("instructions"u8) || name.ValueTextEquals("query"u8) || name.ValueTextEquals("documents"u8)
            : name.ValueTextEquals("choices"u8) || name.ValueTextEquals("output"u8) || name.ValueTextEquals("results"u8) || name.ValueTextEquals("data"u8)
                || name.ValueTextEquals("text"u8) || name.ValueTextEquals("segments"u8) || name.ValueTextEquals("words"u8)
                || name.ValueTextEquals("response"u8) || name.ValueTextEquals("item"u8) || name.ValueTextEquals("part"u8)
                || name.ValueTextEquals("refusal"u8) || name.ValueTextEquals("arguments"u8) || name.ValueTextEquals("input"u8) || name.ValueTextEquals("code"u8);

    static Kind KindOf(ref Utf8JsonReader name, int depth)
        => name.ValueTextEquals("arguments"u8) ? Kind.Arguments
            : name.ValueTextEquals("variables"u8) ? Kind.Everything
            : depth == 1 || name.ValueTextEquals("content"u8) || name.ValueTextEquals("text"u8) || name.ValueTextEquals("input"u8) || name.ValueTextEquals("output"u8)
                || name.ValueTextEquals("refusal"u8) || name.ValueTextEquals("reasoning_content"u8) || name.ValueTextEquals("reasoning"u8)
                || name.ValueTextEquals("document"u8) || name.ValueTextEquals("code"u8) || name.ValueTextEquals("query"u8) || name.ValueTextEquals("word"u8)
                || name.ValueTextEquals("transcript"u8) || name.ValueTextEquals("revised_prompt"u8) ? Kind.Text
            : Kind.None;
}
