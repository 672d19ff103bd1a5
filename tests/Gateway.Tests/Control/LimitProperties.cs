using FsCheck;
using FsCheck.Fluent;
using JeanTrail.Gateway.Limits;
using JeanTrail.Kernel.Data;

namespace JeanTrail.Gateway.Tests.Control;

/// <summary>Random lives of three nodes under one limit, against a model that only adds.</summary>
public sealed class LimitProperties(GatewayTables tables) : IClassFixture<GatewayTables>
{
    const int Nodes = 3;

    static readonly Gen<Step> Steps = Gen.Frequency(
        (8, from node in Gen.Choose(0, Nodes - 1) from amount in Gen.Choose(1, 60) select new Step(Act.Reserve, node, amount)),
        (6, from node in Gen.Choose(0, Nodes - 1) from amount in Gen.Choose(0, 75) select new Step(Act.Settle, node, amount)),
        (2, from node in Gen.Choose(0, Nodes - 1) select new Step(Act.Flush, node, 0)),
        (1, from node in Gen.Choose(0, Nodes - 1) select new Step(Act.Crash, node, 0)),
        (1, from node in Gen.Choose(0, Nodes - 1) select new Step(Act.Stop, node, 0)),
        (1, from node in Gen.Choose(0, Nodes - 1) select new Step(Act.Reap, node, 0)));

    static readonly Gen<Life> Lives = from amount in Gen.Choose(20, 600) from steps in Steps.ArrayOf(40) select new Life(amount, steps);

    [Fact]
    public Task Never_more_passes_than_is_allowed_and_all_of_it_can_pass()
    {
        var property = Prop.ForAll(Lives.ToArbitrary(), life => LiveAsync(life));
        return Task.Run(() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(25), property));
    }

    async Task<bool> LiveAsync(Life life)
    {
        var person = LimitTables.NewConsumer();
        var limit = await tables.Db.LimitAsync(person, "tokens", life.Amount);
        var model = new Model(tables.Db, person, limit, life.Amount);
        foreach (var step in life.Steps)
            await model.TakeAsync(step);
        await model.EndAsync();
        return true;
    }

    enum Act
    {
        Reserve,
        Settle,
        Flush,
        Crash,
        Stop,
        Reap,
    }

    sealed record Step(Act Act, int Node, int Amount);

    sealed record Life(int Amount, Step[] Steps)
    {
        public override string ToString() => $"{Amount}: {string.Join(", ", Steps.Select(step => $"{step.Act} {step.Node} {step.Amount}"))}";
    }

    /// <summary>What a node did, as it knows it itself.</summary>
    sealed class Lived(LimitNode node)
    {
        internal LimitNode Node { get; } = node;

        internal Queue<(IReservation Call, int Estimate)> Running { get; } = new();

        internal long Spent { get; set; }
    }

    sealed class Model(Db db, Consumer person, Guid limit, int amount)
    {
        readonly SteppedClock clock = new();
        readonly NodeBroadcast broadcast = new();
        readonly Lived?[] nodes = new Lived?[Nodes];

        /// <summary>Short: where all are busy nobody returns anything, and every refusal waits as long.</summary>
        static readonly GatewayOptions Patience = new() { LimitLease = TimeSpan.FromMinutes(10), LimitRecallPatience = TimeSpan.FromMilliseconds(10) };

        /// <summary>By nodes that are gone, as they had written it.</summary>
        long before;

        /// <summary>By how much calls used more than they said.</summary>
        long beyond;

        internal async Task TakeAsync(Step step)
        {
            // Refusals are remembered for a moment.
            clock.Advance(TimeSpan.FromMilliseconds(300));
            var lived = nodes[step.Node] ??= NewLife();
            switch (step.Act)
            {
                case Act.Reserve:
                    if ((await lived.Node.TryAsync(person, new CallAmounts(step.Amount, 0))).TryGet(out var call, out _))
                        lived.Running.Enqueue((call, step.Amount));
                    break;
                case Act.Settle when lived.Running.TryDequeue(out var running):
                    running.Call.Settle(new CallAmounts(step.Amount, 0));
                    lived.Spent += step.Amount;
                    beyond += Math.Max(0, step.Amount - running.Estimate);
                    break;
                case Act.Flush:
                    await lived.Node.FlushAsync();
                    break;
                case Act.Crash:
                    // What it was telling the table when it died is told, or the model could not know what is written.
                    await broadcast.QuietAsync();
                    await lived.Node.DieAsync();
                    before += await WrittenAsync(lived);
                    nodes[step.Node] = null;
                    break;
                case Act.Stop:
                    await EndAsync(lived);
                    nodes[step.Node] = null;
                    break;
                case Act.Reap:
                    await LimitNode.NewReaper(db, lived.Node.Node, clock).ReapAsync(all: false, CancellationToken.None);
                    break;
                default:
                    break;
            }

            var use = await db.UseAsync(limit);
            use.Held.ShouldBe(use.Tranches);
            (use.Spent + use.Held).ShouldBeLessThanOrEqualTo(amount + beyond);
            Spent().ShouldBeLessThanOrEqualTo(amount + beyond);
        }

        /// <summary>All calls end, all that is left is used up, and the books are even.</summary>
        internal async Task EndAsync()
        {
            foreach (var lived in Living().ToList())
            {
                while (lived.Running.TryDequeue(out var running))
                {
                    running.Call.Settle(new CallAmounts(running.Estimate, 0));
                    lived.Spent += running.Estimate;
                }
            }

            var last = NewLife();
            nodes[0] = await ReplaceAsync(nodes[0], last);
            await LimitNode.NewReaper(db, last.Node.Node, clock).ReapAsync(all: false, CancellationToken.None);
            // What the others hold comes back in its own time, so it is asked for often; when all is used up, twice more.
            var refusedAtEnd = 0;
            for (var refused = 0; refused < 500 && refusedAtEnd < 2;)
            {
                if ((await last.Node.TryAsync(person, new CallAmounts(1, 0))).TryGet(out var call, out _))
                {
                    call.Settle(new CallAmounts(1, 0));
                    last.Spent++;
                    Spent().ShouldBeLessThanOrEqualTo(amount + beyond);
                    continue;
                }

                refused++;
                if (Spent() >= amount)
                    refusedAtEnd++;
                clock.Advance(TimeSpan.FromSeconds(1));
                foreach (var lived in Living())
                    await lived.Node.FlushAsync();
            }

            foreach (var lived in Living().ToList())
                await EndAsync(lived);
            var use = await db.UseAsync(limit);
            (use.Held, use.Tranches).ShouldBe((0, 0));
            use.Spent.ShouldBe(before);
            before.ShouldBeGreaterThanOrEqualTo(amount);
            before.ShouldBeLessThanOrEqualTo(amount + beyond);
        }

        async Task<Lived> ReplaceAsync(Lived? former, Lived next)
        {
            if (former is not null)
                await EndAsync(former);
            return next;
        }

        /// <summary>In order: its calls are over, and it returns what it holds.</summary>
        async Task EndAsync(Lived lived)
        {
            while (lived.Running.TryDequeue(out var running))
                running.Call.Settle(default);
            await lived.Node.ReturnAllAsync();
            lived.Node.Dispose();
            before += lived.Spent;
        }

        /// <summary>All that passed and is not forgotten, calls that run at what they said.</summary>
        long Spent() => before + Living().Sum(each => each.Spent + each.Running.Sum(call => call.Estimate));

        Lived NewLife() => new(new LimitNode(db, broadcast, clock, Patience));

        IEnumerable<Lived> Living() => nodes.OfType<Lived>();

        Task<long> WrittenAsync(Lived lived)
            => db.FindAsync<long>("select coalesce(sum(spent), 0)::bigint from gateway.tranche where limit_id = @Limit and node_id = @Node", new { Limit = limit, Node = lived.Node.Node.Id }, CancellationToken.None);
    }
}
