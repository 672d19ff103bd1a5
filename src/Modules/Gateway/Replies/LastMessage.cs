using System.Text;
using System.Text.Json;

namespace JeanTrail.Gateway.Replies;

/// <summary>The last message of a chat, when it is the user's and nothing but text.</summary>
/// <param name="At">Where its content begins in the request.</param>
internal sealed record LastMessage(string Text, int At)
{
    internal static LastMessage? Find(ReadOnlySpan<byte> request)
    {
        var json = new Utf8JsonReader(request, new JsonReaderOptions { MaxDepth = 128 });
        json.Read();
        LastMessage? last = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isMessages = json.ValueTextEquals("messages"u8);
            json.Read();
            if (!isMessages || json.TokenType != JsonTokenType.StartArray)
            {
                json.Skip();
                continue;
            }

            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            {
                last = null;
                if (json.TokenType == JsonTokenType.StartObject)
                    last = ReadMessage(ref json);
                else
                    json.Skip();
            }
        }

        return last;
    }

    static LastMessage? ReadMessage(ref Utf8JsonReader json)
    {
        var isUser = false;
        string? text = null;
        var at = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isRole = json.ValueTextEquals("role"u8);
            var isContent = json.ValueTextEquals("content"u8);
            json.Read();
            if (isRole)
                isUser = json.TokenType == JsonTokenType.String && json.ValueTextEquals("user"u8);
            if (isContent)
                (text, at) = (ReadContent(ref json, out var start), start);
            else
                json.Skip();
        }

        return isUser && text is not null ? new LastMessage(text, at) : null;
    }

    static string? ReadContent(ref Utf8JsonReader json, out int start)
    {
        start = (int)json.TokenStartIndex;
        try
        {
            if (json.TokenType == JsonTokenType.String)
                return json.GetString();
            if (json.TokenType == JsonTokenType.StartArray)
                return ReadParts(ref json);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: no text.
        }

        json.Skip();
        return null;
    }

    /// <summary>All parts of the content; null when one is something else than text.</summary>
    static string? ReadParts(ref Utf8JsonReader json)
    {
        using var parts = JsonDocument.ParseValue(ref json);
        var text = new StringBuilder();
        foreach (var part in parts.RootElement.EnumerateArray())
        {
            if (part.ValueKind != JsonValueKind.Object || !part.TryGetProperty("type", out var type) || !type.ValueEquals("text"u8)
                || !part.TryGetProperty("text", out var value) || value.ValueKind != JsonValueKind.String)
                return null;
            text.Append(value.GetString()).Append('\n');
        }

        return text.ToString().TrimEnd('\n');
    }
}
