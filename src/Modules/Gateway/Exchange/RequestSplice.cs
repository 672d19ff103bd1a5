using System.Text.Json;

namespace JeanTrail.Gateway.Exchange;

/// <summary>Copies a JSON request with the model's name replaced, and the question for token counts added where the gateway needs it.</summary>
internal static class RequestSplice
{
    static ReadOnlySpan<byte> WholeOptions => "{\"include_usage\":true}"u8;

    static ReadOnlySpan<byte> OptionsMember => "\"stream_options\":{\"include_usage\":true},"u8;

    static ReadOnlySpan<byte> ThinkingOn => "\"enable_thinking\":true,\"chat_template_kwargs\":{\"enable_thinking\":true},"u8;

    static ReadOnlySpan<byte> ThinkingOff => "\"enable_thinking\":false,\"chat_template_kwargs\":{\"enable_thinking\":false},"u8;

    static ReadOnlySpan<byte> UsageMember => "\"include_usage\":true"u8;

    /// <param name="thinking">
    /// Adds what Qwen-3's servers read: <c>chat_template_kwargs.enable_thinking</c> (vLLM, llama.cpp, SGLang) and <c>enable_thinking</c> (DashScope).
    /// </param>
    internal static ReadOnlyMemory<byte> Write(ReadOnlySpan<byte> body, RequestShape shape, string upstreamModel, bool askUsage, bool? thinking = null)
    {
        var model = JsonEncodedText.Encode(upstreamModel);
        var addUsage = askUsage && shape is { Stream: true, AsksUsage: false };
        var thinks = thinking switch { true => ThinkingOn, false => ThinkingOff, null => default };
        var result = new byte[body.Length + model.EncodedUtf8Bytes.Length + OptionsMember.Length + thinks.Length];
        var target = new Target(result);

        // Right behind the opening brace, where it needs no look at what follows: a model is always there.
        var at = body.IndexOf((byte)'{') + 1;
        target.Add(body[..at]);
        if (addUsage && shape.StreamOptionsAt.Equals(default))
            target.Add(OptionsMember);
        target.Add(thinks);

        var (first, second) = (shape.ModelAt, addUsage ? shape.StreamOptionsAt : default);
        if (!second.Equals(default) && second.Start.Value < first.Start.Value)
        {
            AddOptions(ref target, body, second, ref at);
            AddModel(ref target, body, first, model, ref at);
        }
        else
        {
            AddModel(ref target, body, first, model, ref at);
            if (!second.Equals(default))
                AddOptions(ref target, body, second, ref at);
        }

        target.Add(body[at..]);
        return result.AsMemory(0, target.Length);
    }

    static void AddModel(ref Target target, ReadOnlySpan<byte> body, Range value, JsonEncodedText model, ref int at)
    {
        target.Add(body[at..value.Start.Value]);
        target.Add("\""u8);
        target.Add(model.EncodedUtf8Bytes);
        target.Add("\""u8);
        at = value.End.Value;
    }

    static void AddOptions(ref Target target, ReadOnlySpan<byte> body, Range value, ref int at)
    {
        target.Add(body[at..value.Start.Value]);
        var options = body[value];
        if (options[0] == '{')
        {
            // As the last member: of two with one name, readers take the last.
            var inside = options[1..^1].TrimEnd(" \t\r\n"u8);
            target.Add("{"u8);
            target.Add(inside);
            target.Add(inside.TrimStart(" \t\r\n"u8).IsEmpty ? default : ","u8);
            target.Add(UsageMember);
            target.Add("}"u8);
        }
        else
        {
            target.Add(WholeOptions);
        }

        at = value.End.Value;
    }

    ref struct Target(Span<byte> bytes)
    {
        readonly Span<byte> bytes = bytes;

        internal int Length { get; private set; }

        internal void Add(ReadOnlySpan<byte> piece)
        {
            piece.CopyTo(bytes[Length..]);
            Length += piece.Length;
        }
    }
}
