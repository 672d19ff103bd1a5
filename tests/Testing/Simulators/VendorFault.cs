namespace JeanTrail.Testing.Simulators;

/// <summary>Something that goes wrong at a vendor. Several may be given for one request.</summary>
public sealed record VendorFault
{
    VendorFault(FaultKind kind) => Kind = kind;

    internal enum FaultKind
    {
        Refuse,
        Html,
        Error,
        Close,
        Reset,
        Nonsense,
        SplitWrites,
    }

    /// <summary>An error status with the vendor's error shape.</summary>
    /// <param name="type">The vendor's word for it; null for the one that goes with the status.</param>
    public static VendorFault Refuse(int status, string? type = null, string? message = null, double? retryAfterSeconds = null)
        => new(FaultKind.Refuse) { Status = status, Type = type, Message = message, RetryAfterSeconds = retryAfterSeconds };

    /// <summary>A page for people, as a proxy in front of the vendor answers.</summary>
    public static VendorFault Html(int status = 200) => new(FaultKind.Html) { Status = status };

    /// <summary>After so many pieces of a stream comes the vendor's error inside it, and the stream ends.</summary>
    public static VendorFault ErrorAfter(int pieces, string? type = null) => new(FaultKind.Error) { Pieces = pieces, Type = type };

    /// <summary>The connection is closed politely (FIN) after so many pieces.</summary>
    public static VendorFault CloseAfter(int pieces) => new(FaultKind.Close) { Pieces = pieces };

    /// <summary>The connection is reset (RST) after so many pieces.</summary>
    public static VendorFault ResetAfter(int pieces) => new(FaultKind.Reset) { Pieces = pieces };

    /// <summary>After so many pieces comes something that is no JSON. A whole answer is it altogether.</summary>
    public static VendorFault NonsenseAfter(int pieces) => new(FaultKind.Nonsense) { Pieces = pieces };

    /// <summary>Everything arrives in pieces of this many bytes: characters and lines are torn apart.</summary>
    public static VendorFault SplitWrites(int sizeBytes = 1) => new(FaultKind.SplitWrites) { SizeBytes = sizeBytes };

    internal FaultKind Kind { get; }

    internal int Status { get; private init; }

    internal string? Type { get; private init; }

    internal string? Message { get; private init; }

    internal double? RetryAfterSeconds { get; private init; }

    internal int Pieces { get; private init; }

    internal int SizeBytes { get; private init; }
}
