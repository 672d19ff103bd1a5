using System.Diagnostics;
using JeanTrail.Gateway.Limits;

namespace JeanTrail.Gateway.Exchange;

/// <summary>What a caller allows the reply cache.</summary>
internal enum CacheUse
{
    ReadAndStore,

    /// <summary>A fresh answer, kept for others: <c>cache-control: no-cache</c>.</summary>
    Refresh,

    /// <summary>Neither: <c>x-jean-no-cache</c> or <c>cache-control: no-store</c>.</summary>
    None,
}

/// <summary>A request at the gateway's door, from outside or from within.</summary>
/// <param name="Body">As it came; JSON, or a form for the surfaces that take one.</param>
/// <param name="ContentType">Of the body.</param>
/// <param name="TraceId">W3C trace id; the answer carries it.</param>
/// <param name="Cache">What the caller allows the reply cache.</param>
/// <param name="KeepNothing">Its bodies are not kept, whatever the route says.</param>
internal sealed record GatewayCall(
    Surface Surface, Consumer Consumer, ReadOnlyMemory<byte> Body, RequestShape Shape, string ContentType, string TraceId, CacheUse Cache = CacheUse.ReadAndStore,
    bool KeepNothing = false)
{
    /// <summary>The trace of what runs now, or a new one.</summary>
    internal static string CurrentTrace() => (Activity.Current?.TraceId ?? ActivityTraceId.CreateRandom()).ToHexString();
}
