using JeanTrail.Contracts.Gateway;
using JeanTrail.Gateway.Costs;
using JeanTrail.Gateway.Usage;
using JeanTrail.Kernel.Data;
using JeanTrail.Testing;

namespace JeanTrail.Gateway.Tests.Control;

public sealed class LedgerTests(GatewayTables tables) : IClassFixture<GatewayTables>
{
    readonly FakeClock clock = new();

    [Fact]
    public async Task A_short_call_is_written_when_it_has_ended()
    {
        var node = new LedgerNode(tables.Db, clock);
        var call = node.Open();
        (call.Facts.InputTokens, call.Facts.OutputTokens, call.Facts.CachedInputTokens, call.Facts.ReasoningTokens) = (100, 50, 40, 10);
        call.Attempts.Add(new CallAttempt("harbour/pilot", 0.5, 12, 200, null));
        (call.Decision, call.Cache, call.FirstByte) = ("asked for by name", "miss", TimeSpan.FromMilliseconds(30));
        await node.FlushAsync();
        (await FindAsync(call)).ShouldBeNull("it runs for less than a second");

        clock.Advance(TimeSpan.FromMilliseconds(400));
        node.Close(call);
        await node.FlushAsync();

        var row = (await FindAsync(call)).ShouldNotBeNull();
        row.Outcome.ShouldBe("completed");
        (row.InputTokens, row.OutputTokens, row.CachedInputTokens, row.ReasoningTokens, row.Estimated).ShouldBe((100, 50, 40, 10, false));
        (row.TotalMs, row.FirstByteMs, row.Status, row.Route, row.ModelId, row.Surface).ShouldBe((400, 30, 200, "harbour/pilot", "harbour/pilot", "chat"));
        (row.KeyId, row.NodeId, row.Decision, row.Cache, row.EndedAt).ShouldBe((call.Consumer.KeyId, node.Node.Id, "asked for by name", "miss", clock.GetUtcNow()));
        row.Attempts.ShouldContain("\"modelId\": \"harbour/pilot\"");
    }

    [Fact]
    public async Task A_long_call_is_written_while_it_runs_and_grows_every_second()
    {
        var node = new LedgerNode(tables.Db, clock);
        var call = node.Open();
        (call.Facts.OutputBytes, call.Facts.Pieces) = (41, 3);
        clock.Advance(TimeSpan.FromSeconds(1));
        await node.FlushAsync();
        var first = (await FindAsync(call)).ShouldNotBeNull();
        (first.Outcome, first.InputTokens, first.OutputTokens, first.Estimated, first.EndedAt).ShouldBe(("running", 20, 11, true, null));

        (call.Facts.OutputBytes, call.Facts.Pieces) = (41, 30);
        clock.Advance(TimeSpan.FromSeconds(1));
        await node.FlushAsync();
        var second = (await FindAsync(call)).ShouldNotBeNull();
        (second.Outcome, second.OutputTokens, second.TotalMs).ShouldBe(("running", 30, 2000));

        (call.Facts.InputTokens, call.Facts.OutputTokens) = (18, 33);
        node.Close(call);
        await node.FlushAsync();
        var third = (await FindAsync(call)).ShouldNotBeNull();
        (third.Outcome, third.InputTokens, third.OutputTokens, third.Estimated).ShouldBe(("completed", 18, 33, false));
    }

    [Theory]
    [InlineData("completed", false)]
    [InlineData("cancelled", false)]
    [InlineData("failed", false)]
    [InlineData("completed", true)]
    [InlineData("cancelled", true)]
    [InlineData("failed", true)]
    public async Task A_call_is_in_the_books_once_however_it_ends(string outcome, bool seenRunning)
    {
        var node = new LedgerNode(tables.Db, clock);
        var call = node.Open();
        call.Facts.Pieces = 1;
        if (seenRunning)
        {
            clock.Advance(TimeSpan.FromSeconds(2));
            await node.FlushAsync();
        }

        if (outcome == "failed")
            (call.Error, call.Blame) = (GatewayErrors.Cut, Blame.Upstream);
        node.Close(call, outcome);
        await node.FlushAsync();
        node.Close(call, "interrupted");
        await node.FlushAsync();

        var row = (await FindAsync(call)).ShouldNotBeNull();
        row.Outcome.ShouldBe(outcome);
        (row.ErrorCode, row.Blame).ShouldBe(outcome == "failed" ? ("gateway.upstream_cut", "upstream") : (null, null));
    }

    [Fact]
    public async Task A_call_that_reached_no_model_cost_nothing_and_read_nothing()
    {
        var prices = await PricesAsync(Price("unreached/*", 1, clock.GetUtcNow(), input: 1_000_000));
        var node = new LedgerNode(tables.Db, clock, prices: prices);
        var call = node.Open("unreached/model");
        call.Error = GatewayErrors.Unreachable;
        node.Close(call, "failed");
        await node.FlushAsync();

        var row = (await FindAsync(call)).ShouldNotBeNull();
        (row.InputTokens, row.OutputTokens, row.CostMicros, row.PriceId).ShouldBe((null, null, 0, null));
    }

    [Fact]
    public async Task Of_a_node_that_was_killed_stays_what_it_wrote_last_and_its_calls_become_interrupted()
    {
        var dying = new LedgerNode(tables.Db, clock);
        var call = dying.Open();
        (call.Facts.OutputBytes, call.Facts.Pieces) = (400, 100);
        clock.Advance(TimeSpan.FromSeconds(5));
        await dying.FlushAsync();
        call.Facts.OutputBytes = 404;
        var living = new LedgerNode(tables.Db, clock);
        var runsOn = living.Open();
        clock.Advance(TimeSpan.FromSeconds(1));
        await living.FlushAsync();

        await DieAsync(dying);
        await ReaperOf(living).ReapAsync(all: false, CancellationToken.None);

        var row = (await FindAsync(call)).ShouldNotBeNull();
        (row.Outcome, row.OutputTokens, row.Blame).ShouldBe(("interrupted", 100, "server"));
        row.EndedAt.ShouldNotBeNull();
        (await FindAsync(runsOn)).ShouldNotBeNull().Outcome.ShouldBe("running");
    }

    [Fact]
    public async Task A_node_that_was_taken_for_dead_and_is_not_has_the_last_word_on_its_calls()
    {
        var silent = new LedgerNode(tables.Db, clock);
        var call = silent.Open();
        var runsOn = silent.Open();
        clock.Advance(TimeSpan.FromSeconds(1));
        await silent.FlushAsync();
        await DieAsync(silent);
        await ReaperOf(new LedgerNode(tables.Db, clock)).ReapAsync(all: false, CancellationToken.None);
        (await FindAsync(call)).ShouldNotBeNull().Outcome.ShouldBe("interrupted");

        silent.Close(call);
        await silent.FlushAsync();

        (await FindAsync(call)).ShouldNotBeNull().Outcome.ShouldBe("completed");
        (await FindAsync(runsOn)).ShouldNotBeNull().Outcome.ShouldBe("running");
    }

    [Fact]
    public async Task A_node_that_stops_in_order_leaves_nothing_running()
    {
        var node = new LedgerNode(tables.Db, clock);
        var call = node.Open();
        var ended = node.Open();
        await node.Ledger.StartAsync(CancellationToken.None);
        clock.Advance(TimeSpan.FromMilliseconds(300));
        node.Close(ended);

        await node.Ledger.StopAsync(CancellationToken.None);

        (await FindAsync(call)).ShouldNotBeNull().Outcome.ShouldBe("interrupted");
        (await FindAsync(ended)).ShouldNotBeNull().Outcome.ShouldBe("completed");
        (await tables.Db.FindAsync<int>("select count(*)::int from gateway.node where node_id = @Id", new { node.Node.Id }, CancellationToken.None)).ShouldBe(0);
    }

    [Fact]
    public async Task While_the_database_is_away_nothing_is_lost()
    {
        await using var database = await TestDatabase.CreateAsync(new MigrationSource("gateway", typeof(GatewayModule).Assembly));
        var node = new LedgerNode(database.Db, clock);
        var running = node.Open();
        clock.Advance(TimeSpan.FromSeconds(1));
        await node.FlushAsync();

        await database.RefuseConnectionsAsync();
        var calls = Enumerable.Range(0, 6_000).Select(_ => node.Open()).ToList();
        foreach (var call in calls.Take(5_500))
            node.Close(call);
        await Should.ThrowAsync<Npgsql.NpgsqlException>(node.FlushAsync);
        node.Close(running);
        await Should.ThrowAsync<Npgsql.NpgsqlException>(node.FlushAsync);
        await database.AcceptConnectionsAsync();
        foreach (var call in calls.Skip(5_500))
            node.Close(call);
        await Eventually.PassAsync(node.FlushAsync);

        (await database.Db.FindAsync<int>("select count(*)::int from gateway.usage where outcome = 'completed'", null, CancellationToken.None)).ShouldBe(6_001);
    }

    [Fact]
    public async Task When_memory_is_full_the_oldest_call_goes()
    {
        var node = new LedgerNode(tables.Db, clock, new GatewayOptions { LedgerMaxPending = 1_000 });
        var calls = Enumerable.Range(0, 1_002).Select(_ => node.Open()).ToList();
        foreach (var call in calls)
            node.Close(call);
        await node.FlushAsync();

        (await FindAsync(calls[1])).ShouldBeNull();
        (await FindAsync(calls[2])).ShouldNotBeNull();
        (await FindAsync(calls[^1])).ShouldNotBeNull();
    }

    [Fact]
    public async Task Names_with_characters_that_cannot_be_stored_and_rows_that_are_refused_hold_up_nobody()
    {
        var node = new LedgerNode(tables.Db, clock);
        var strange = node.Open("nul\0 and half \ud83d");
        var refused = node.Open();
        var plain = node.Open();
        node.Close(strange);
        node.Close(refused, "no such outcome");
        node.Close(plain);
        await node.FlushAsync();

        (await FindAsync(strange)).ShouldNotBeNull().Route.ShouldBe("nul  and half \ufffd");
        (await FindAsync(refused)).ShouldBeNull();
        (await FindAsync(plain)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_call_costs_what_was_in_force_when_it_began()
    {
        var start = clock.GetUtcNow();
        var prices = await PricesAsync(
            Price("priced/*", 1, start.AddDays(-1), input: 2_000_000, output: 8_000_000, cached: 500_000, reasoning: 10_000_000, request: 7),
            Price("priced/*", 2, start.AddSeconds(30), input: 4_000_000, output: 16_000_000),
            Price("priced/special", 1, start.AddDays(-1), input: 1_000_000, output: 1_000_000),
            Price("priced/special", 2, start.AddSeconds(30), ended: true));
        var node = new LedgerNode(tables.Db, clock, prices: prices);
        var before = Use(node.Open("priced/pilot"));
        var special = Use(node.Open("priced/special"));
        clock.Advance(TimeSpan.FromMinutes(1));
        var after = Use(node.Open("priced/pilot"));
        var ended = Use(node.Open("priced/special"));
        var free = Use(node.Open("gratis/model"));
        foreach (var call in new[] { before, special, after, ended, free })
            node.Close(call);
        await node.FlushAsync();

        // 60 plain and 40 cached input, 40 plain output and 10 reasoning.
        (await FindAsync(before)).ShouldNotBeNull().CostMicros.ShouldBe((60 * 2) + (40 / 2) + (40 * 8) + (10 * 10) + 7);
        (await FindAsync(after)).ShouldNotBeNull().CostMicros.ShouldBe((100 * 4) + (50 * 16));
        (await FindAsync(special)).ShouldNotBeNull().CostMicros.ShouldBe(150);
        (await FindAsync(ended)).ShouldNotBeNull().CostMicros.ShouldBe((100 * 4) + (50 * 16));
        var nothing = (await FindAsync(free)).ShouldNotBeNull();
        (nothing.CostMicros, nothing.PriceId).ShouldBe((0, null));
        node.Ledger.CostMicros(after).ShouldBe(1200);
        node.Ledger.EstimateMicros("priced/pilot", 1_000, 1_000).ShouldBe(20_000);
    }

    static CallEntry Use(CallEntry call)
    {
        (call.Facts.InputTokens, call.Facts.CachedInputTokens, call.Facts.OutputTokens, call.Facts.ReasoningTokens) = (100, 40, 50, 10);
        return call;
    }

    async Task<PriceBook> PricesAsync(params PriceRow[] rows)
    {
        const string Sql = $"""
            insert into gateway.price ({PriceRow.Columns}, created_at)
            values (@PriceId, @Pattern, @Version, @ValidFrom, @Ended, @InputMicros, @OutputMicros, @CachedInputMicros, @CacheWriteMicros, @ReasoningMicros,
                    @RequestMicros, @ImageMicros, @AudioSecondMicros, @CharacterMicros, now())
            """;
        foreach (var row in rows)
            await tables.Db.ExecuteAsync(Sql, row, CancellationToken.None);
        var prices = LedgerNode.NewPrices(tables.Db, clock);
        await prices.ReloadAsync(CancellationToken.None);
        return prices;
    }

    static PriceRow Price(
        string pattern, int version, DateTimeOffset from, long input = 0, long output = 0, long? cached = null, long? reasoning = null, long request = 0, bool ended = false)
        => new(Guid.CreateVersion7(), pattern, version, from, ended, input, output, cached, null, reasoning, request, null, null, null);

    NodeReaper ReaperOf(LedgerNode node) => LimitNode.NewReaper(tables.Db, node.Node, clock);

    Task DieAsync(LedgerNode node)
        => tables.Db.ExecuteAsync("update gateway.node set seen_at = now() - interval '11 seconds' where node_id = @Id", new { node.Node.Id }, CancellationToken.None);

    Task<Row?> FindAsync(CallEntry call)
    {
        const string Sql = """
            select outcome, error_code, blame, input_tokens, output_tokens, cached_input_tokens, reasoning_tokens, estimated, cost_micros, price_id, total_ms,
                   first_byte_ms, status, route, model_id, surface, key_id, node_id, decision, cache, ended_at, attempts::text as attempts
            from gateway.usage where usage_id = @Id
            """;
        return tables.Db.FindAsync<Row>(Sql, new { call.Id }, CancellationToken.None);
    }

    sealed record Row(
        string Outcome, string? ErrorCode, string? Blame, long? InputTokens, long? OutputTokens, long? CachedInputTokens, long? ReasoningTokens, bool Estimated,
        long CostMicros, Guid? PriceId, int TotalMs, int? FirstByteMs, int Status, string Route, string? ModelId, string Surface, Guid? KeyId, Guid? NodeId,
        string? Decision, string? Cache, DateTimeOffset? EndedAt, string Attempts);
}
