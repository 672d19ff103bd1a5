using System.Net;
using System.Net.WebSockets;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Realtime;
using JeanTrail.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Kernel.Tests.Realtime;

public sealed class LiveHubTests : IAsyncLifetime
{
    readonly Guid user = Guid.CreateVersion7();
    TestDatabase database = null!;
    TestNode one = null!;
    TestNode two = null!;

    public async Task InitializeAsync()
    {
        database = await TestDatabase.CreateAsync();
        one = await StartAsync();
        two = await StartAsync();
    }

    public async Task DisposeAsync()
    {
        await one.DisposeAsync();
        await two.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task An_event_reaches_the_person_s_browsers_on_every_node_and_nobody_else()
    {
        await using var here = await ConnectAsync(one, user);
        await using var there = await ConnectAsync(two, user);
        var stranger = Guid.CreateVersion7();
        await using var other = await ConnectAsync(two, stranger);
        (await here.CallAsync("Subscribe", $"user:{user}")).ShouldBeNull();
        (await there.CallAsync("Subscribe", $"user:{user}")).ShouldBeNull();
        (await other.CallAsync("Subscribe", $"user:{stranger}")).ShouldBeNull();

        await one.Get<IRealtime>().PublishAsync($"user:{user}", "test.changed", new { Number = 5, Kind = DayOfWeek.Monday }, default);
        await one.Get<IRealtime>().PublishAsync($"user:{stranger}", "test.last", new { }, default);

        await Eventually.BeTrueAsync(() => here.Events.Count == 1 && there.Events.Count == 1 && other.Events.Count == 1);
        here.Events.Single().GetRawText().ShouldBe($$$"""{"topic":"user:{{{user}}}","name":"test.changed","data":{"number":5,"kind":"monday"}}""");
        other.Events.Single().GetProperty("name").GetString().ShouldBe("test.last");
    }

    [Fact]
    public async Task After_unsubscribing_nothing_more_comes()
    {
        await using var client = await ConnectAsync(one, user);
        await client.CallAsync("Subscribe", $"user:{user}");
        await client.CallAsync("Subscribe", "room:1");
        await client.CallAsync("Unsubscribe", $"user:{user}");

        await one.Get<IRealtime>().PublishAsync($"user:{user}", "test.missed", new { }, default);
        await one.Get<IRealtime>().PublishAsync("room:1", "test.heard", new { }, default);

        await Eventually.BeTrueAsync(() => !client.Events.IsEmpty);
        client.Events.Single().GetProperty("name").GetString().ShouldBe("test.heard");
    }

    [Fact]
    public async Task Topics_of_others_and_unknown_ones_are_refused()
    {
        await using var client = await ConnectAsync(one, user);
        string[] refused = [$"user:{Guid.CreateVersion7()}", "user:", "nobody:1", "", "room:secret", new string('x', 300), $"user:{user.ToString().ToUpperInvariant()}x"];

        foreach (var topic in refused)
            (await client.CallAsync("Subscribe", topic)).ShouldNotBeNull().ShouldContain("kernel.topic_forbidden");
        (await client.CallAsync("Subscribe", "room:open")).ShouldBeNull();
    }

    [Fact]
    public async Task A_connection_has_so_many_topics_and_no_more()
    {
        await using var client = await ConnectAsync(one, user);
        for (var number = 0; number < 5; number++)
        {
            (await client.CallAsync("Subscribe", $"room:{number}")).ShouldBeNull();
            (await client.CallAsync("Subscribe", $"room:{number}")).ShouldBeNull("the same topic again is no further one");
        }

        (await client.CallAsync("Subscribe", "room:5")).ShouldNotBeNull().ShouldContain("kernel.too_many_topics");
        (await client.CallAsync("Unsubscribe", "room:0")).ShouldBeNull();
        (await client.CallAsync("Subscribe", "room:5")).ShouldBeNull();
    }

    [Fact]
    public async Task Pages_of_other_sites_are_refused()
    {
        foreach (var origin in new[] { "http://evil.example", "null", $"https://{one.Address.Authority}", $"http://{one.Address.Host}:1" })
            (await Should.ThrowAsync<WebSocketException>(() => ConnectAsync(one, user, origin: origin))).Message.ShouldContain("403");

        await using var allowed = await ConnectAsync(one, user, origin: "https://studio.example");
    }

    [Fact]
    public async Task Nobody_gets_in_without_signing_in()
    {
        using var client = new HttpClient { BaseAddress = one.Address };

        using var answer = await client.PostAsync("/hubs/live/negotiate?negotiateVersion=1", null);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_revoked_session_is_cut_off_on_every_node_and_others_stay()
    {
        var session = Guid.CreateVersion7();
        await using var here = await ConnectAsync(one, user, session);
        await using var there = await ConnectAsync(two, user, session);
        await using var other = await ConnectAsync(two, user);
        foreach (var client in new[] { here, there, other })
            (await client.CallAsync("Subscribe", $"user:{user}")).ShouldBeNull();

        await one.Get<ILiveConnections>().AbortSessionAsync(session, default);

        await here.Closed;
        await there.Closed;
        (await other.CallAsync("Subscribe", "room:1")).ShouldBeNull();
        await using var late = await ConnectAsync(two, user, session);
        await late.Closed;
    }

    [Fact]
    public async Task Streams_beside_the_hub_end_with_their_session_on_every_node()
    {
        var caller = new Caller(new UserId(user), Guid.CreateVersion7(), "free");
        using var here = one.Get<ILiveStreams>().Open(caller, default);
        using var there = two.Get<ILiveStreams>().Open(caller, default);
        using var other = two.Get<ILiveStreams>().Open(caller with { SessionId = Guid.CreateVersion7() }, default);
        two.Get<ILiveStreams>().Open(caller, default).Dispose();

        await one.Get<ILiveConnections>().AbortSessionAsync(caller.SessionId, default);

        await EndOf(here);
        await EndOf(there);
        using var late = two.Get<ILiveStreams>().Open(caller, default);
        await EndOf(late);
        other.Ended.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task All_that_a_person_has_open_ends_on_every_node_and_may_begin_again()
    {
        var caller = new Caller(new UserId(user), Guid.CreateVersion7(), "free");
        using var there = two.Get<ILiveStreams>().Open(caller, default);
        using var key = two.Get<ILiveStreams>().Open(caller with { SessionId = Guid.CreateVersion7() }, default);
        using var stranger = two.Get<ILiveStreams>().Open(caller with { UserId = new UserId(Guid.CreateVersion7()) }, default);
        await using var hub = await ConnectAsync(two, user);
        (await hub.CallAsync("Subscribe", $"user:{user}")).ShouldBeNull();

        await one.Get<ILiveConnections>().AbortPersonAsync(caller.UserId, default);

        await EndOf(there);
        await EndOf(key);
        await hub.Closed;
        stranger.Ended.IsCancellationRequested.ShouldBeFalse();
        using var again = two.Get<ILiveStreams>().Open(caller, default);
        again.Ended.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task A_stream_ends_with_its_request_and_after_a_gap()
    {
        var caller = new Caller(new UserId(user), Guid.CreateVersion7(), "free");
        using var request = new CancellationTokenSource();
        using var asked = one.Get<ILiveStreams>().Open(caller, request.Token);
        await request.CancelAsync();
        asked.Ended.IsCancellationRequested.ShouldBeTrue();

        using var open = one.Get<ILiveStreams>().Open(caller, default);
        await CutBroadcastAsync();
        await EndOf(open);
    }

    static Task EndOf(LiveStream stream) => Task.Delay(Timeout.InfiniteTimeSpan, stream.Ended).ContinueWith(_ => { }, TaskScheduler.Default).WaitAsync(Eventually.DefaultDeadline);

    Task CutBroadcastAsync()
        => database.Db.ExecuteAsync(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen%' and pid <> pg_backend_pid()", null, default);

    [Fact]
    public async Task After_a_gap_in_the_broadcast_browsers_are_made_to_connect_again()
    {
        await using var client = await ConnectAsync(one, user);
        (await client.CallAsync("Subscribe", $"user:{user}")).ShouldBeNull();

        await CutBroadcastAsync();

        await client.Closed;
        client.CloseMessage.ShouldBeNull("a close message would keep the client from connecting again");
    }

    [Fact]
    public async Task An_event_larger_than_allowed_is_a_bug_of_its_sender()
        => await Should.ThrowAsync<ArgumentException>(() => one.Get<IRealtime>().PublishAsync("room:1", "test.big", new { Text = new string('x', 7_000) }, default));

    Task<TestNode> StartAsync()
        => TestNode.StartAsync(database, TimeProvider.System, services => services.AddSingleton<ITopicAuthorizer, Rooms>(), settings: new()
        {
            ["Live:MaxTopicsPerConnection"] = "5",
            ["Live:AllowedOrigins:0"] = "https://studio.example",
        });

    sealed class Rooms : ITopicAuthorizer
    {
        public string Prefix => "room:";

        public ValueTask<bool> MayListenAsync(Caller caller, string topic, CancellationToken cancel) => ValueTask.FromResult(topic != "room:secret");
    }

    static Task<HubClient> ConnectAsync(TestNode node, Guid user, Guid? session = null, string? origin = null)
        => HubClient.ConnectAsync(node.Address, options: options =>
        {
            options.SetRequestHeader("X-Test-User", user.ToString());
            options.SetRequestHeader("X-Test-Session", (session ?? Guid.CreateVersion7()).ToString());
            if (origin is not null)
                options.SetRequestHeader("Origin", origin);
        });
}
