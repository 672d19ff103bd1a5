namespace JeanTrail.Contracts.Voice;

/// <summary>What recognisers hear: 16-bit little-endian mono samples.</summary>
public static class HeardSamples
{
    /// <summary>In hertz.</summary>
    public const int Rate = 16_000;

    public const int BytesPerSecond = Rate * sizeof(short);
}
