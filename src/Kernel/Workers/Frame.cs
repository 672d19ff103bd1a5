namespace JeanTrail.Kernel.Workers;

/// <summary>What a frame between the server and a worker means.</summary>
public enum FrameType : byte
{
    /// <summary>Worker → server, first and once: it can take calls. JSON about itself.</summary>
    Hello = 1,

    /// <summary>Worker → server instead of <see cref="Hello"/>: something it needs is missing. JSON <c>{code, detail}</c>; it ends afterwards.</summary>
    Refusal = 2,

    /// <summary>Server → worker: do this. The payload is the worker's own business.</summary>
    Call = 3,

    /// <summary>Server → worker: stop that call at once and end it with any closing frame. No payload.</summary>
    Cancel = 4,

    /// <summary>Worker → server: JSON that belongs to a running call.</summary>
    Event = 5,

    /// <summary>Worker → server: bytes that belong to a running call.</summary>
    Chunk = 6,

    /// <summary>Worker → server: the call ended well. JSON.</summary>
    Result = 7,

    /// <summary>Worker → server: the call ended badly. JSON <c>{code, detail}</c>.</summary>
    Failure = 8,

    /// <summary>Server → worker: are you there?</summary>
    Ping = 9,

    /// <summary>Worker → server: yes.</summary>
    Pong = 10,

    /// <summary>
    /// Server → worker: so many more events and chunks of that call (4 bytes) have been read. Only where a window is
    /// set: a call begins with that much credit, and the worker stops its work on it when it has used it up.
    /// </summary>
    /// <remarks>Worker → server: so many of that call's <see cref="Input"/> frames have been used.</remarks>
    Credit = 11,

    /// <summary>
    /// Server → worker: bytes that belong to a running call, such as audio while it is recorded; without payload: that was all. No more than
    /// a few are on the way that the worker has given no <see cref="Credit"/> for.
    /// </summary>
    Input = 12,
}

/// <summary>
/// One message between the server and a worker, over its pipes or its socket. On the wire: the byte 0xF5 (it never occurs in UTF-8, so a stray print is noticed at
/// once), the type (1 byte), the call's number (4 bytes), the length of the payload (4 bytes), the payload; integers little-endian.
/// </summary>
/// <param name="CallId">Which call it belongs to; 0 for frames about the worker itself.</param>
public readonly record struct Frame(FrameType Type, uint CallId, ReadOnlyMemory<byte> Payload)
{
    internal const byte Magic = 0xF5;
    internal const int HeaderBytes = 10;

    /// <summary>Longer frames are a protocol error.</summary>
    public const int MaxPayloadBytes = 16 * 1024 * 1024;
}

/// <summary>The other side sent something that is no frame.</summary>
public sealed class FrameException(string message) : IOException(message);
