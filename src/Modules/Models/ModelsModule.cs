using JeanTrail.Contracts.Models;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Jobs;
using JeanTrail.Models.Catalogue;
using JeanTrail.Models.Fit;
using JeanTrail.Models.Library;
using JeanTrail.Models.Pulls;
using JeanTrail.Models.Running;
using JeanTrail.Models.Speech;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JeanTrail.Models;

/// <summary>The public face of the Models module: models that run on this machine.</summary>
public static class ModelsModule
{
    /// <summary>Registers the module. <paramref name="configuration"/> is its own section.</summary>
    public static IServiceCollection AddModels(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidation();
        services.AddOptions<ModelsOptions>().Bind(configuration).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IMachineMemory, MachineMemory>();
        services.AddSingleton<ModelFolder>();
        services.AddSingleton<ModelLibrary>();
        services.AddSingleton<ModelViews>();
        services.AddSingleton<WorkerLocation>();
        services.AddSingleton<LocalEngine>();
        services.AddSingleton<ILocalEngine>(provider => provider.GetRequiredService<LocalEngine>());
        services.AddSingleton<SelfTest>();
        services.AddSingleton<SpeechEngine>();
        services.AddSingleton<ILocalSpeakers, SpeakerEngine>();
        services.AddSingleton<ILocalDenoiser, DenoiserEngine>();
        services.AddSingleton<ILocalSpotter, SpotterEngine>();
        services.AddSingleton<ILocalSpeech>(provider => provider.GetRequiredService<SpeechEngine>());
        services.AddSingleton<SpeechLibrary>();
        services.AddSingleton<Arrivals>();
        services.AddSingleton<ConsoleFetch>();
        services.AddHostedService<IdleUnloading>();
        services.AddSingleton<PullHttp>();
        services.AddSingleton<PullQueue>();
        services.AddJobHandler<PullJob, PullJob.Arguments>(new JobPolicy(MaxAttempts: 20));
        services.AddJobHandler<MoveJob, MoveJob.Arguments>();
        services.AddPeriodicTask<PullUpkeep>("models.pulls", PullUpkeep.Interval);
        services.AddSingleton<IModelAdministration, ModelAdministration>();
        return services.AddMigrations("models", typeof(ModelsModule).Assembly);
    }

    /// <summary>Maps the endpoints below <c>/api/models</c>.</summary>
    public static RouteGroupBuilder MapModels(this RouteGroupBuilder routes)
    {
        routes.WithTags("Models");
        ListCatalogue.Map(routes);
        ListModels.Map(routes);
        RemoveModel.Map(routes);
        VerifyModel.Map(routes);
        UpdateSettings.Map(routes);
        MoveFolder.Map(routes);
        LoadModel.Map(routes);
        StartPull.Map(routes);
        ListPulls.Map(routes);
        ResumePull.Map(routes);
        CancelPull.Map(routes);
        SpeechModels.Map(routes);
        return routes;
    }
}
