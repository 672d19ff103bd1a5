using JeanTrail.Kernel.Jobs;
using JeanTrail.Kernel.Messaging;
using JeanTrail.Kernel.Tests.Jobs;
using JeanTrail.Kernel.Tests.Messaging;
using JeanTrail.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace JeanTrail.Kernel.Tests;

public sealed class DatabaseAwayTests
{
    [Fact]
    public async Task When_the_database_goes_away_the_node_says_so_once_and_goes_on_when_it_is_back()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.Db.ExecuteAsync("create table public.effect (consumer text not null, number int not null, event_id uuid not null)", null, default);
        var settings = new Dictionary<string, string?> { ["Outbox:PollInterval"] = "00:00:00.1", ["Jobs:PollInterval"] = "00:00:00.1" };
        var journal = new Journal();
        await using var node = await TestNode.StartAsync(database, TimeProvider.System, services => services
            .AddEventConsumer<Counted, First>("test.first").AddSingleton(journal).AddJobHandler<Plain, Work>(), settings: settings);
        string[] loops = ["outbox-dispatcher", "delivery-pump", "job-runner", "broadcast"];

        await database.RefuseConnectionsAsync();
        await Eventually.BeTrueAsync(() => loops.All(loop => Count(node, LogLevel.Warning, loop) == 1), "every loop has noticed");
        await database.AcceptConnectionsAsync();

        NpgsqlConnection.ClearAllPools();
        await Eventually.PassAsync(async () => await database.Db.InTransactionAsync(tx => node.Get<IOutbox>().PublishAsync(tx, new Counted(1), default), default));
        var job = await node.Get<IJobs>().EnqueueAsync(database.Db, new JobRequest<Work>(Plain.Kind, new Work(1)), default);
        await Eventually.BeTrueAsync(async () => await database.Db.FindAsync<long>("select count(*) from public.effect", null, default) == 1, "the event arrives");
        await Eventually.BeTrueAsync(async () => (await node.Get<IJobs>().FindAsync(job, null, default))!.State == "succeeded", "the job runs");
        await Eventually.BeTrueAsync(() => loops.All(loop => Count(node, LogLevel.Information, loop) == 1), "every loop says that it works again");
        loops.ShouldAllBe(loop => Count(node, LogLevel.Warning, loop) == 1);
    }

    static int Count(TestNode node, LogLevel level, string loop)
        => node.Logs.Entries.Count(entry => entry.Level == level && entry.Values.TryGetValue("Loop", out var value) && Equals(value, loop));
}
