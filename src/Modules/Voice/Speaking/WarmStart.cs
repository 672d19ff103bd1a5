using JeanTrail.Contracts.Voice;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JeanTrail.Voice.Speaking;

/// <summary>Says one word nobody hears, in the background, so that the first real sentence finds everything running.</summary>
internal sealed partial class WarmStart(ISpeech speech, IOptions<VoiceOptions> options, ILogger<WarmStart> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.WarmStart)
            return;
        await Task.Yield();
        var result = await speech.PerformAsync(new SpeechRequest("Hello.", "en", null), stoppingToken);
        if (result.Error is { } error)
            Unavailable(error.Code, error.Detail);
    }

    [LoggerMessage(1, LogLevel.Warning, "Jean has no voice yet ({Code}): {Detail}")]
    partial void Unavailable(string code, string detail);
}
