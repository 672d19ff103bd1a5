using System.Security.Cryptography;

namespace JeanTrail.Kernel.Hosting;

/// <summary>Exponential back-off with jitter: <c>first · 2^(n-1)</c>, at most <c>longest</c>, of which the upper half is random.</summary>
/// <remarks>Source: Brooker, "Exponential Backoff And Jitter" (equal jitter).</remarks>
internal static class BackOff
{
    /// <param name="attempt">1 after the first failure.</param>
    internal static TimeSpan Pause(int attempt, TimeSpan first, TimeSpan longest)
    {
        var doubled = first.Ticks * Math.Pow(2, Math.Clamp(attempt - 1, 0, 40));
        var whole = Math.Min(doubled, longest.Ticks);
        return TimeSpan.FromTicks((long)(whole / 2 + whole / 2 * Unit()));
    }

    /// <summary>A random number in [0, 1).</summary>
    internal static double Unit() => RandomNumberGenerator.GetInt32(1 << 20) / (double)(1 << 20);
}
