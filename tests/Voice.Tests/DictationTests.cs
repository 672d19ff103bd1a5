using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Security.Claims;
using System.Text.Json;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Contracts.Models;
using JeanTrail.Kernel.Http;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Realtime;
using JeanTrail.Testing;
using JeanTrail.Testing.Speech;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Voice.Tests;

/// <summary>Dictating word by word: what is said to the page, and the limits. The real recognisers are met in the tests of Models.</summary>
public sealed class DictationTests : IAsyncLifetime
{
    static readonly UserId Speaker = new(new Guid("019cadb2-03f5-7e68-b2c1-84a6d0397f5e"));

    readonly HeardBytes quotas = new();
    readonly LocalSpeechDouble speech = new() { Hears = () => Task.FromResult("Ahoy") };
    readonly OpenStreams streams = new();
    WebApplication? app;

    Uri Address => new(app!.Urls.First());

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddKernelJson();
        builder.Services.AddVoice(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["WarmStart"] = "false",
            ["LongestDictation"] = "00:00:02",
            ["LongestWake"] = "00:00:02",
            ["WakesAtOnce"] = "1",
            ["DictationStall"] = "00:00:08",
        }).Build());
        builder.Services.AddSingleton<IQuotas>(quotas);
        builder.Services.AddSingleton<ILocalSpeech>(speech);
        builder.Services.AddSingleton<ILocalDenoiser>(speech);
        builder.Services.AddSingleton<ILocalSpotter>(speech);
        builder.Services.AddSingleton<ILiveStreams>(streams);
        builder.Services.AddAuthorization(options => options.AddPolicy(Policies.SignedIn, policy => policy.RequireAssertion(_ => true)));
        app = builder.Build();
        app.UseWebSockets();
        app.Use((context, next) =>
        {
            context.User = new ClaimsPrincipal(new ClaimsIdentity(
                [new Claim(Caller.UserIdClaim, Speaker.Value.ToString()), new Claim(Caller.SessionIdClaim, Speaker.Value.ToString())], "test"));
            return next(context);
        });
        app.UseAuthorization();
        app.MapGroup("/api/voice").MapVoice();
        await app.StartAsync();
    }

    public async Task DisposeAsync() => await app!.DisposeAsync();

    Task<DictationClient> ConnectAsync() => DictationClient.ConnectAsync(Address, "ear");

    static string? TypeOf(JsonElement message) => message.GetProperty("type").GetString();

    static (string? Code, int Status) FailureOf(List<JsonElement> messages)
    {
        TypeOf(messages[^1]).ShouldBe("failed", messages[^1].ToString());
        return (messages[^1].GetProperty("code").GetString(), messages[^1].GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task Words_come_back_while_more_is_said_and_all_of_it_is_counted()
    {
        using var line = await ConnectAsync();
        await line.SayAsync(new byte[16_000]);
        var first = (await line.ReadAsync())!.Value;
        (TypeOf(first), first.GetProperty("text").GetString(), first.GetProperty("final").GetBoolean()).ShouldBe(("heard", "Ahoy", false));
        await line.SayAsync(new byte[16_000]);
        await line.EndAsync();
        var rest = await line.ReadAllAsync();

        rest[^2].GetProperty("final").GetBoolean().ShouldBeTrue();
        rest[^2].GetProperty("durationMs").GetInt32().ShouldBe(1000);
        (TypeOf(rest[^1]), rest[^1].GetProperty("durationMs").GetInt32()).ShouldBe(("done", 1000));
        await Eventually.BeTrueAsync(() => quotas.Of(Speaker) == 32_000);
    }

    [Fact]
    public async Task Who_has_used_up_the_plan_is_told()
    {
        quotas.Limit = 0;
        using var line = await ConnectAsync();
        FailureOf(await line.ReadAllAsync()).ShouldBe(("accounts.quota_exhausted", 429));
    }

    [Fact]
    public async Task One_person_does_not_take_all_places_and_gets_theirs_back_by_hanging_up()
    {
        var lines = new List<DictationClient> { await ConnectAsync(), await ConnectAsync() };
        foreach (var line in lines)
        {
            await line.SayAsync(new byte[3_200]);
            TypeOf((await line.ReadAsync())!.Value).ShouldBe("heard");
        }

        using (var third = await ConnectAsync())
            FailureOf(await third.ReadAllAsync()).ShouldBe(("voice.recording_busy", 429));
        foreach (var line in lines)
        {
            line.Abort();
            line.Dispose();
        }

        await Eventually.BeTrueAsync(async () =>
        {
            using var again = await ConnectAsync();
            await again.EndAsync();
            return TypeOf((await again.ReadAllAsync())[^1]) == "done";
        });
    }

    [Fact]
    public async Task What_is_too_long_keeps_its_words()
    {
        using var line = await ConnectAsync();
        await line.SayAsync(new byte[64_000]);
        await line.SayAsync(new byte[2]);
        var all = await line.ReadAllAsync();
        FailureOf(all).ShouldBe(("voice.recording_too_long", 413));
        all[^2].GetProperty("final").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Whose_session_ends_is_cut_off_and_holds_no_place()
    {
        using var line = await ConnectAsync();
        await line.SayAsync(new byte[3_200]);
        TypeOf((await line.ReadAsync())!.Value).ShouldBe("heard");

        streams.EndAll();

        await Should.ThrowAsync<WebSocketException>(() => line.ReadAllAsync());
        await Eventually.BeTrueAsync(() => streams.Count == 0 && quotas.Of(Speaker) == 3_200);
    }

    [Fact]
    public async Task Half_a_sample_is_no_audio_and_other_words_mean_nothing()
    {
        using (var half = await ConnectAsync())
        {
            await half.SayAsync(new byte[3]);
            FailureOf(await half.ReadAllAsync()).ShouldBe(("voice.recording_invalid", 400));
        }

        using var other = await ConnectAsync();
        await other.SendAsync("begin");
        FailureOf(await other.ReadAllAsync()).ShouldBe(("voice.recording_invalid", 400));
    }

    [Fact]
    public async Task One_that_stalls_is_ended_with_what_was_heard()
    {
        using var line = await ConnectAsync();
        await line.SayAsync(new byte[3_200]);
        var all = await line.ReadAllAsync();
        FailureOf(all).ShouldBe(("voice.recording_stalled", 408));
        all[^2].GetProperty("final").GetBoolean().ShouldBeTrue();
        await Eventually.BeTrueAsync(() => quotas.Of(Speaker) == 3_200);
    }

    [Fact]
    public async Task A_recogniser_that_fails_is_said_in_its_own_words()
    {
        speech.Hears = () => Task.FromException<string>(new LocalModelException(LocalSpeechDouble.Lost));
        using var line = await ConnectAsync();
        FailureOf(await line.ReadAllAsync()).ShouldBe(("models.lost", 503));
    }

    [Fact]
    public async Task A_page_that_waits_for_her_name_is_told_of_each_call_and_connects_again_after_a_while()
    {
        using var line = await DictationClient.WaitAsync(Address, "spots");
        TypeOf((await line.ReadAsync())!.Value).ShouldBe("listening");
        await line.SayAsync(new byte[16_000], 16_000);
        var called = (await line.ReadAsync())!.Value;
        (TypeOf(called), called.GetProperty("keyword").GetString(), called.GetProperty("atMs").GetInt32(), called.GetProperty("endMs").GetInt32()).ShouldBe(("called", "jean", 500, 250));
        await line.SayAsync(new byte[48_002], 48_002);
        var rest = await line.ReadAllAsync();

        TypeOf(rest[^1]).ShouldBe("done", "to have waited long is no failure");
        await Eventually.BeTrueAsync(() => quotas.Of(Speaker) == 64_002);
        // The place is given back just after what was heard is counted.
        await Eventually.BeTrueAsync(async () =>
        {
            using var again = await DictationClient.WaitAsync(Address, "spots");
            return TypeOf((await again.ReadAsync())!.Value) == "listening";
        }, "she is waited for again");
    }

    [Fact]
    public async Task Pages_that_wait_and_dictations_have_places_of_their_own()
    {
        using var waiting = await DictationClient.WaitAsync(Address, "spots");
        TypeOf((await waiting.ReadAsync())!.Value).ShouldBe("listening");
        using (var second = await DictationClient.WaitAsync(Address, "spots"))
            FailureOf(await second.ReadAllAsync()).ShouldBe(("voice.recording_busy", 429));
        using var line = await ConnectAsync();
        await line.EndAsync();
        TypeOf((await line.ReadAllAsync())[^1]).ShouldBe("done");
    }

    [Fact]
    public async Task What_is_no_WebSocket_is_refused()
    {
        using var client = new HttpClient { BaseAddress = Address };
        using var response = await client.GetAsync("/api/voice/dictations?recogniser=ear");
        response.StatusCode.ShouldBe(HttpStatusCode.UpgradeRequired);
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString().ShouldBe("voice.socket_needed");
    }
}
