using System.Net;
using System.Net.Http.Json;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Identity;
using JeanTrail.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Chat.Tests;

/// <summary>Each turn that begins is one request of the person's plan.</summary>
public sealed class QuotaTests(ChatFixture fixture) : IClassFixture<ChatFixture>, IAsyncLifetime
{
    readonly ChatHost chat = fixture.Chat;

    public Task InitializeAsync()
    {
        chat.Model.Reset();
        return LimitAsync(null);
    }

    public Task DisposeAsync() => LimitAsync(null);

    [Fact]
    public async Task A_turn_beyond_the_plan_is_refused_before_anything_is_kept_or_asked()
    {
        var conversation = await chat.NewConversationAsync();
        await LimitAsync(await UsedAsync() + 1);
        chat.Model.Say("One.").End();
        await using (var reader = await chat.SayAsync(conversation, "First"))
            await reader.UntilAsync("done");
        var used = await UsedAsync();

        var refused = await Should.ThrowAsync<ProblemException>(() => chat.SayAsync(conversation, "Second"));

        refused.Status.ShouldBe(429);
        refused.Code.ShouldBe("accounts.quota_exhausted");
        refused.Problem.GetProperty("limit").GetInt64().ShouldBe(used);
        refused.Problem.GetProperty("resetsAt").GetDateTimeOffset().TimeOfDay.ShouldBe(TimeSpan.Zero);
        (await chat.MessagesAsync(conversation)).Length.ShouldBe(2);
        (await UsedAsync()).ShouldBe(used);
    }

    [Fact]
    public async Task What_does_not_begin_is_not_counted()
    {
        var conversation = await chat.NewConversationAsync();
        var clientId = Ids.New(TimeProvider.System);
        var before = await UsedAsync();
        chat.Model.Say("One");
        await using var reader = await chat.SayAsync(conversation, "First", clientId);
        await reader.UntilAsync("turn");
        (await UsedAsync()).ShouldBe(before + 1);

        await using (await chat.SayAsync(conversation, "First", clientId))
            (await Should.ThrowAsync<ProblemException>(() => chat.SayAsync(conversation, "Second"))).Code.ShouldBe("chat.turn_already_running");

        (await UsedAsync()).ShouldBe(before + 1);
        chat.Model.End();
        await reader.UntilAsync("done");
    }

    async Task LimitAsync(long? requestsPerDay)
    {
        using var response = await chat.Client.PutAsJsonAsync("/api/accounts/plans/owner", new { requestsPerDay, storageBytes = (long?)null, bandwidthBytesPerMonth = (long?)null });
        response.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    async Task<long> UsedAsync()
    {
        var owner = new UserId((await chat.GetAsync("/api/accounts/session")).GetProperty("user").GetProperty("id").GetGuid());
        return (await chat.Host.Services.GetRequiredService<IQuotas>().UsageAsync(owner, CancellationToken.None)).Single(use => use.Meter == QuotaMeter.Requests).Used;
    }
}
