using System.Net;
using System.Text;
using System.Text.Json;
using JeanTrail.Gateway.Costs;
using JeanTrail.Gateway.Usage;
using JeanTrail.Testing;

namespace JeanTrail.Gateway.Tests.Control;

public sealed class PriceTests(TimedGatewayHost gateway) : IClassFixture<TimedGatewayHost>
{
    [Fact]
    public async Task A_price_is_known_to_the_next_call_and_its_history_stays()
    {
        await SetAsync(new { pattern = "history/*", inputMicros = 1_000_000, outputMicros = 2_000_000 });
        gateway.Clock.Advance(TimeSpan.FromSeconds(1));
        await SetAsync(new { pattern = "history/*", inputMicros = 3_000_000, outputMicros = 4_000_000 });

        gateway.Host.Get<ILedger>().EstimateMicros("history/model", 1, 1).ShouldBe(7);
        var items = await ListAsync("history/*");
        items.Select(item => (item.GetProperty("version").GetInt32(), item.GetProperty("inForce").GetBoolean(), item.GetProperty("inputMicros").GetInt64()))
            .ShouldBe([(2, true, 3_000_000), (1, false, 1_000_000)]);
    }

    [Fact]
    public async Task A_price_of_the_future_waits_for_its_day()
    {
        await SetAsync(new { pattern = "future/model", inputMicros = 1_000_000, outputMicros = 0 });
        await SetAsync(new { pattern = "future/model", inputMicros = 5_000_000, outputMicros = 0, validFrom = gateway.Clock.GetUtcNow().AddHours(1) });

        gateway.Host.Get<ILedger>().EstimateMicros("future/model", 1, 0).ShouldBe(1);
        gateway.Clock.Advance(TimeSpan.FromHours(1));
        gateway.Host.Get<ILedger>().EstimateMicros("future/model", 1, 0).ShouldBe(5);
    }

    [Fact]
    public async Task The_most_specific_pattern_counts_until_it_ends()
    {
        await SetAsync(new { pattern = "special/*", inputMicros = 1_000_000, outputMicros = 0 });
        await SetAsync(new { pattern = "special/model*", inputMicros = 2_000_000, outputMicros = 0 });
        await SetAsync(new { pattern = "special/model-1", inputMicros = 3_000_000, outputMicros = 0 });
        var ledger = gateway.Host.Get<ILedger>();
        new[] { "special/model-1", "special/model-2", "special/other", "unpriced/x" }.Select(model => ledger.EstimateMicros(model, 1, 0)).ShouldBe([3, 2, 1, 0]);

        gateway.Clock.Advance(TimeSpan.FromSeconds(1));
        (await gateway.Owner.CallAsync(HttpMethod.Delete, "prices?pattern=special/model-1")).Status.ShouldBe(HttpStatusCode.NoContent);

        ledger.EstimateMicros("special/model-1", 1, 0).ShouldBe(2);
        (await ListAsync("special/model-1"))[0].GetProperty("ended").GetBoolean().ShouldBeTrue();
        (await gateway.Owner.CallAsync(HttpMethod.Delete, "prices?pattern=special/none")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Of_many_changes_in_a_row_each_counts_at_once()
    {
        var ledger = gateway.Host.Get<ILedger>();
        for (var price = 1; price <= 40; price++)
        {
            gateway.Clock.Advance(TimeSpan.FromSeconds(1));
            await SetAsync(new { pattern = "quick/model", inputMicros = price * 1_000_000, outputMicros = 0 });
            ledger.EstimateMicros("quick/model", 1, 0).ShouldBe(price, "what is heard of the change before must not undo it");
        }
    }

    [Fact]
    public async Task A_change_reaches_another_server()
    {
        await using var second = await TestHost.StartAsync(gateway.Host.Database, gateway.Clock);

        await SetAsync(new { pattern = "spread/model", inputMicros = 9_000_000, outputMicros = 0 });

        await Eventually.BeTrueAsync(() => second.Get<PriceBook>().Find("spread/model", gateway.Clock.GetUtcNow()) is not null);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a*b")]
    [InlineData("two words")]
    public async Task What_is_no_pattern_has_no_price(string pattern)
        => (await gateway.Owner.CallAsync(HttpMethod.Post, "prices", new { pattern, inputMicros = 1, outputMicros = 1 })).Status.ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task A_negative_price_is_refused_and_one_that_is_there_already_too()
    {
        (await gateway.Owner.CallAsync(HttpMethod.Post, "prices", new { pattern = "minus/x", inputMicros = -1, outputMicros = 1 })).Status.ShouldBe(HttpStatusCode.BadRequest);
        var body = new { pattern = "twice/x", inputMicros = 1, outputMicros = 1, validFrom = "2026-11-01T00:00:00Z" };
        await SetAsync(body);
        (await gateway.Owner.CallAsync(HttpMethod.Post, "prices", body)).Code.ShouldBe("gateway.price_unchanged");
    }

    [Fact]
    public async Task What_one_server_lists_another_takes_as_json_and_as_csv_and_only_once()
    {
        await SetAsync(new { pattern = "moved/\"odd\",model", inputMicros = 1, outputMicros = 2, cachedInputMicros = 3, imageMicros = 4, validFrom = "2026-11-01T00:00:00Z" });
        await SetAsync(new { pattern = "moved/plain", inputMicros = 5, outputMicros = 6 });
        var json = await gateway.Owner.CallAsync(HttpMethod.Get, "prices");
        var csv = await gateway.Owner.CallAsync(HttpMethod.Get, "prices/csv");
        var count = json["items"].GetArrayLength();
        await using var other = new GatewayHostScope();
        await other.InitializeAsync();

        var fromCsv = await other.Owner.CallAsync(HttpMethod.Post, "prices/import-csv", new StringContent(csv.Text, Encoding.UTF8, "text/csv"));
        var fromJson = await other.Owner.CallAsync(HttpMethod.Post, "prices/import", JsonDocument.Parse(json.Text).RootElement);

        (fromCsv["added"].GetInt32(), fromCsv["unchanged"].GetInt32()).ShouldBe((count, 0));
        (fromJson["added"].GetInt32(), fromJson["unchanged"].GetInt32()).ShouldBe((0, count));
        var moved = (await other.Owner.CallAsync(HttpMethod.Get, "prices"))["items"].EnumerateArray().First(item => item.GetProperty("pattern").GetString() == "moved/\"odd\",model");
        (moved.GetProperty("cachedInputMicros").GetInt64(), moved.GetProperty("imageMicros").GetInt64()).ShouldBe((3, 4));
    }

    [Theory]
    [InlineData("")]
    [InlineData("pattern,inputMicros\na/b,1\n")]
    [InlineData("pattern,inputMicros,outputMicros\na/b,1\n")]
    [InlineData("pattern,inputMicros,outputMicros\na/b,1,x\n")]
    [InlineData("pattern,inputMicros,outputMicros\na/b,1,-2\n")]
    [InlineData("pattern,inputMicros,outputMicros,validFrom\na/b,1,2,someday\n")]
    [InlineData("pattern,inputMicros,outputMicros\nfine/x,1,2\na b,1,2\n")]
    public async Task A_list_that_cannot_be_read_changes_nothing(string csv)
    {
        (await gateway.Owner.CallAsync(HttpMethod.Post, "prices/import-csv", new StringContent(csv, Encoding.UTF8, "text/csv"))).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await ListAsync("fine/x")).ShouldBeEmpty();
    }

    async Task SetAsync(object body)
    {
        var answer = await gateway.Owner.CallAsync(HttpMethod.Post, "prices", body);
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
    }

    async Task<List<JsonElement>> ListAsync(string pattern)
        => [.. (await gateway.Owner.CallAsync(HttpMethod.Get, "prices"))["items"].EnumerateArray().Where(item => item.GetProperty("pattern").GetString() == pattern)];
}
