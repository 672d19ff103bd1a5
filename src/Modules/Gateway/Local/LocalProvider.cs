using JeanTrail.Contracts.Models;
using JeanTrail.Gateway.Models;
using JeanTrail.Gateway.Providers;

namespace JeanTrail.Gateway.Local;

/// <summary>
/// The provider of the models on this machine. Nobody connects it and nobody can remove it: it is in the list of those that answer, and in no table.
/// </summary>
internal sealed class LocalProvider(ILocalEngine engine, ILocalSpeech speech)
{
    /// <summary>What a provider somebody named so before is not renamed for.</summary>
    const string OtherSlug = "local-models";

    internal const string Slug = "local";

    /// <summary>No network address: <see cref="LocalTransport"/> takes what goes there.</summary>
    internal const string Scheme = "local";

    /// <summary>Never changes: a changed provider would forget the health of its models.</summary>
    static readonly DateTimeOffset Since = DateTimeOffset.UnixEpoch;

    static readonly Guid Id = new("00000000-0000-7000-8000-6c6f63616c00");

    internal static ProviderRow Row(IReadOnlyList<ProviderRow> others) => new()
    {
        ProviderId = Id,
        Name = "This machine",
        Slug = others.Any(other => other.Slug == Slug) ? OtherSlug : Slug,
        Kind = LocalDialect.Kind,
        BaseUrl = $"{Scheme}://models",
        Enabled = true,
        CreatedAt = Since,
        UpdatedAt = Since,
    };

    internal async Task<IReadOnlyList<string>> ModelsAsync(CancellationToken cancel)
        =>
        [
            .. (await engine.ListAsync(cancel)).Select(model => model.Name).Concat((await speech.ListAsync(cancel)).Select(model => model.Name)).Distinct(StringComparer.Ordinal),
        ];

    /// <summary>The model that answers who chose none; null when there is none. The first that came stays it: another one does not take over unasked.</summary>
    internal async Task<string?> DefaultAsync(LocalPurpose purpose, IReadOnlyList<ProviderRow> providers, CancellationToken cancel)
    {
        var first = (await engine.ListAsync(cancel)).FirstOrDefault(model => model.Purpose == purpose);
        return first is null ? null : ModelName.Of(providers.First(provider => provider.Kind == LocalDialect.Kind).Slug, first.Name);
    }
}
