using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using JeanTrail.Kernel.Idempotency;
using JeanTrail.Kernel.Tests.Messaging;
using JeanTrail.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace JeanTrail.Kernel.Tests.Idempotency;

public sealed class IdempotencyTests : IAsyncLifetime
{
    readonly FakeClock clock = new();
    readonly Guid user = Guid.CreateVersion7();
    readonly Guid key = Guid.CreateVersion7();
    TestDatabase database = null!;
    TestNode node = null!;
    HttpClient client = null!;
    Gate gate = new();
    int made;

    public async Task InitializeAsync()
    {
        database = await TestDatabase.CreateAsync();
        node = await StartAsync();
        client = node.Client(user);
    }

    public async Task DisposeAsync()
    {
        client.Dispose();
        await node.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task A_repeated_request_gets_the_first_answer_and_does_nothing()
    {
        using var first = await PostAsync("/things", "chair", key);
        using var second = await PostAsync("/things", "chair", key);

        first.StatusCode.ShouldBe(HttpStatusCode.Created);
        first.Headers.Contains(IdempotencyMetadata.ReplayedHeader).ShouldBeFalse();
        second.StatusCode.ShouldBe(HttpStatusCode.Created);
        second.Headers.GetValues(IdempotencyMetadata.ReplayedHeader).ShouldBe(["true"]);
        second.Headers.Location.ShouldBe(first.Headers.Location);
        second.Content.Headers.ContentType.ShouldBe(first.Content.Headers.ContentType);
        (await second.Content.ReadAsStringAsync()).ShouldBe(await first.Content.ReadAsStringAsync());
        made.ShouldBe(1);
    }

    [Fact]
    public async Task Without_a_key_every_request_counts()
    {
        await PostAsync("/things", "chair", null);
        await PostAsync("/things", "chair", null);

        made.ShouldBe(2);
    }

    [Fact]
    public async Task A_key_belongs_to_one_person()
    {
        await PostAsync("/things", "chair", key);
        using var other = node.Client(Guid.CreateVersion7());
        client = other;
        await PostAsync("/things", "chair", key);

        made.ShouldBe(2);
    }

    [Fact]
    public async Task Another_request_under_the_key_is_refused()
    {
        await PostAsync("/things", "chair", key);

        await ProblemAsync(await PostAsync("/things", "table", key), HttpStatusCode.UnprocessableEntity, "kernel.idempotency_mismatch");
        await ProblemAsync(await PostAsync("/things?large=true", "chair", key), HttpStatusCode.UnprocessableEntity, "kernel.idempotency_mismatch");
        made.ShouldBe(1);
    }

    [Fact]
    public async Task A_key_that_is_no_UUID_is_refused()
    {
        client.DefaultRequestHeaders.Add(IdempotencyMetadata.Header, "again");

        await ProblemAsync(await PostAsync("/things", "chair", null), HttpStatusCode.BadRequest, "kernel.bad_request");
        made.ShouldBe(0);
    }

    [Fact]
    public async Task Of_many_at_once_one_runs_and_the_others_are_told_to_wait()
    {
        gate = new Gate { Closed = true };
        var first = PostAsync("/things", "chair", key);
        await gate.Entered.WaitAsync(Eventually.DefaultDeadline);

        var others = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => PostAsync("/things", "chair", key)));
        foreach (var other in others)
        {
            await ProblemAsync(other, HttpStatusCode.Conflict, "kernel.idempotency_running");
            other.Headers.RetryAfter.ShouldNotBeNull();
        }

        await ProblemAsync(await PostAsync("/things", "table", key), HttpStatusCode.UnprocessableEntity, "kernel.idempotency_mismatch");
        gate.Open();
        (await first).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await PostAsync("/things", "chair", key)).StatusCode.ShouldBe(HttpStatusCode.Created);
        made.ShouldBe(1);
    }

    [Fact]
    public async Task A_race_has_one_winner()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => PostAsync("/things", "chair", key)));

        made.ShouldBe(1);
        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.Created || answer.StatusCode == HttpStatusCode.Conflict);
        answers.ShouldContain(answer => answer.StatusCode == HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("/refused", HttpStatusCode.NotFound)]
    [InlineData("/broken", HttpStatusCode.InternalServerError)]
    public async Task A_failure_is_not_remembered(string path, HttpStatusCode status)
    {
        (await PostAsync(path, "chair", key)).StatusCode.ShouldBe(status);
        (await PostAsync(path, "chair", key)).StatusCode.ShouldBe(status);

        made.ShouldBe(2);
    }

    [Fact]
    public async Task An_answer_without_a_body_is_repeated_too()
    {
        (await PostAsync("/silent", "chair", key)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await PostAsync("/silent", "chair", key)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        made.ShouldBe(1);
    }

    [Fact]
    public async Task A_key_is_free_again_after_a_day()
    {
        await PostAsync("/things", "chair", key);
        clock.Advance(TimeSpan.FromHours(24));
        await PostAsync("/things", "table", key);

        made.ShouldBe(2);
    }

    [Fact]
    public async Task The_key_of_a_node_that_died_on_the_way_is_free_after_its_lease()
    {
        gate = new Gate { Closed = true };
        var dying = PostAsync("/things", "chair", key);
        await gate.Entered.WaitAsync(Eventually.DefaultDeadline);
        var frozen = gate;
        gate = new Gate();

        // The other node's clock runs on while the first one's stands still.
        var ahead = new FakeClock(clock.GetUtcNow() + IdempotencyStore.Lease - TimeSpan.FromSeconds(1));
        await using var other = await StartAsync(ahead);
        using var there = other.Client(user);
        (await PostAsync("/things", "chair", key, there)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        ahead.Advance(TimeSpan.FromSeconds(1));
        using var taken = await PostAsync("/things", "chair", key, there);
        taken.StatusCode.ShouldBe(HttpStatusCode.Created);

        // What the first node says afterwards does not replace the answer that was given.
        frozen.Open();
        (await dying).StatusCode.ShouldBe(HttpStatusCode.Created);
        using var later = await PostAsync("/things", "chair", key, there);
        (await later.Content.ReadAsStringAsync()).ShouldBe(await taken.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_slow_request_keeps_its_key()
    {
        gate = new Gate { Closed = true };
        var slow = PostAsync("/things", "chair", key);
        await gate.Entered.WaitAsync(Eventually.DefaultDeadline);

        for (var third = 0; third < 6; third++)
        {
            var expected = clock.GetUtcNow() + IdempotencyStore.Lease / 3 + IdempotencyStore.Lease;
            clock.Advance(IdempotencyStore.Lease / 3);
            await Eventually.BeTrueAsync(async () => await database.Db.FindAsync<DateTimeOffset>("select lease_until from kernel.idempotency", null, default) == expected);
        }

        (await PostAsync("/things", "chair", key)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        gate.Open();
        (await slow).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task An_effect_is_remembered_though_its_client_has_gone()
    {
        gate = new Gate { Closed = true };
        using var gone = new CancellationTokenSource();
        var leaving = PostAsync("/things", "chair", key, cancel: gone.Token);
        await gate.Entered.WaitAsync(Eventually.DefaultDeadline);
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => leaving);
        gate.Open();

        await Eventually.BeTrueAsync(async () =>
        {
            using var again = await PostAsync("/things", "chair", key);
            return again.StatusCode == HttpStatusCode.Created;
        });
        made.ShouldBe(1);
    }

    Task<TestNode> StartAsync(FakeClock? own = null)
        => TestNode.StartAsync(database, own ?? clock, map: app =>
        {
            app.MapPost("/things", async (Thing thing) =>
            {
                var number = Interlocked.Increment(ref made);
                await gate.PassAsync(default);
                return TypedResults.Created($"/things/{number}", new { number, thing.Name });
            }).RequireAuthorization().WithIdempotency();
            app.MapPost("/silent", (Thing _) =>
            {
                made++;
                return TypedResults.NoContent();
            }).WithIdempotency();
            app.MapPost("/refused", (Thing _) =>
            {
                made++;
                return TypedResults.NotFound();
            }).WithIdempotency();
            app.MapPost("/broken", IResult (Thing _) =>
            {
                made++;
                throw new InvalidOperationException();
            }).WithIdempotency();
        });

    async Task<HttpResponseMessage> PostAsync(string path, string name, Guid? withKey, HttpClient? through = null, CancellationToken cancel = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(new Thing(name)) };
        if (withKey is not null)
            request.Headers.Add(IdempotencyMetadata.Header, withKey.ToString());
        return await (through ?? client).SendAsync(request, cancel);
    }

    static async Task ProblemAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        response.StatusCode.ShouldBe(status);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("code").GetString().ShouldBe(code);
    }

    public sealed record Thing(string Name);
}
