using System.Text.Json;
using System.Text.Json.Serialization;

namespace JeanTrail.Kernel.Identity;

/// <summary>A typed id over a UUIDv7. Implemented by one-line record structs in Contracts.</summary>
public interface IId<TSelf>
    where TSelf : struct, IId<TSelf>
{
    Guid Value { get; }

    static abstract TSelf From(Guid value);
}

/// <summary>Makes ids.</summary>
public static class Ids
{
    /// <summary>A new UUIDv7 (RFC 9562 §5.7): ordered by creation to the millisecond, so indexes stay compact.</summary>
    public static Guid New(TimeProvider clock) => Guid.CreateVersion7(clock.GetUtcNow());

    public static TId New<TId>(TimeProvider clock)
        where TId : struct, IId<TId> => TId.From(New(clock));
}

/// <summary>A person known to this server.</summary>
[JsonConverter(typeof(IdJsonConverter<UserId>))]
public readonly record struct UserId(Guid Value) : IId<UserId>
{
    public static UserId From(Guid value) => new(value);
}

/// <summary>Writes a typed id as its UUID.</summary>
public sealed class IdJsonConverter<TId> : JsonConverter<TId>
    where TId : struct, IId<TId>
{
    public override TId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => TId.From(reader.GetGuid());

    public override void Write(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}
