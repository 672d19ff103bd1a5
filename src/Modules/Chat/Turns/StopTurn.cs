using JeanTrail.Contracts.Accounts;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Realtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace JeanTrail.Chat.Turns;

/// <summary>Stops an answer on whichever node writes it. Stopping one that has ended changes nothing.</summary>
internal static class StopTurn
{
    internal static void Map(RouteGroupBuilder routes) => routes.MapPost("/turns/{id:guid}/stop", Handle)
        .WithName("Chat_StopTurn").WithSummary("Stop an answer; what was written is kept");

    static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, Caller caller, Db db, TurnRegistry registry, IBroadcast broadcast, CancellationToken cancel)
    {
        if (await db.FindAsync<TurnRow>(TurnSql.FindToStop, new { Id = id, Person = caller.UserId }, cancel) is not { } turn)
            return ChatErrors.TurnNotFound.ToProblem();
        if (turn.Status == "running" && !registry.Stop(turn.Id))
            await broadcast.SendAsync(StopListener.Channel, turn.Id.Value.ToString(), cancel);
        return TypedResults.NoContent();
    }
}

/// <summary>Hears of turns that were stopped through another node, and of people who were suspended: nothing is written for them any more.</summary>
internal sealed class StopListener(IBroadcast broadcast, TurnRegistry registry, IUserDirectory users) : IHostedService
{
    public const string Channel = "chat.stop";

    IDisposable[] subscriptions = [];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        subscriptions =
        [
            broadcast.Listen(Channel, (payload, _) =>
            {
                if (Guid.TryParse(payload, out var id))
                    registry.Stop(new TurnId(id));
                return Task.CompletedTask;
            }),
            broadcast.Listen(UserBroadcasts.Changed, StopSuspendedAsync),
        ];
        return Task.CompletedTask;
    }

    async Task StopSuspendedAsync(string payload, CancellationToken cancel)
    {
        if (!Guid.TryParse(payload, out var id))
            return;
        var turns = registry.All.Where(turn => turn.Owner.Value == id).ToArray();
        if (turns.Length > 0 && await users.FindAsync(new UserId(id), cancel) is null)
            Array.ForEach(turns, turn => turn.Stop());
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Array.ForEach(subscriptions, one => one.Dispose());
        return Task.CompletedTask;
    }
}
