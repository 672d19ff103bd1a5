using System.Runtime.CompilerServices;
using System.Text.Json;

namespace JeanTrail.Chat.Transfer.Import;

/// <summary>What surrounds the conversations of a file.</summary>
internal enum JsonShape
{
    /// <summary>An array of them.</summary>
    Array,

    /// <summary>Our own format, which says so in its first words.</summary>
    Own,

    /// <summary>One conversation and nothing else.</summary>
    Single,
}

/// <summary>One conversation of a file.</summary>
/// <param name="Document">Null when it is larger than may be; valid until the next item is asked for.</param>
internal sealed record JsonItem(JsonDocument? Document, JsonShape Shape);

/// <summary>The file is not JSON, or not of a shape that is known; what was read before is good.</summary>
internal sealed class JsonItemsException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// Reads the conversations of a JSON file one after the other, in as much memory as the largest of them needs and no more. The array around
/// them is walked by its bytes; each of them is found whole by the framework's reader and handed out as a document.
/// </summary>
internal sealed class JsonItems(Stream stream, int maxItemBytes)
{
    const int FirstBuffer = 64 * 1024;

    /// <summary>Exports that nest each answer in its question are as deep as they are long.</summary>
    const int MaxDepth = 16_384;

    static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = MaxDepth };
    static readonly JsonDocumentOptions DocumentOptions = new() { MaxDepth = MaxDepth };

    byte[] buffer = new byte[FirstBuffer];
    int start;
    int end;
    long before;
    bool ended;

    /// <summary>Bytes that are dealt with.</summary>
    public long Position => before + start;

    /// <summary>What reading needs now.</summary>
    internal int BufferBytes => buffer.Length;

    ReadOnlySpan<byte> Rest => buffer.AsSpan(start, end - start);

    public async IAsyncEnumerable<JsonItem> ReadAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        await FillAsync(cancel);
        if (Rest.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            start += 3;
        var first = await NextAsync(cancel);
        var shape = first switch
        {
            (byte)'[' => JsonShape.Array,
            (byte)'{' => FindOwn() is { } found ? Enter(found) : JsonShape.Single,
            _ => throw new JsonItemsException("This is not a JSON file."),
        };
        if (shape == JsonShape.Single)
        {
            yield return await ReadOneAsync(shape, cancel);
            yield break;
        }

        start++;
        for (var count = 0; ; count++)
        {
            var next = await NextAsync(cancel);
            if (next == ']')
                yield break;
            if (count > 0)
            {
                if (next != ',')
                    throw Broken();
                start++;
                await NextAsync(cancel);
            }

            yield return await ReadOneAsync(shape, cancel);
        }
    }

    /// <summary>Where the array of our own format begins, when this is one.</summary>
    int? FindOwn()
    {
        var reader = new Utf8JsonReader(Rest, isFinalBlock: false, new JsonReaderState(ReaderOptions));
        try
        {
            var own = false;
            for (reader.Read(); reader.Read() && reader.TokenType == JsonTokenType.PropertyName;)
            {
                var isFormat = reader.ValueTextEquals("format"u8);
                var isList = reader.ValueTextEquals("conversations"u8);
                if (!reader.Read())
                    return null;
                if (isFormat)
                    own = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(Export.JsonExport.Format);
                if (isList && own && reader.TokenType == JsonTokenType.StartArray)
                    return (int)reader.TokenStartIndex;
                if (!own || !reader.TrySkip())
                    return null;
            }
        }
        catch (JsonException failure)
        {
            throw new JsonItemsException("This is not a JSON file.", failure);
        }

        return null;
    }

    JsonShape Enter(int array)
    {
        start += array;
        return JsonShape.Own;
    }

    async Task<JsonItem> ReadOneAsync(JsonShape shape, CancellationToken cancel)
    {
        while (true)
        {
            if (TryMeasure() is { } length)
            {
                var memory = buffer.AsMemory(start, length);
                start += length;
                return new JsonItem(Parse(memory), shape);
            }

            if (ended)
                throw Broken();
            if (end - start >= maxItemBytes)
            {
                await SkipAsync(cancel);
                return new JsonItem(null, shape);
            }

            await FillAsync(cancel);
        }
    }

    /// <summary>How many bytes the value that begins here has, when it is all there.</summary>
    int? TryMeasure()
    {
        var reader = new Utf8JsonReader(Rest, ended, new JsonReaderState(ReaderOptions));
        try
        {
            return reader.Read() && reader.TrySkip() ? (int)reader.BytesConsumed : null;
        }
        catch (JsonException failure)
        {
            throw Broken(failure);
        }
    }

    JsonDocument Parse(ReadOnlyMemory<byte> memory)
    {
        try
        {
            return JsonDocument.Parse(memory, DocumentOptions);
        }
        catch (JsonException failure)
        {
            throw Broken(failure);
        }
    }

    /// <summary>Goes past a value without keeping it.</summary>
    async Task SkipAsync(CancellationToken cancel)
    {
        var state = new JsonReaderState(ReaderOptions);
        while (!Walk(ref state))
        {
            if (ended)
                throw Broken();
            // One text of this size is no conversation; there is no place to go on from.
            if (end - start >= maxItemBytes)
                throw new JsonItemsException("A single text of this file is larger than a conversation may be.");
            await FillAsync(cancel);
        }
    }

    bool Walk(ref JsonReaderState state)
    {
        var reader = new Utf8JsonReader(Rest, ended, state);
        try
        {
            var done = false;
            while (!done && reader.Read())
                done = reader.CurrentDepth == 0 && reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray);
            start += (int)reader.BytesConsumed;
            state = reader.CurrentState;
            return done;
        }
        catch (JsonException failure)
        {
            throw Broken(failure);
        }
    }

    /// <summary>The next byte that is no white space; it is not taken.</summary>
    async Task<byte> NextAsync(CancellationToken cancel)
    {
        while (true)
        {
            for (; start < end; start++)
            {
                if (buffer[start] is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
                    return buffer[start];
            }

            if (ended)
                throw Broken();
            await FillAsync(cancel);
        }
    }

    /// <summary>Reads on, with what is not dealt with moved to the front; grows only when that fills the buffer.</summary>
    async Task FillAsync(CancellationToken cancel)
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            before += start;
            (start, end) = (0, end - start);
        }

        if (end == buffer.Length)
            Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, Math.Max(maxItemBytes + (long)FirstBuffer, buffer.Length + (long)FirstBuffer)));
        // A whole buffer at a time: measuring begins anew with each.
        while (end < buffer.Length && !ended)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(end), cancel);
            ended = read == 0;
            end += read;
        }
    }

    JsonItemsException Broken(Exception? inner = null) => new($"The file is damaged near byte {Position}.", inner);
}
