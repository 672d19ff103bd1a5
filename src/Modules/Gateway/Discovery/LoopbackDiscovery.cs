using System.Globalization;
using JeanTrail.Gateway.Dialects.OpenAi;
using JeanTrail.Gateway.Models;
using JeanTrail.Gateway.Upstream;
using JeanTrail.Kernel.Caching;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace JeanTrail.Gateway.Discovery;

/// <summary>Looks for model servers on this machine: a few well-known ports, all at once, briefly.</summary>
internal sealed class LoopbackDiscovery(UpstreamHttp http, IServer self, ICache cache, IOptions<GatewayOptions> options)
{
    const int MaxBytes = 1024 * 1024;

    /// <summary>All local servers speak it.</summary>
    static readonly OpenAiDialect Dialect = new();

    static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    /// <summary>Ollama, llama.cpp, LM Studio, vLLM: the ports they take when not told otherwise.</summary>
    static readonly int[] WellKnownPorts = [11434, 8080, 1234, 8000];

    internal Task<IReadOnlyList<ListDiscovered.Item>> FindAsync(CancellationToken cancel)
        => options.Value.Discovery
            ? cache.GetOrAddAsync("gateway.discovered", Lifetime, LookAsync, cancel)
            : Task.FromResult<IReadOnlyList<ListDiscovered.Item>>([]);

    async Task<IReadOnlyList<ListDiscovered.Item>> LookAsync(CancellationToken cancel)
    {
        var own = OwnPorts();
        var ports = WellKnownPorts.Concat(options.Value.DiscoveryPorts).Where(port => port is > 0 and <= ushort.MaxValue && !own.Contains(port)).Distinct();
        var found = await Task.WhenAll(ports.Select(port => LookAtAsync(port, cancel)));
        return [.. found.OfType<ListDiscovered.Item>()];
    }

    async Task<ListDiscovered.Item?> LookAtAsync(int port, CancellationToken cancel)
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        var server = new UpstreamServer(Guid.Empty, $"{address}/v1", null);
        var (body, fault) = await http.GetAsync(server, Dialect, "models", MaxBytes, options.Value.DiscoveryTimeout, cancel);
        if (fault is not null || ModelLists.Read(body.Span) is not { } list)
            return null;
        var kind = Kind(list) ?? await AskKindAsync(address, cancel);
        return new ListDiscovered.Item(NameOf(kind, port), kind, server.BaseUrl, ModelLists.Names(list));
    }

    /// <summary>Each server signs its models in its own way.</summary>
    static ListDiscovered.ServerKind? Kind(ModelList list) => (list.Data ?? []).Select(model => model?.OwnedBy).FirstOrDefault(owner => !string.IsNullOrEmpty(owner)) switch
    {
        "library" => ListDiscovered.ServerKind.Ollama,
        "llamacpp" => ListDiscovered.ServerKind.LlamaCpp,
        "vllm" => ListDiscovered.ServerKind.Vllm,
        "organization_owner" or "organization-owner" => ListDiscovered.ServerKind.LmStudio,
        _ => null,
    };

    /// <summary>A server without models, or with models of one's own, is known by what else it answers.</summary>
    async Task<ListDiscovered.ServerKind> AskKindAsync(string address, CancellationToken cancel)
    {
        (string Path, ListDiscovered.ServerKind Kind)[] questions = [("api/version", ListDiscovered.ServerKind.Ollama), ("api/v0/models", ListDiscovered.ServerKind.LmStudio), ("props", ListDiscovered.ServerKind.LlamaCpp), ("version", ListDiscovered.ServerKind.Vllm)];
        var root = new UpstreamServer(Guid.Empty, address, null);
        var answers = await Task.WhenAll(questions.Select(question => http.GetAsync(root, Dialect, question.Path, MaxBytes, options.Value.DiscoveryTimeout, cancel)));
        for (var i = 0; i < answers.Length; i++)
        {
            if (answers[i].Fault is null && answers[i].Body.Span is [(byte)'{', ..])
                return questions[i].Kind;
        }

        return ListDiscovered.ServerKind.OpenaiCompatible;
    }

    static string NameOf(ListDiscovered.ServerKind kind, int port) => kind switch
    {
        ListDiscovered.ServerKind.Ollama => "Ollama",
        ListDiscovered.ServerKind.LlamaCpp => "llama.cpp",
        ListDiscovered.ServerKind.LmStudio => "LM Studio",
        ListDiscovered.ServerKind.Vllm => "vLLM",
        _ => string.Create(CultureInfo.InvariantCulture, $"Local server {port}"),
    };

    HashSet<int> OwnPorts()
        => self.Features.Get<IServerAddressesFeature>()?.Addresses
            .Select(address => Uri.TryCreate(address.Replace("*", "localhost", StringComparison.Ordinal).Replace("+", "localhost", StringComparison.Ordinal), UriKind.Absolute, out var uri) ? uri.Port : 0)
            .ToHashSet() ?? [];
}
