using System.Buffers;
using System.Text.Json;
using JeanTrail.Gateway.Dialects.OpenAi;
using JeanTrail.Gateway.Upstream;

namespace JeanTrail.Gateway.Exchange;

/// <summary>
/// Reads what must be known of replies that pass byte for byte, in one pass over each event and without building anything: token counts, the
/// reason of the end, how much text there was, and failures told inside a stream. It also proves that what passes is JSON.
/// Source: OpenAI API reference, the chat completion (chunk) object and the streaming events of responses.
/// </summary>
internal sealed class ReplyMeter(Surface surface)
{
    /// <summary>Of larger bodies only the token counts at their end are read: the rest is vectors or pictures.</summary>
    const int LargestRead = 64 * 1024;

    /// <summary>What cannot stand in a string as it is, or means something else there.</summary>
    static readonly SearchValues<byte> NotPlain = SearchValues.Create([.. Enumerable.Range(0, ' ').Select(value => (byte)value), (byte)'"', (byte)'\\']);

    // The events of an answer are alike but for their text: what stands around it in the last one that was read is known to be read. Empty where
    // there is none that others can be like.
    ArrayBufferWriter<byte>? last;
    Range textAt;
    int texts;

    bool hasChoices;

    internal ReplyFacts Facts { get; } = new();

    /// <summary>The event that was read last carried text, a tool call, or part of one.</summary>
    internal bool HadContent { get; private set; }

    /// <summary>It carried token counts and nothing else, as a stream's answer to <c>include_usage</c> does.</summary>
    internal bool WasUsageOnly { get; private set; }

    /// <summary>It reported a failure.</summary>
    internal Fault? Fault { get; private set; }

    /// <exception cref="InvalidDataException">It is not a JSON object.</exception>
    internal void Take(ReadOnlySpan<byte> data)
    {
        if (TakeAlike(data))
            return;
        texts = 0;
        Take(data, whole: false);
        last?.ResetWrittenCount();
        if (surface == Surface.ChatCompletions && texts == 1 && !Facts.Finished && Fault is null)
            (last ??= new()).Write(data);
    }

    /// <summary>True when it is the last event with another text.</summary>
    bool TakeAlike(ReadOnlySpan<byte> data)
    {
        if (last is not { WrittenCount: > 0 })
            return false;
        var head = last.WrittenSpan[..textAt.Start];
        var tail = last.WrittenSpan[textAt.End..];
        if (data.Length <= head.Length + tail.Length || !data.StartsWith(head) || !data.EndsWith(tail))
            return false;
        var text = data[head.Length..^tail.Length];
        if (text.ContainsAny(NotPlain))
            return false;
        (HadContent, WasUsageOnly, Fault) = (true, false, null);
        Facts.OutputBytes += text.Length;
        Facts.Pieces++;
        return true;
    }

    void Take(ReadOnlySpan<byte> data, bool whole)
    {
        hasChoices = false;
        (HadContent, WasUsageOnly, Fault) = (false, false, null);
        try
        {
            var json = new Utf8JsonReader(data);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
                throw new InvalidDataException("Not an object.");
            TakeObject(ref json, data);
            if (json.Read())
                throw new InvalidDataException("More than one value.");
            if (whole && surface == Surface.ChatCompletions && !hasChoices && Fault is null)
                throw new InvalidDataException("No answer.");
        }
        catch (JsonException invalid)
        {
            throw new InvalidDataException("Not JSON.", invalid);
        }

        if (HadContent)
            Facts.Pieces++;
    }

    /// <summary>A reply that was not streamed.</summary>
    /// <exception cref="InvalidDataException">It is not a JSON object.</exception>
    internal void TakeWhole(ReadOnlySpan<byte> body)
    {
        Facts.Finished = true;
        if (body.Length <= LargestRead)
        {
            Take(body, whole: true);
            return;
        }

        var at = body.LastIndexOf("\"usage\""u8);
        if (at < 0)
            return;
        try
        {
            // A fragment: the reader stops where the object of the counts ends.
            var rest = body[(at + "\"usage\""u8.Length)..].TrimStart(" \t\r\n:"u8);
            var json = new Utf8JsonReader(rest, isFinalBlock: false, default);
            if (json.Read())
                TakeUsage(ref json);
        }
        catch (JsonException)
        {
            // The word stood elsewhere.
        }
    }

    void TakeObject(ref Utf8JsonReader json, ReadOnlySpan<byte> data)
    {
        var sawUsage = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("choices"u8))
            {
                hasChoices |= TakeChoices(ref json);
            }
            else if (json.ValueTextEquals("usage"u8))
            {
                json.Read();
                sawUsage |= TakeUsage(ref json);
            }
            else if (json.ValueTextEquals("error"u8))
            {
                TakeError(ref json, data);
            }
            else if (json.ValueTextEquals("type"u8))
            {
                json.Read();
                TakeType(ref json);
            }
            else if (json.ValueTextEquals("delta"u8))
            {
                json.Read();
                TakeText(ref json);
            }
            else if (json.ValueTextEquals("response"u8))
            {
                json.Read();
                TakeResponse(ref json, data);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        WasUsageOnly = sawUsage && !hasChoices && !HadContent;
    }

    /// <summary>True when there is at least one.</summary>
    bool TakeChoices(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Null)
            return false;
        if (json.TokenType != JsonTokenType.StartArray)
            throw new InvalidDataException("choices is not a list.");
        var any = false;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.StartObject)
            {
                json.Skip();
                continue;
            }

            any = true;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
                TakeChoiceMember(ref json);
        }

        return any;
    }

    void TakeChoiceMember(ref Utf8JsonReader json)
    {
        var isDelta = json.ValueTextEquals("delta"u8) || json.ValueTextEquals("message"u8);
        var isFinish = json.ValueTextEquals("finish_reason"u8);
        json.Read();
        if (isFinish && json.TokenType == JsonTokenType.String)
        {
            Facts.Finished = true;
            Facts.FinishReason ??= json.GetString();
        }
        else if (isDelta && json.TokenType == JsonTokenType.StartObject)
        {
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var isRole = json.ValueTextEquals("role"u8);
                json.Read();
                if (isRole)
                    json.Skip();
                else
                    TakeText(ref json);
            }
        }
        else
        {
            json.Skip();
        }
    }

    /// <summary>Anything a message says, in whatever member: text, reasoning, a refusal, the fragments of a tool call.</summary>
    void TakeText(ref Utf8JsonReader json)
    {
        var depth = json.CurrentDepth;
        do
        {
            if (json.TokenType != JsonTokenType.String || json.ValueSpan.Length == 0)
                continue;
            HadContent = true;
            Facts.OutputBytes += json.ValueSpan.Length;
            texts++;
            var start = (int)json.TokenStartIndex + 1;
            textAt = start..(start + json.ValueSpan.Length);
        }
        while ((json.CurrentDepth > depth || json.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject) && json.Read());
    }

    bool TakeUsage(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return false;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("prompt_tokens"u8) || json.ValueTextEquals("input_tokens"u8))
                Facts.InputTokens = Count(ref json) ?? Facts.InputTokens;
            else if (json.ValueTextEquals("completion_tokens"u8) || json.ValueTextEquals("output_tokens"u8))
                Facts.OutputTokens = Count(ref json) ?? Facts.OutputTokens;
            else if (json.ValueTextEquals("prompt_tokens_details"u8) || json.ValueTextEquals("input_tokens_details"u8)
                || json.ValueTextEquals("completion_tokens_details"u8) || json.ValueTextEquals("output_tokens_details"u8))
                TakeDetails(ref json);
            else
                Count(ref json);
        }

        return true;
    }

    void TakeDetails(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("cached_tokens"u8))
                Facts.CachedInputTokens = Count(ref json);
            else if (json.ValueTextEquals("reasoning_tokens"u8))
                Facts.ReasoningTokens = Count(ref json);
            else
                Count(ref json);
        }
    }

    static long? Count(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Number)
            return json.TryGetInt64(out var count) && count >= 0 ? count : null;
        json.Skip();
        return null;
    }

    void TakeError(ref Utf8JsonReader json, ReadOnlySpan<byte> data)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Null)
            return;
        var start = (int)json.TokenStartIndex;
        json.Skip();
        Fault = OpenAiFaults.OfChunk(data[start..(int)json.BytesConsumed]);
    }

    /// <summary>Of an event of a response.</summary>
    void TakeType(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.String)
        {
            json.Skip();
            return;
        }

        if (json.ValueTextEquals("response.completed"u8) || json.ValueTextEquals("response.incomplete"u8))
            Facts.Finished = true;
        else if (json.ValueTextEquals("error"u8) || json.ValueTextEquals("response.failed"u8))
            Fault = UpstreamFaults.Midway;
    }

    void TakeResponse(ref Utf8JsonReader json, ReadOnlySpan<byte> data)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isUsage = json.ValueTextEquals("usage"u8);
            var isError = json.ValueTextEquals("error"u8);
            if (isError)
            {
                TakeError(ref json, data);
                continue;
            }

            json.Read();
            if (isUsage)
                TakeUsage(ref json);
            else
                json.Skip();
        }
    }
}
