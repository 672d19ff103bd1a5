using JeanTrail.Chat.Conversations;
using JeanTrail.Chat.Messages;
using JeanTrail.Chat.Turns;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Hosting;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Jobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Chat;

/// <summary>The public face of the Chat module: conversations as trees, and turns that no crash loses.</summary>
public static class ChatModule
{
    /// <summary>Registers the module. <paramref name="configuration"/> is its own section.</summary>
    public static IServiceCollection AddChat(this IServiceCollection services, IConfiguration configuration)
    {
        DapperSetup.AddId<ConversationId>();
        DapperSetup.AddId<MessageId>();
        DapperSetup.AddId<TurnId>();
        services.AddOptions<ChatOptions>().Bind(configuration).ValidateDataAnnotations().ValidateOnStart();
        services.AddValidation();
        return services
            .AddMigrations("chat", typeof(ChatModule).Assembly)
            .AddSingleton<ConversationChanges>()
            .AddSingleton<TurnRegistry>()
            .AddSingleton<TurnContext>()
            .AddSingleton<TurnCloser>()
            .AddSingleton<TurnStarter>()
            .AddSingleton<TurnFollower>()
            .AddSingleton<TurnRunner>()
            // Order matters when stopping (the reverse): the runner waits for its turns while the flusher still writes.
            .AddHostedService<TurnFlusher>()
            .AddWorkerService<TurnReaper>()
            .AddHostedService<StopListener>()
            .AddHostedService(provider => provider.GetRequiredService<TurnRunner>())
            .AddPeriodicTask<PurgeDeleted>("chat.purge-deleted", TimeSpan.FromHours(6));
    }

    /// <summary>Maps the endpoints below <c>/api/chat</c>.</summary>
    public static RouteGroupBuilder MapChat(this RouteGroupBuilder routes)
    {
        routes.WithTags("Chat").RequireAuthorization(Policies.SignedIn);
        ListConversations.Map(routes);
        CreateConversation.Map(routes);
        GetConversation.Map(routes);
        ChangeConversation.Map(routes);
        ListMessages.Map(routes);
        StartTurn.Map(routes);
        ContinueTurn.Map(routes);
        StopTurn.Map(routes);
        FollowTurn.Map(routes);
        return routes;
    }
}
