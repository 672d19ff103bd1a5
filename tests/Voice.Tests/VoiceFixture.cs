using JeanTrail.Contracts.Models;
using JeanTrail.Contracts.Voice;
using JeanTrail.Voice.Speaking;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Voice.Tests;

/// <summary>The real module with real espeak-ng workers, two of them.</summary>
public sealed class VoiceFixture : IAsyncLifetime
{
    ServiceProvider? services;

    internal ISpeech Speech => Get<ISpeech>();

    internal Speaker Speaker => Get<Speaker>();

    internal VoiceWorkers Workers => Get<VoiceWorkers>();

    internal VoiceCatalogue Voices => Get<VoiceCatalogue>();

    public Task InitializeAsync()
    {
        services = Build([]);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await services!.DisposeAsync();

    internal static ServiceProvider Build(Dictionary<string, string?> settings, LocalSpeechDouble? models = null)
    {
        settings.TryAdd("Workers", "2");
        // A busy machine is no failure.
        settings.TryAdd("QueueTimeout", "00:05:00");
        return new ServiceCollection()
            .AddLogging()
            .AddSingleton<ILocalSpeech>(models ?? new LocalSpeechDouble())
            .AddVoice(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .BuildServiceProvider();
    }

    T Get<T>()
        where T : notnull => services!.GetRequiredService<T>();
}
