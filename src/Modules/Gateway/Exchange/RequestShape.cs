using System.Text.Json;
using JeanTrail.Kernel.Errors;

namespace JeanTrail.Gateway.Exchange;

/// <summary>What the messages of a request hold besides text.</summary>
[Flags]
internal enum Modalities
{
    None = 0,
    Image = 1,
    Audio = 2,
    File = 4,
}

/// <summary>
/// What the gateway needs to know of a JSON request, read in one pass over its bytes without building anything: the request itself goes on as
/// the bytes that came, with at most a few of them replaced (<see cref="RequestSplice"/>).
/// </summary>
internal sealed record RequestShape
{
    /// <summary>Longer strings are counted as media, which is not billed by its bytes.</summary>
    const int LongestText = 256 * 1024;

    /// <summary>The public name: a route, or <c>provider/model</c>.</summary>
    internal string Model { get; private set; } = "";

    /// <summary>Where the model's value stands in the body, quotes included.</summary>
    internal Range ModelAt { get; private set; }

    /// <summary>Where the values of a form's text fields stand, in their order.</summary>
    internal IReadOnlyList<Range> FormTextsAt { get; private set; } = [];

    internal bool Stream { get; private set; }

    /// <summary>The caller wants token counts at the end of its stream.</summary>
    internal bool AsksUsage { get; private set; }

    /// <summary>Where the value of <c>stream_options</c> stands; empty when there is none.</summary>
    internal Range StreamOptionsAt { get; private set; }

    internal long? MaxOutputTokens { get; private set; }

    internal double? Temperature { get; private set; }

    /// <summary>How many answers are wanted: <c>n</c>.</summary>
    internal int Choices { get; private set; } = 1;

    internal bool HasTools { get; private set; }

    /// <summary>The answer must be JSON, with or without a schema.</summary>
    internal bool WantsJson { get; private set; }

    internal Modalities Modalities { get; private set; }

    /// <summary>UTF-8 bytes of all text in the request, from which input tokens are estimated.</summary>
    internal long TextBytes { get; private set; }

    /// <summary>Two letters of the language the text is mostly written in, as far as its script tells: <c>ar ru</c>, else null.</summary>
    internal string? Script { get; private set; }

    string? CacheKey { get; set; }

    Range OpeningAt { get; set; }

    /// <summary>About four bytes of Latin text make a token; other scripts take more bytes and more tokens. Good for reserving, not for billing.</summary>
    internal long EstimatedInputTokens => 8 + ((TextBytes + 3) / 4);

    /// <summary>
    /// What holds a conversation together for an upstream's prompt cache: <c>prompt_cache_key</c>, else <c>user</c>, else a hash of how the
    /// conversation begins. Null where there is none.
    /// </summary>
    /// <param name="body">That was read.</param>
    internal string? CacheKeyOf(ReadOnlySpan<byte> body) => CacheKey ?? (OpeningAt.Equals(default) ? null : Fingerprint(body[OpeningAt]));

    /// <summary>Reads a body. Errors (400): <c>gateway.request_invalid</c>, which says what is wrong.</summary>
    internal static Result<RequestShape> Read(ReadOnlySpan<byte> body)
    {
        var shape = new RequestShape();
        try
        {
            return shape.Scan(body) is { } error ? error : shape;
        }
        catch (JsonException invalid)
        {
            return GatewayErrors.RequestInvalid($"The body is not JSON (line {invalid.LineNumber + 1}).", null);
        }
        catch (InvalidOperationException) when (!Dialects.Json.IsUnicode(body))
        {
            return GatewayErrors.RequestInvalid("The body holds text that is not Unicode.", null);
        }
    }

    internal void TakeFormModel(string model, Range at) => (Model, ModelAt) = (model, at);

    internal void TakeFormStream(bool stream) => Stream = stream;

    internal void TakeFormText(Range at)
    {
        TextBytes += at.End.Value - at.Start.Value;
        FormTextsAt = [.. FormTextsAt, at];
    }

    Error? Scan(ReadOnlySpan<byte> body)
    {
        var json = new Utf8JsonReader(body, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Disallow, MaxDepth = 128 });
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            return GatewayErrors.RequestInvalid("The body must be a JSON object.", null);
        var scripts = new ScriptCount();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (TakeMember(ref json, ref scripts) is { } error)
                return error;
        }

        // What follows the object would be thrown away silently, and is most likely a mistake.
        while (json.Read())
        {
        }

        Script = scripts.Winner;
        return Model.Length > 0 ? null : GatewayErrors.RequestInvalid("You must provide a model parameter.", "model");
    }

    Error? TakeMember(ref Utf8JsonReader json, ref ScriptCount scripts)
    {
        if (json.ValueTextEquals("model"u8))
            return TakeModel(ref json);
        if (json.ValueTextEquals("stream"u8))
        {
            json.Read();
            Stream = json.TokenType == JsonTokenType.True;
            return json.TokenType is JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null ? null : GatewayErrors.RequestInvalid("stream must be true or false.", "stream");
        }

        if (json.ValueTextEquals("stream_options"u8))
            TakeStreamOptions(ref json);
        else if (json.ValueTextEquals("max_completion_tokens"u8) || json.ValueTextEquals("max_tokens"u8) || json.ValueTextEquals("max_output_tokens"u8))
            MaxOutputTokens = Number(ref json) is { } limit ? (long)Math.Clamp(limit, 0, 1e9) : MaxOutputTokens;
        else if (json.ValueTextEquals("temperature"u8))
            Temperature = Number(ref json);
        else if (json.ValueTextEquals("n"u8))
            Choices = Number(ref json) is { } n ? (int)Math.Clamp(n, 1, 1000) : 1;
        else if (json.ValueTextEquals("tools"u8) || json.ValueTextEquals("functions"u8))
            HasTools |= TakeValue(ref json, ref scripts) > 0;
        else if (json.ValueTextEquals("response_format"u8))
            TakeFormat(ref json, ref scripts);
        else if (json.ValueTextEquals("prompt_cache_key"u8))
            CacheKey = Text(ref json) ?? CacheKey;
        else if (json.ValueTextEquals("user"u8))
            CacheKey ??= Text(ref json);
        else if (json.ValueTextEquals("messages"u8))
            TakeMessages(ref json, ref scripts);
        else
            TakeValue(ref json, ref scripts);
        return null;
    }

    Error? TakeModel(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.String)
            return GatewayErrors.RequestInvalid("model must be a string.", "model");
        Model = json.GetString()!;
        ModelAt = (int)json.TokenStartIndex..(int)json.BytesConsumed;
        return Model.Length <= Models.ModelName.MaxLength ? null : GatewayErrors.RequestInvalid("The name of the model is too long.", "model");
    }

    void TakeStreamOptions(ref Utf8JsonReader json)
    {
        json.Read();
        var start = (int)json.TokenStartIndex;
        if (json.TokenType == JsonTokenType.StartObject)
        {
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var isUsage = json.ValueTextEquals("include_usage"u8);
                json.Read();
                AsksUsage |= isUsage && json.TokenType == JsonTokenType.True;
                json.Skip();
            }
        }
        else
        {
            json.Skip();
        }

        StreamOptionsAt = start..(int)json.BytesConsumed;
    }

    void TakeFormat(ref Utf8JsonReader json, ref ScriptCount scripts)
    {
        var before = json.BytesConsumed;
        TakeValue(ref json, ref scripts);
        // {"type":"text"} is the default spelled out; both JSON kinds are longer.
        WantsJson = json.BytesConsumed - before > """: {"type": "text"}""".Length;
    }

    /// <summary>As any value, and notes where the user's first message ends: up to there a conversation stays as it is.</summary>
    void TakeMessages(ref Utf8JsonReader json, ref ScriptCount scripts)
    {
        var look = json;
        TakeValue(ref json, ref scripts);
        look.Read();
        var start = (int)look.TokenStartIndex;
        if (look.TokenType != JsonTokenType.StartArray)
            return;
        while (look.Read() && look.TokenType == JsonTokenType.StartObject)
        {
            var isUser = false;
            while (look.Read() && look.TokenType == JsonTokenType.PropertyName)
            {
                var isRole = look.ValueTextEquals("role"u8);
                look.Read();
                isUser |= isRole && look.TokenType == JsonTokenType.String && look.ValueTextEquals("user"u8);
                look.Skip();
            }

            if (!isUser)
                continue;
            OpeningAt = start..(int)look.BytesConsumed;
            return;
        }
    }

    /// <summary>The same on every node. Its end tells conversations apart as well as the whole, and takes no time to hash.</summary>
    static string Fingerprint(ReadOnlySpan<byte> opening)
        => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(opening[^Math.Min(opening.Length, 1024)..]).AsSpan(0, 16));

    static double? Number(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Number)
            return json.TryGetDouble(out var value) ? value : null;
        json.Skip();
        return null;
    }

    static string? Text(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.String && json.ValueSpan.Length <= 512)
            return json.GetString();
        json.Skip();
        return null;
    }

    /// <summary>Reads over a value and counts its text. Returns how many elements it has itself.</summary>
    int TakeValue(ref Utf8JsonReader json, ref ScriptCount scripts)
    {
        json.Read();
        var depth = 0;
        var elements = 0;
        do
        {
            switch (json.TokenType)
            {
                case JsonTokenType.StartArray or JsonTokenType.StartObject:
                    elements += depth == 1 ? 1 : 0;
                    depth++;
                    break;
                case JsonTokenType.EndArray or JsonTokenType.EndObject:
                    depth--;
                    break;
                case JsonTokenType.PropertyName:
                    break;
                case JsonTokenType.String:
                    elements += depth == 1 ? 1 : 0;
                    TakeString(json.ValueSpan, ref scripts);
                    break;
                default:
                    elements += depth == 1 ? 1 : 0;
                    break;
            }
        }
        while (depth > 0 && json.Read());
        return elements;
    }

    void TakeString(ReadOnlySpan<byte> text, ref ScriptCount scripts)
    {
        // The type of a part of a message.
        if (text.Length is > 3 and < 16)
            Modalities |= ModalityOf(text);
        if (text.Length > LongestText || text.StartsWith("data:"u8))
            return;
        TextBytes += text.Length;
        scripts.Add(text);
    }

    static Modalities ModalityOf(ReadOnlySpan<byte> type)
        => type.SequenceEqual("image_url"u8) || type.SequenceEqual("input_image"u8) ? Modalities.Image
            : type.SequenceEqual("input_audio"u8) ? Modalities.Audio
            : type.SequenceEqual("input_file"u8) || type.SequenceEqual("file"u8) ? Modalities.File
            : Modalities.None;

    /// <summary>Counts lead bytes of UTF-8: a look at a few hundred bytes tells Arabic and Cyrillic text from Latin.</summary>
    ref struct ScriptCount
    {
        const int Enough = 2048;

        int arabic;
        int cyrillic;
        int latin;

        internal readonly string? Winner => arabic > cyrillic && arabic > latin ? "ar" : cyrillic > arabic && cyrillic > latin ? "ru" : null;

        internal void Add(ReadOnlySpan<byte> text)
        {
            // The end, for the newest message is the last.
            foreach (var value in text.Length > Enough ? text[^Enough..] : text)
            {
                if (value is >= 0xD8 and <= 0xDB)
                    arabic++;
                else if (value is 0xD0 or 0xD1)
                    cyrillic++;
                else if (value is >= (byte)'a' and <= (byte)'z')
                    latin++;
            }
        }
    }
}
