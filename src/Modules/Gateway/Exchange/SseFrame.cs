using System.Buffers;
using System.Text;
using System.Text.Json;
using JeanTrail.Gateway.Dialects;

namespace JeanTrail.Gateway.Exchange;

/// <summary>
/// The events of a frame, as the gateway writes and reads them: each an optional line <c>event: …</c>, one line <c>data: …</c>, and an empty line.
/// </summary>
internal static class SseFrame
{
    static ReadOnlySpan<byte> DataField => "data: "u8;

    internal static ReadOnlySpan<byte> DoneData => "[DONE]"u8;

    /// <param name="name">Of the event; null for none.</param>
    internal static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> data, string? name = null)
    {
        Begin(output, name);
        output.Write(data);
        output.Write("\n\n"u8);
    }

    /// <summary>An event whose data is an object.</summary>
    /// <inheritdoc cref="Write(IBufferWriter{byte}, ReadOnlySpan{byte}, string?)"/>
    internal static void Write(IBufferWriter<byte> output, Action<Utf8JsonWriter> members, string? name = null)
    {
        Begin(output, name);
        using (var json = new Utf8JsonWriter(output, Json.Writing))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        output.Write("\n\n"u8);
    }

    /// <summary>The data of the next event, taken off the frame; false at its end.</summary>
    internal static bool TryTake(ref ReadOnlyMemory<byte> frame, out ReadOnlyMemory<byte> data)
    {
        data = default;
        var end = frame.Span.IndexOf("\n\n"u8);
        if (end < 0)
            return false;
        var lines = frame[..end];
        frame = frame[(end + 2)..];
        // A name, where there is one, is the first line.
        if (!lines.Span.StartsWith(DataField))
            lines = lines[(lines.Span.IndexOf((byte)'\n') + 1)..];
        data = lines.Span.StartsWith(DataField) ? lines[DataField.Length..] : default;
        return true;
    }
    static void Begin(IBufferWriter<byte> output, string? name)
    {
        if (name is not null)
        {
            output.Write("event: "u8);
            Encoding.UTF8.GetBytes(name.AsSpan(), output);
            output.Write("\n"u8);
        }

        output.Write(DataField);
    }
}
