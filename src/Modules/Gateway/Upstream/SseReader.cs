using System.Buffers;

namespace JeanTrail.Gateway.Upstream;

/// <summary>
/// Reads the data of server-sent events straight from the bytes of a stream: line ends of all three kinds, data over several lines, comments,
/// a byte order mark. Names, ids and retry times of events are not used by model servers and are passed over.
/// Source: WHATWG HTML §9.2.6 Interpreting an event stream.
/// </summary>
/// <param name="progress">Called for each piece that arrives, also for comments that keep the connection alive.</param>
/// <param name="maxBytes">Of one line and of the data of one event.</param>
internal sealed class SseReader(Stream stream, Action? progress = null, int maxBytes = 1024 * 1024) : IDisposable
{
    byte[] buffer = ArrayPool<byte>.Shared.Rent(8192);
    int start;
    int end;
    int scanned;
    bool begun;
    bool skipLineFeed;
    bool hasData;
    bool returned;
    readonly ArrayBufferWriter<byte> data = new(1024);

    static ReadOnlySpan<byte> Mark => [0xEF, 0xBB, 0xBF];

    static ReadOnlySpan<byte> Field => "data"u8;

    static ReadOnlySpan<byte> LineEnds => "\r\n"u8;

    /// <summary>The next event if all of it has arrived already; like <see cref="ReadAsync"/>, but never waits.</summary>
    internal bool TryRead(out ReadOnlyMemory<byte> next)
    {
        if (returned)
        {
            data.ResetWrittenCount();
            (hasData, returned) = (false, false);
        }

        while (TryTakeLine(out var lineStart, out var lineLength))
        {
            if (!TakeLine(lineStart, lineLength))
                continue;
            next = data.WrittenMemory;
            return returned = true;
        }

        next = default;
        return false;
    }

    /// <summary>The data of the next event, valid until the next call; null when the stream ended.</summary>
    /// <exception cref="InvalidDataException">A line or an event is larger than allowed.</exception>
    internal async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancel)
    {
        while (true)
        {
            if (TryRead(out var next))
                return next;
            MakeRoom();
            var read = await stream.ReadAsync(buffer.AsMemory(end), cancel);
            if (read == 0)
            {
                // Spelled out, for a bare null would convert to an empty memory.
                returned = true;
                return TakeEnd() ? data.WrittenMemory : default(ReadOnlyMemory<byte>?);
            }

            end += read;
            progress?.Invoke();
        }
    }

    public void Dispose()
    {
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }

    bool TryTakeLine(out int lineStart, out int lineLength)
    {
        (lineStart, lineLength) = (0, 0);
        if (!TryBegin())
            return false;
        if (skipLineFeed && start < end)
        {
            skipLineFeed = false;
            if (buffer[start] == '\n')
                start++;
        }

        scanned = Math.Max(scanned, start);
        var at = buffer.AsSpan(scanned, end - scanned).IndexOfAny(LineEnds);
        if (at < 0)
        {
            scanned = end;
            return false;
        }

        at += scanned;
        (lineStart, lineLength) = (start, at - start);

        // The line feed of a CRLF may arrive in the next piece; the line itself need not wait for it.
        skipLineFeed = buffer[at] == '\r';
        start = scanned = at + 1;
        return true;
    }

    /// <summary>Passes over a byte order mark; false while it cannot be told whether there is one.</summary>
    bool TryBegin()
    {
        if (begun)
            return true;
        var here = buffer.AsSpan(start, end - start);
        if (here.Length < Mark.Length && Mark.StartsWith(here))
            return false;
        if (here.StartsWith(Mark))
            start += Mark.Length;
        return begun = true;
    }

    /// <summary>True when the line ended an event that has data.</summary>
    bool TakeLine(int lineStart, int lineLength)
    {
        if (lineLength > maxBytes)
            throw new InvalidDataException("A line is too long.");
        if (lineLength == 0)
            return hasData;
        var line = buffer.AsSpan(lineStart, lineLength);
        if (!line.StartsWith(Field) || (line.Length > Field.Length && line[Field.Length] != ':'))
            return false;
        var value = line.Length > Field.Length ? line[(Field.Length + 1)..] : [];
        if (value is [(byte)' ', ..])
            value = value[1..];
        if (data.WrittenCount + value.Length > maxBytes)
            throw new InvalidDataException("An event is too long.");
        if (hasData)
            data.Write("\n"u8);
        data.Write(value);
        hasData = true;
        return false;
    }

    /// <summary>
    /// At the end of the stream. The standard drops an event without its blank line; servers that forget that line are read all the same,
    /// as long as the line itself is whole. An unfinished line is one only when it is the end mark.
    /// </summary>
    bool TakeEnd()
    {
        var rest = buffer.AsSpan(start, end - start);
        var isEndMark = rest.SequenceEqual("data: [DONE]"u8) || rest.SequenceEqual("data:[DONE]"u8);
        var isWhole = rest.IsEmpty || isEndMark;
        if (isEndMark)
            TakeLine(start, rest.Length);
        start = end;
        return isWhole && hasData;
    }

    void MakeRoom()
    {
        if (start == end)
        {
            start = end = scanned = 0;
            return;
        }

        if (end < buffer.Length)
            return;
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            end -= start;
            scanned -= start;
            start = 0;
            return;
        }

        if (end > maxBytes)
            throw new InvalidDataException("A line is too long.");
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, end).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
