using System.Text.Json;
using JeanTrail.Gateway.Dialects;
using JeanTrail.Gateway.Local;
using JeanTrail.Gateway.Providers;
using JeanTrail.Gateway.Upstream;
using JeanTrail.Kernel.Caching;
using JeanTrail.Kernel.Errors;
using Microsoft.Extensions.Options;

namespace JeanTrail.Gateway.Models;

/// <summary>Asks providers for their models, and remembers.</summary>
internal sealed class ModelLists(
    ProviderDirectory providers, LocalProvider local, DialectSet dialects, UpstreamHttp http, ICache cache, IOptions<GatewayOptions> options)
{
    const int MaxBytes = 4 * 1024 * 1024;
    const int MaxModels = 5000;

    /// <summary>A provider that does not answer is not asked again for so long; its last known models are shown.</summary>
    static readonly TimeSpan FailureLifetime = TimeSpan.FromSeconds(30);

    /// <summary>The models of a provider, from memory if they are fresh, from its row if it does not answer.</summary>
    internal Task<IReadOnlyList<string>> GetAsync(ProviderRow provider, CancellationToken cancel)
        // What is on this machine is known without asking, and changes the moment somebody installs a model.
        => provider.Kind == LocalDialect.Kind ? local.ModelsAsync(cancel) : cache.GetOrAddAsync(
            Key("shown", provider.ProviderId),
            FailureLifetime,
            async inner =>
            {
                try
                {
                    return await cache.GetOrAddAsync(Key("fresh", provider.ProviderId), options.Value.ModelListLifetime, async c => await AskAsync(provider, c), inner);
                }
                catch (ErrorException)
                {
                    return provider.Models;
                }
            },
            cancel);

    /// <summary>Asks now. The fault says why there is no list.</summary>
    internal async Task<(IReadOnlyList<string> Models, Error? Error)> FetchAsync(UpstreamServer server, IDialect dialect, CancellationToken cancel)
    {
        var (body, fault) = await http.GetAsync(server, dialect, dialect.ModelsPath, MaxBytes, options.Value.ListTimeout, cancel);
        if (fault is not null)
            return ([], fault.Error);
        return Read(body.Span) is { } list ? (Names(list), null) : ([], GatewayErrors.Nonsense);
    }

    /// <summary>Null when it is not a list of models.</summary>
    internal static ModelList? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, UpstreamJson.Default.ModelList) is { } list && (list.Data ?? list.Models) is not null ? list : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>In the provider's own order, which is newest or best first at many.</summary>
    internal static IReadOnlyList<string> Names(ModelList list)
        => (list.Data ?? list.Models)!.Select(IdOf).Where(id => id.Length is > 0 and <= 200 && !id.Any(char.IsControl)).Distinct(StringComparer.Ordinal).Take(MaxModels).ToArray();

    static string IdOf(ModelListItem? model)
    {
        const string Prefix = "models/";
        var id = model?.Id ?? model?.Name ?? "";
        return id.StartsWith(Prefix, StringComparison.Ordinal) ? id[Prefix.Length..] : id;
    }

    internal async Task InvalidateAsync(Guid providerId, CancellationToken cancel)
    {
        await cache.InvalidateAsync(Key("fresh", providerId), cancel);
        await cache.InvalidateAsync(Key("shown", providerId), cancel);
    }

    async Task<IReadOnlyList<string>> AskAsync(ProviderRow provider, CancellationToken cancel)
    {
        var opened = await providers.OpenAsync(provider, cancel);
        if (!opened.TryGet(out var server, out var error))
            throw new ErrorException(error);
        var (models, failure) = await FetchAsync(server, dialects.Of(provider.Kind), cancel);
        if (failure is not null)
            throw new ErrorException(failure);
        await providers.RememberModelsAsync(provider.ProviderId, models, cancel);
        return models;
    }

    static string Key(string kind, Guid provider) => $"gateway.models-{kind}:{provider}";
}
