using System.Net.Http.Json;
using System.Text.Json;
using JeanTrail.Models.Fit;
using JeanTrail.Models.Library;
using JeanTrail.Testing;
using JeanTrail.Testing.Simulators;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JeanTrail.Models.Tests;

/// <summary>The whole server with a server of model files beside it, and an owner who is signed in.</summary>
public sealed class LocalServer : IAsyncLifetime
{
    internal TestHost Host { get; private set; } = null!;

    internal ModelFileServer Files { get; private set; } = null!;

    internal HttpClient Owner { get; private set; } = null!;

    internal Memory Machine { get; } = new();

    /// <summary>The folder of its models.</summary>
    internal string Place { get; private set; } = "";

    public async Task InitializeAsync()
    {
        Files = await ModelFileServer.StartAsync();
        Host = await TestHost.StartAsync(
            adjust: builder =>
            {
                builder.Configuration["Models:PullFromPrivateNetworks"] = "true";
                builder.Configuration["Models:KeepFreeBytes"] = "0";
                builder.Configuration["Models:RetryPause"] = "00:00:00";
                builder.Configuration["Models:Threads"] = "1";
                // What is sought is measured however busy the machine is.
                builder.Configuration["Chat:MeaningTime"] = "00:00:30";
                // Nothing here may wait for audio that never comes.
                builder.Configuration["Voice:DictationStall"] = "00:10:00";
                builder.Configuration["Models:GpuLayers"] = "0";
                builder.Configuration["Models:ContextTokens"] = "2048";
            },
            services: services => services.Replace(ServiceDescriptor.Singleton<IMachineMemory>(Machine)));
        Owner = await Host.CreateOwnerAsync();
        Place = await Host.Services.GetRequiredService<ModelFolder>().GetAsync(default);
    }

    public async Task DisposeAsync()
    {
        Owner.Dispose();
        await Host.DisposeAsync();
        await Files.DisposeAsync();
    }

    internal async Task<JsonElement> GetAsync(string path) => await Owner.GetFromJsonAsync<JsonElement>(path);

    internal async Task<(int Status, JsonElement Body)> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await Owner.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length > 0 ? JsonElement.Parse(text) : default);
    }

    internal async Task<Guid> StartPullAsync(string source, string? name = null)
    {
        var (status, pull) = await SendAsync(HttpMethod.Post, "/api/models/pulls", new { source, name, acceptLicence = true });
        status.ShouldBe(200, pull.ToString());
        return pull.GetProperty("id").GetGuid();
    }

    internal async Task<JsonElement> PullOfAsync(Guid id)
        => (await GetAsync("/api/models/pulls")).GetProperty("items").EnumerateArray().First(pull => pull.GetProperty("id").GetGuid() == id);

    internal Task UntilAsync(Guid pull, string state)
        => Eventually.BeTrueAsync(async () => (await PullOfAsync(pull)).GetProperty("state").GetString() == state, $"the pull is {state}", TimeSpan.FromMinutes(2));

    /// <summary>Brings a model here as a person would, and gives its id.</summary>
    internal async Task<Guid> InstallAsync(string name, byte[] content)
    {
        Files.Offer($"{name}.gguf", content);
        await UntilAsync(await StartPullAsync(Files.Hub($"{name}.gguf"), name), "installed");
        return (await ModelAsync(name)).GetProperty("id").GetGuid();
    }

    internal async Task<JsonElement> ModelAsync(string name)
        => (await GetAsync("/api/models/")).GetProperty("items").EnumerateArray().First(model => model.GetProperty("name").GetString() == name);

    internal sealed class Memory : IMachineMemory
    {
        public long TotalBytes { get; set; } = 16L << 30;

        public long AvailableBytes { get; set; } = 8L << 30;
    }
}
