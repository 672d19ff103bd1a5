using JeanTrail.Kernel.Secrets;

namespace JeanTrail.Gateway.Providers;

/// <summary>A provider as stored. The key is ciphertext; <see cref="ToView"/> is what may leave the server.</summary>
/// <remarks>With properties instead of a constructor, because Dapper cannot match an array column to a constructor's parameter.</remarks>
internal sealed record ProviderRow
{
    public Guid ProviderId { get; init; }

    public string Name { get; init; } = "";

    public string Slug { get; init; } = "";

    /// <summary><c>openai anthropic gemini</c>: how its API speaks.</summary>
    public string Kind { get; init; } = "openai";

    public string BaseUrl { get; init; } = "";

    public byte[]? ApiKey { get; init; }

    public string? KeyHint { get; init; }

    public bool Enabled { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Of its address, its keys or its settings; checks and lists of models do not count.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    public string[] Models { get; init; } = [];

    public DateTimeOffset? LastCheckAt { get; init; }

    public bool? LastCheckOk { get; init; }

    public int? LastCheckLatencyMs { get; init; }

    public string? LastCheckDetail { get; init; }

    public int? LastCheckModelCount { get; init; }

    /// <summary>Beside <see cref="ApiKey"/>. Read by the directory.</summary>
    public IReadOnlyList<ProviderKeyRow> FurtherKeys { get; init; } = [];

    internal const string Columns = """
        provider_id, name, slug, kind, base_url, api_key, key_hint, enabled, created_at, updated_at, models,
        last_check_at, last_check_ok, last_check_latency_ms, last_check_detail, last_check_model_count
        """;

    internal static SecretPlace KeyPlace(Guid providerId) => new(SecretPlace.Server, "gateway.provider.api_key", providerId);

    internal ListProviders.Provider ToView(ProviderKeys keys)
        => new(ProviderId, Name, Slug, Kind, BaseUrl, KeyHint, [.. FurtherKeys.Select(key => key.ToView(keys))], Enabled, CreatedAt, LastCheckAt is { } at
            ? new ListProviders.LastCheck(at, LastCheckOk ?? false, LastCheckLatencyMs ?? 0, LastCheckDetail, LastCheckModelCount ?? 0)
            : null);

    public override string ToString() => Slug;
}

/// <summary>A further key of a provider as stored.</summary>
internal sealed record ProviderKeyRow(Guid ProviderKeyId, Guid ProviderId, byte[] ApiKey, string KeyHint, DateTimeOffset CreatedAt)
{
    internal static SecretPlace KeyPlace(Guid keyId) => new(SecretPlace.Server, "gateway.provider_key.api_key", keyId);

    internal ListProviders.Key ToView(ProviderKeys keys) => new(ProviderKeyId, KeyHint, CreatedAt, keys.RestsUntil(ToSealed()));

    internal SealedKey ToSealed() => new(ProviderKeyId, KeyPlace(ProviderKeyId), ApiKey);

    public override string ToString() => KeyHint;
}
