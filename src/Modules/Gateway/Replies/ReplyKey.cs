using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using JeanTrail.Gateway.Exchange;
using JeanTrail.Gateway.Limits;
using JeanTrail.Gateway.Routes;
using JeanTrail.Kernel.Http;

namespace JeanTrail.Gateway.Replies;

/// <summary>A SHA-256 that names a kept reply, or a group of questions.</summary>
internal readonly record struct ReplyKey(UInt128 High, UInt128 Low)
{
    const int SizeBytes = 32;

    // Raised when the meaning of a key changes, so that replies kept before are not found any more.
    const byte Version = 1;

    static readonly ConditionalWeakTable<RouteDefinition, byte[]> Rules = [];

    /// <summary>Of equal requests of one tenant to one route, as long as the route answers from the same models under the same guardrails.</summary>
    /// <exception cref="JsonException">The body is not JSON.</exception>
    internal static ReplyKey OfRequest(RoutePlan plan, GatewayCall call)
    {
        using var canonical = new CanonicalJson();
        return Of("reply", plan, call, "", canonical.Write(call.Body.Span));
    }

    /// <summary>Of requests that differ in one value only.</summary>
    /// <param name="openAt">Where that value begins.</param>
    /// <param name="embeddingModel">Vectors of different models cannot be compared.</param>
    internal static ReplyKey OfRest(RoutePlan plan, GatewayCall call, int openAt, string embeddingModel)
    {
        using var canonical = new CanonicalJson();
        return Of("likeness", plan, call, embeddingModel, canonical.Write(call.Body.Span, openAt));
    }

    /// <summary>Whose replies are whose. When routes are shared one day, this is where.</summary>
    internal static Guid TenantOf(Consumer consumer) => consumer.UserId.Value;

    internal static ReplyKey From(ReadOnlySpan<byte> bytes)
        => new(BinaryPrimitives.ReadUInt128BigEndian(bytes), BinaryPrimitives.ReadUInt128BigEndian(bytes[(SizeBytes / 2)..]));

    internal byte[] ToBytes()
    {
        var bytes = new byte[SizeBytes];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(SizeBytes / 2), Low);
        return bytes;
    }

    static ReplyKey Of(string purpose, RoutePlan plan, GatewayCall call, string further, ReadOnlySpan<byte> request)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([Version, (byte)call.Surface]);
        hash.AppendData(TenantOf(call.Consumer).ToByteArray(bigEndian: true));
        hash.AppendData(Rules.GetValue(plan.Rule, Fingerprint));
        foreach (var text in (ReadOnlySpan<string>)[purpose, plan.Name, further])
        {
            hash.AppendData(Encoding.UTF8.GetBytes(text));
            // No text has this byte in it: where one ends is beyond doubt.
            hash.AppendData([0xFF]);
        }

        hash.AppendData(request);
        Span<byte> key = stackalloc byte[SizeBytes];
        hash.GetHashAndReset(key);
        return From(key);
    }

    /// <summary>What of a route's rule shapes its answers: its models, and what its guardrails let through.</summary>
    static byte[] Fingerprint(RouteDefinition rule)
        => SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(
            new { targets = rule.Targets.Select(target => new { target.Model, target.Thinking }), rule.Guardrails }, KernelJson.Options));
}
