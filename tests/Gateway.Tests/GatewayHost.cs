using System.Net.Http.Json;
using System.Text.Json;
using JeanTrail.Contracts.Agents;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Gateway.Usage;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Gateway.Tests;

/// <summary>The real server with scripted skills, its owner signed in. Tests share it and keep apart by their providers.</summary>
public class GatewayHost : IAsyncLifetime
{
    readonly FakeClock? clock;
    readonly Dictionary<string, string?> settings;
    TestHost? host;
    HttpClient? owner;
    int counter;

    public GatewayHost()
        : this(null)
    {
    }

    internal GatewayHost(FakeClock? clock, Dictionary<string, string?>? settings = null)
    {
        this.clock = clock;
        this.settings = settings ?? [];
    }

    public TestHost Host => host!;

    public HttpClient Owner => owner!;

    public UserId OwnerId { get; private set; }

    public Db Db => Host.Db;

    public FakeClock Clock => clock!;

    internal ScriptedSkills Skills { get; } = new();

    public async Task InitializeAsync()
    {
        host = await TestHost.StartAsync(
            clock: clock,
            adjust: builder =>
            {
                builder.Configuration["Gateway:RetryPause"] = "00:00:00.001";
                builder.Configuration["Gateway:Discovery"] = "false";
                builder.Configuration.AddInMemoryCollection(settings);
            },
            services: services => services.Replace(ServiceDescriptor.Singleton<ISkillEngine>(Skills)));
        owner = await host.CreateOwnerAsync();
        OwnerId = new UserId((await GetAsync("/api/accounts/session")).GetProperty("user").GetProperty("id").GetGuid());
    }

    public async Task DisposeAsync()
    {
        owner?.Dispose();
        await Host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    public async Task<JsonElement> GetAsync(string path) => await Owner.GetFromJsonAsync<JsonElement>(path);

    /// <summary>Connects a provider under a name of its own and returns it.</summary>
    public async Task<JsonElement> ConnectAsync(string baseUrl, string? apiKey = null, string kind = "openai")
    {
        var name = $"Provider {Interlocked.Increment(ref counter)}";
        using var response = await Owner.PostAsJsonAsync("/api/gateway/providers", new { name, baseUrl, apiKey, kind });
        var text = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.ShouldBeTrue($"{text} {string.Join('\n', Host.Logs.Entries.Where(entry => entry.Level >= LogLevel.Error).Select(entry => entry.Exception))}");
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>A client of a model of a provider that was just connected.</summary>
    public async Task<ModelClient> OpenAsync(string baseUrl, string model, string? apiKey = null)
    {
        var slug = (await ConnectAsync(baseUrl, apiKey)).GetProperty("slug").GetString();
        return await OpenAsync($"{slug}/{model}");
    }

    public async Task<ModelClient> OpenAsync(string? modelId)
        => (await Host.Services.GetRequiredService<IModelGateway>().OpenAsync(OwnerId, modelId, CancellationToken.None)).Value;

    /// <summary>The usage row of the only call to a model.</summary>
    public async Task<UsageRow> UsageAsync(string modelId)
    {
        const string Sql = "select outcome, error_code, blame, input_tokens, output_tokens, first_byte_ms, provider_id from gateway.usage where model_id = @Model";
        await FlushUsageAsync();
        return (await Db.FindAsync<UsageRow>(Sql, new { Model = modelId }, CancellationToken.None)).ShouldNotBeNull();
    }

    /// <summary>Has the ledger write now what it would write within a second.</summary>
    public Task FlushUsageAsync() => Host.Services.GetRequiredService<Ledger>().FlushAsync(CancellationToken.None);

    public sealed record UsageRow(string Outcome, string? ErrorCode, string? Blame, long? InputTokens, long? OutputTokens, int? FirstByteMs, Guid? ProviderId);
}

/// <summary>A host whose time the test moves.</summary>
public sealed class TimedGatewayHost() : GatewayHost(new FakeClock());

/// <summary>What came of a streamed call.</summary>
/// <param name="Text">What arrived, also when it failed afterwards.</param>
public sealed record Streamed(string Text, IReadOnlyList<ChatResponseUpdate> Updates, ModelCallException? Failure)
{
    public UsageDetails? Usage => Updates.SelectMany(update => update.Contents).OfType<UsageContent>().LastOrDefault()?.Details;

    public static async Task<Streamed> ReadAsync(ModelClient model, string text = "Hello there", ChatOptions? options = null)
    {
        var updates = new List<ChatResponseUpdate>();
        try
        {
            await foreach (var update in model.Client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, text)], options))
                updates.Add(update);
            return new Streamed(TextOf(updates), updates, null);
        }
        catch (ModelCallException failure)
        {
            return new Streamed(TextOf(updates), updates, failure);
        }
    }

    static string TextOf(List<ChatResponseUpdate> updates) => string.Concat(updates.Select(update => update.Text));
}
