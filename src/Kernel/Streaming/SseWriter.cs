using System.Buffers;
using System.Text;
using System.Text.Json;

namespace JeanTrail.Kernel.Streaming;

/// <summary>
/// Formats events into a pooled buffer. An event whose data cannot be serialised leaves nothing behind, so a client never reads half
/// of one.
/// </summary>
internal sealed class SseWriter(JsonSerializerOptions json) : IBufferWriter<byte>, IDisposable
{
    const int InitialBytes = 1024;

    readonly Utf8JsonWriter jsonWriter = new(Stream.Null, new JsonWriterOptions
    {
        // Of our own making and never HTML: the relaxed encoder keeps non-Latin text as it is and half as long.
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = json.MaxDepth,
        SkipValidation = true,
    });

    byte[] buffer = ArrayPool<byte>.Shared.Rent(InitialBytes);

    internal int Length { get; private set; }

    internal ReadOnlySpan<byte> Written => buffer.AsSpan(0, Length);

    internal void Write(StreamEvent next)
    {
        var start = Length;
        try
        {
            if (next.Id is not null)
                WriteField("id: "u8, next.Id);
            WriteField("event: "u8, next.Event);
            Append("data: "u8);
            jsonWriter.Reset(this);
            JsonSerializer.Serialize(jsonWriter, next.Data, next.Data.GetType(), json);
            jsonWriter.Flush();
            Append("\n\n"u8);
        }
        catch
        {
            Length = start;
            throw;
        }
    }

    internal void WriteComment() => Append(": keep-alive\n\n"u8);

    internal void Clear() => Length = 0;

    void WriteField(ReadOnlySpan<byte> name, string value)
    {
        if (value.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0)
            throw new InvalidOperationException("An event's name and id are single lines.");
        Append(name);
        var span = GetSpan(Encoding.UTF8.GetMaxByteCount(value.Length));
        Advance(Encoding.UTF8.GetBytes(value, span));
        Append("\n"u8);
    }

    void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Advance(bytes.Length);
    }

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Ensure(sizeHint);
        return buffer.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Ensure(sizeHint);
        return buffer.AsSpan(Length);
    }

    void Ensure(int sizeHint)
    {
        var needed = Length + Math.Max(sizeHint, 1);
        if (needed <= buffer.Length)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, buffer.Length * 2));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer, clearArray: false);
        buffer = larger;
    }

    public void Dispose()
    {
        jsonWriter.Dispose();
        ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        buffer = [];
        Length = 0;
    }
}
