using JeanTrail.Contracts.Gateway;
using JeanTrail.Gateway.Alerts;
using JeanTrail.Gateway.Api;
using JeanTrail.Gateway.Calls;
using JeanTrail.Gateway.Costs;
using JeanTrail.Gateway.Dialects;
using JeanTrail.Gateway.Dialects.Anthropic;
using JeanTrail.Gateway.Dialects.Gemini;
using JeanTrail.Gateway.Dialects.OpenAi;
using JeanTrail.Gateway.Discovery;
using JeanTrail.Gateway.Exchange;
using JeanTrail.Gateway.Guardrails;
using JeanTrail.Gateway.Keys;
using JeanTrail.Gateway.Limits;
using JeanTrail.Gateway.Local;
using JeanTrail.Gateway.Models;
using JeanTrail.Gateway.Providers;
using JeanTrail.Gateway.Replies;
using JeanTrail.Gateway.Routes;
using JeanTrail.Gateway.Traces;
using JeanTrail.Gateway.Upstream;
using JeanTrail.Gateway.Usage;
using JeanTrail.Gateway.Watch;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Jobs;
using JeanTrail.Kernel.Messaging;
using JeanTrail.Kernel.Privacy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Gateway;

/// <summary>The public face of the Gateway module.</summary>
public static class GatewayModule
{
    /// <summary>Registers the module. <paramref name="configuration"/> is its own section.</summary>
    public static IServiceCollection AddGateway(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidation();
        services.AddOptions<GatewayOptions>().Bind(configuration).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<UpstreamHttp>();
        services.AddSingleton<IDialect, OpenAiDialect>();
        services.AddSingleton<IDialect, AnthropicDialect>();
        services.AddSingleton<IDialect, GeminiDialect>();
        services.AddSingleton<IDialect, LocalDialect>();
        services.AddSingleton<LocalProvider>();
        services.AddSingleton<DialectSet>();
        services.AddSingleton<ProviderKeys>();
        services.AddSingleton<ProviderDirectory>();
        services.AddSingleton<RouteDirectory>();
        services.AddSingleton<TargetDirectory>();
        services.AddSingleton<ModelNames>();
        services.AddSingleton<RoutePlanner>();
        services.AddSingleton<RouteChecks>();
        services.AddSingleton<TargetCalls>();
        services.AddSingleton<Attempts>();
        services.AddSingleton<GuardrailSet>();
        services.AddSingleton<CallWay>();
        services.AddSingleton<ModelExchange>();
        services.AddReplyCache();
        services.AddSingleton<BodyArchive>();
        services.AddHostedService(provider => provider.GetRequiredService<BodyArchive>());
        services.AddPeriodicTask<BodyUpkeep>("gateway.bodies", BodyUpkeep.Interval);
        services.AddSingleton<ApiRequests>();
        services.AddSingleton<ListApiModels.Catalogue>();
        services.AddSingleton<ModelLists>();
        services.AddSingleton<DefaultModels>();
        services.AddSingleton<LoopbackDiscovery>();
        services.AddSingleton<Consumers>();
        services.AddSingleton<IModelGateway, ModelGateway>();
        services.AddSingleton<IVectorModels, VectorModels>();
        services.AddSingleton<ISpeechToTextModels, SpeechToTextModels>();
        services.AddPersonTables(GatewayPersonTables.All);
        AddControl(services);
        return services.AddMigrations("gateway", typeof(GatewayModule).Assembly);
    }

    static void AddReplyCache(this IServiceCollection services)
    {
        services.AddSingleton<ReplyMemory>();
        services.AddSingleton<ReplyTable>();
        services.AddHostedService(provider => provider.GetRequiredService<ReplyTable>());
        services.AddSingleton<LikenessIndex>();
        services.AddSingleton<LikeQuestions>();
        services.AddSingleton<ReplyStore>();
        services.AddSingleton<ReplyFlights>();
        services.AddSingleton<ReplyCache>();
        services.AddPeriodicTask<ReplyUpkeep>("gateway.replies", ReplyUpkeep.Interval);
    }

    /// <summary>Maps OpenAI's API below <c>/v1</c>.</summary>
    public static RouteGroupBuilder MapGatewayApi(this RouteGroupBuilder routes)
    {
        ApiSurface.Map(routes);
        return routes;
    }

    /// <summary>Maps the endpoints below <c>/api/gateway</c>.</summary>
    public static RouteGroupBuilder MapGateway(this RouteGroupBuilder routes)
    {
        routes.WithTags("Gateway");
        ListProviders.Map(routes);
        CreateProvider.Map(routes);
        UpdateProvider.Map(routes);
        DeleteProvider.Map(routes);
        CheckProvider.Map(routes);
        AddProviderKey.Map(routes);
        RemoveProviderKey.Map(routes);
        ListRoutes.Map(routes);
        GetRoute.Map(routes);
        CreateRoute.Map(routes);
        UpdateRoute.Map(routes);
        DeleteRoute.Map(routes);
        DryRun.Map(routes);
        ListTargets.Map(routes);
        ListDiscovered.Map(routes);
        ListModels.Map(routes);
        SetDefaultModel.Map(routes);
        PurgeReplies.Map(routes);
        SummariseReplies.Map(routes);
        GetCallBodies.Map(routes);
        MapControl(routes);
        return routes;
    }

    /// <summary>Who may call, how much, what it costs and what was called.</summary>
    static void AddControl(IServiceCollection services)
    {
        services.AddSingleton<KeyUses>();
        services.AddHostedService(provider => provider.GetRequiredService<KeyUses>());
        services.AddSingleton<RunningCalls>();
        services.AddSingleton<KeyRing>();
        services.AddSingleton<OwnKey.Service>();
        services.AddPeriodicTask<KeyRotation>("gateway.key-rotation", KeyRotation.Interval);
        services.AddHostedService(provider => provider.GetRequiredService<KeyRing>());
        services.AddSingleton<PriceBook>();
        services.AddHostedService(provider => provider.GetRequiredService<PriceBook>());
        services.AddSingleton<IModelUsage, ModelUsage>();
        services.AddSingleton<Ledger>();
        services.AddSingleton<ILedger>(provider => provider.GetRequiredService<Ledger>());
        services.AddHostedService(provider => provider.GetRequiredService<Ledger>());
        services.AddSingleton<ListLimits.Reader>();
        services.AddSingleton<LimitBook>();
        services.AddHostedService(provider => provider.GetRequiredService<LimitBook>());
        services.AddSingleton<TrancheStore>();
        services.AddSingleton<TrancheExchange>();
        services.AddSingleton<TrancheLimits>();
        services.AddSingleton<ILimits>(provider => provider.GetRequiredService<TrancheLimits>());
        services.AddHostedService(provider => provider.GetRequiredService<TrancheLimits>());
        services.AddSingleton<NodeReaper>();
        services.AddHostedService(provider => provider.GetRequiredService<NodeReaper>());
        services.AddPeriodicTask<AlertWatch>("gateway.alerts", AlertWatch.Interval);
        services.AddPeriodicTask<LimitGauges>("gateway.limit-gauges", LimitGauges.Interval);
        services.AddEventConsumer<LimitReached, BudgetAlerts>("gateway.budget-alerts");
        services.AddPeriodicTask<GatewayUpkeep>("gateway.upkeep", GatewayUpkeep.Interval);
    }

    static void MapControl(RouteGroupBuilder routes)
    {
        ListKeys.Map(routes);
        CreateKey.Map(routes);
        UpdateKey.Map(routes);
        RotateKey.Map(routes);
        RevokeKey.Map(routes);
        ReportLeakedKey.Map(routes);
        ListLimits.Map(routes);
        FindParties.Map(routes);
        CreateLimit.Map(routes);
        UpdateLimit.Map(routes);
        DeleteLimit.Map(routes);
        ListPrices.Map(routes);
        SetPrice.Map(routes);
        EndPrice.Map(routes);
        ImportPrices.Map(routes);
        ListAlerts.Map(routes);
        AlertRules.Map(routes);
        GetUsage.Map(routes);
        ListCalls.Map(routes);
        GetCall.Map(routes);
        GetDashboard.Map(routes);
        GetLive.Map(routes);
    }
}
