using System.Diagnostics.Metrics;

namespace JeanTrail.Accounts;

/// <summary>What this module measures.</summary>
internal static class AccountsTelemetry
{
    static readonly Meter Meter = new("JeanTrail.Accounts");

    static readonly Counter<long> Hashes = Meter.CreateCounter<long>("accounts.password.hashes", "{hash}", "Passwords hashed, to keep or to compare: the dear part of signing in.");

    internal static void Hashed() => Hashes.Add(1);
}
