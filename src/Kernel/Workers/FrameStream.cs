using System.Buffers.Binary;

namespace JeanTrail.Kernel.Workers;

/// <summary>Reads and writes frames. Reading blocks its thread on purpose: pipes have no true asynchronous reads on every platform.</summary>
public static class FrameStream
{
    /// <summary>The next frame, or null at a clean end of the stream. Throws <see cref="FrameException"/> on anything that is no frame.</summary>
    public static Frame? Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Span<byte> header = stackalloc byte[Frame.HeaderBytes];
        var read = stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (read == 0)
            return null;
        if (header[0] != Frame.Magic)
            throw new FrameException("Something other than a frame was written.");
        if (read < header.Length)
            throw new FrameException("The stream ended inside a frame.");
        var type = (FrameType)header[1];
        var length = BinaryPrimitives.ReadUInt32LittleEndian(header[6..]);
        if (type is < FrameType.Hello or > FrameType.Input)
            throw new FrameException($"Unknown frame type {header[1]}.");
        if (length > Frame.MaxPayloadBytes)
            throw new FrameException($"A frame of {length} bytes is too long.");
        var payload = length == 0 ? [] : new byte[length];
        if (stream.ReadAtLeast(payload, payload.Length, throwOnEndOfStream: false) < payload.Length)
            throw new FrameException("The stream ended inside a frame.");
        return new Frame(type, BinaryPrimitives.ReadUInt32LittleEndian(header[2..]), payload);
    }

    /// <summary>The bytes of a frame, to be written in one piece.</summary>
    public static byte[] Encode(FrameType type, uint callId, ReadOnlySpan<byte> payload)
    {
        if (payload.Length > Frame.MaxPayloadBytes)
            throw new ArgumentException("A frame may not be that long.", nameof(payload));
        var bytes = new byte[Frame.HeaderBytes + payload.Length];
        bytes[0] = Frame.Magic;
        bytes[1] = (byte)type;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(2), callId);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(6), (uint)payload.Length);
        payload.CopyTo(bytes.AsSpan(Frame.HeaderBytes));
        return bytes;
    }
}
