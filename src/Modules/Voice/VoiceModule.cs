using JeanTrail.Contracts.Voice;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Voice.Audio;
using JeanTrail.Voice.Hearing;
using JeanTrail.Voice.Speaking;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JeanTrail.Voice;

/// <summary>The public face of the Voice module.</summary>
public static class VoiceModule
{
    /// <summary>Registers the module. <paramref name="configuration"/> is its own section.</summary>
    public static IServiceCollection AddVoice(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidation();
        services.AddOptions<VoiceOptions>().Bind(configuration).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<VoiceWorkers>();
        services.AddSingleton<VoiceCatalogue>();
        services.AddSingleton<Loudness>();
        services.AddSingleton<OggEncoder>();
        services.AddSingleton<Speaker>();
        services.AddSingleton<LocalVoice>();
        services.AddSingleton<SpeechStreams>();
        services.AddSingleton<ISpeech, Performer>();
        services.AddSingleton<HearingPlaces>();
        services.AddSingleton<Ears>();
        services.AddSingleton<AudioLines>();
        services.AddSingleton<ITranscripts, Transcripts>();
        services.AddHostedService<WarmStart>();
        return services.AddMigrations("voice", typeof(VoiceModule).Assembly);
    }

    /// <summary>Maps the endpoints below <c>/api/voice</c>.</summary>
    public static RouteGroupBuilder MapVoice(this RouteGroupBuilder routes)
    {
        routes.WithTags("Voice").OpenToKeys(ApiScopes.VoiceUse);
        ListVoices.Map(routes);
        GetStatus.Map(routes);
        CreatePerformance.Map(routes);
        StreamSpeech.Map(routes);
        ListLocalSpeech.Map(routes);
        TranscribeRecording.Map(routes);
        DictateLive.Map(routes);
        WaitForName.Map(routes);
        return routes;
    }
}
