using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using JeanTrail.Kernel.Http;

namespace JeanTrail.Kernel.Audit;

/// <summary>A stored entry.</summary>
/// <remarks>With properties instead of a constructor, because Dapper cannot match an array column to a constructor's parameter.</remarks>
internal sealed record AuditRow
{
    public long Position { get; init; }

    public Guid AuditId { get; init; }

    public DateTimeOffset At { get; init; }

    public string Act { get; init; } = "";

    public Guid? ActorId { get; init; }

    public Guid? PersonId { get; init; }

    public Guid? SessionId { get; init; }

    public string Address { get; init; } = "";

    public Guid[] Subjects { get; init; } = [];

    public string? Before { get; init; }

    public string? After { get; init; }

    public byte[] PreviousHash { get; init; } = [];

    public byte[] Hash { get; init; } = [];
}

/// <summary>
/// The hash of an entry: SHA-256 over the hash before it and the entry's canonical JSON, whose members stand in the order of their names,
/// without space. Source: RFC 8785 (JSON Canonicalization Scheme), of which texts, whole numbers and truth values are used.
/// </summary>
internal static class AuditChain
{
    static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static byte[] Start => new byte[SHA256.HashSizeInBytes];

    internal static byte[] Hash(AuditRow row)
    {
        var entry = new JsonObject
        {
            ["act"] = row.Act,
            ["actor"] = row.ActorId?.ToString(),
            ["address"] = row.Address,
            // As text, so that the very words are hashed that are stored.
            ["after"] = row.After,
            ["at"] = Microseconds(row.At),
            ["before"] = row.Before,
            ["id"] = row.AuditId.ToString(),
            ["person"] = row.PersonId?.ToString(),
            ["position"] = row.Position,
            ["session"] = row.SessionId?.ToString(),
            ["subjects"] = new JsonArray([.. row.Subjects.Select(subject => (JsonNode)subject.ToString())]),
        };
        return SHA256.HashData([.. row.PreviousHash, .. Encoding.UTF8.GetBytes(Write(entry))]);
    }

    /// <summary>The canonical JSON of what an act says about before and after.</summary>
    internal static string? Canonical(object? value) => value is null ? null : Write(Sorted(JsonSerializer.SerializeToNode(value, KernelJson.Options)));

    /// <summary>PostgreSQL keeps microseconds; what is hashed must be what comes back.</summary>
    internal static DateTimeOffset Stored(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    static long Microseconds(DateTimeOffset at) => (at.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject item => new JsonObject(item.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => KeyValuePair.Create(member.Key, Sorted(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    static string Write(JsonNode? node)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Plain))
        {
            if (node is null)
                writer.WriteNullValue();
            else
                node.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
