using JeanTrail.Kernel.Secrets;

namespace JeanTrail.Gateway.Providers;

/// <summary>A provider as stored. The key is ciphertext; <see cref="ToView"/> is what may leave the server.</summary>
internal sealed record ProviderRow(
    Guid ProviderId,
    string Name,
    string Slug,
    string BaseUrl,
    byte[]? ApiKey,
    string? KeyHint,
    bool Enabled,
    DateTimeOffset CreatedAt,
    string[] Models,
    DateTimeOffset? LastCheckAt,
    bool? LastCheckOk,
    int? LastCheckLatencyMs,
    string? LastCheckDetail,
    int? LastCheckModelCount)
{
    internal const string Columns = """
        provider_id, name, slug, base_url, api_key, key_hint, enabled, created_at, models,
        last_check_at, last_check_ok, last_check_latency_ms, last_check_detail, last_check_model_count
        """;

    internal static SecretPlace KeyPlace(Guid providerId) => new(SecretPlace.Server, "gateway.provider.api_key", providerId);

    internal ListProviders.Provider ToView()
        => new(ProviderId, Name, Slug, BaseUrl, KeyHint, Enabled, CreatedAt, LastCheckAt is { } at
            ? new ListProviders.LastCheck(at, LastCheckOk ?? false, LastCheckLatencyMs ?? 0, LastCheckDetail, LastCheckModelCount ?? 0)
            : null);

    public override string ToString() => Slug;
}
