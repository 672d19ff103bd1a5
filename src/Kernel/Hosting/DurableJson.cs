using System.Text.Json;
using System.Text.Json.Serialization;

namespace JeanTrail.Kernel.Hosting;

/// <summary>How events, job arguments and live data are written. It must keep reading what earlier versions wrote.</summary>
internal static class DurableJson
{
    internal static readonly JsonSerializerOptions Options = Create();

    internal static string Serialize<T>(T value) => JsonSerializer.Serialize(value, Options);

    internal static T Deserialize<T>(string json)
        => JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException($"null is no {typeof(T).Name}.");

    static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower));
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
