using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Json;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Contracts.Models;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Http;
using JeanTrail.Kernel.Identity;
using JeanTrail.Testing;
using JeanTrail.Voice.Faces;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Voice.Tests;

public sealed class EndpointTests : IAsyncLifetime, IDisposable
{
    static readonly UserId Listener = new(new Guid("019cadb2-03f5-7e68-b2c1-84a6d0397f5e"));

    readonly HeardBytes quotas = new();
    readonly LocalSpeechDouble speech = new();
    WebApplication? app;
    HttpClient? client;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddKernelJson();
        builder.Services.AddVoice(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["WarmStart"] = "false", ["Workers"] = "1", ["QueueTimeout"] = "00:05:00" }).Build());
        builder.Services.AddSingleton<IQuotas>(quotas);
        builder.Services.AddSingleton<ILocalSpeech>(speech);
        builder.Services.AddSingleton<ILocalDenoiser>(speech);
        builder.Services.AddSingleton<ILocalSpotter>(speech);
        // Who may call is tested with Accounts; here everybody is signed in.
        builder.Services.AddAuthorization(options => options.AddPolicy(Policies.SignedIn, policy => policy.RequireAssertion(_ => true)));
        app = builder.Build();
        app.Use((context, next) =>
        {
            context.User = new ClaimsPrincipal(new ClaimsIdentity(
                [new Claim(Caller.UserIdClaim, Listener.Value.ToString()), new Claim(Caller.SessionIdClaim, Listener.Value.ToString())], "test"));
            return next(context);
        });
        app.UseAuthorization();
        app.MapGroup("/api/voice").MapVoice();
        await app.StartAsync();
        client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public async Task DisposeAsync() => await app!.DisposeAsync();

    public void Dispose() => client?.Dispose();

    [Fact]
    public async Task A_performance_has_the_members_the_client_plays()
    {
        using var response = await client!.PostAsJsonAsync("/api/voice/performances", new { text = "Hello world!", language = "en" });
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var made = await response.Content.ReadFromJsonAsync<JsonElement>();
        made.GetProperty("format").GetString().ShouldBe("wav");
        made.GetProperty("mimeType").GetString().ShouldBe("audio/wav");
        var audio = made.GetProperty("audio").GetBytesFromBase64();
        audio.AsSpan(0, 4).SequenceEqual("RIFF"u8).ShouldBeTrue();
        BitConverter.ToInt32(audio, 40).ShouldBe(audio.Length - 44);
        BitConverter.ToInt32(audio, 24).ShouldBe(made.GetProperty("sampleRate").GetInt32());
        made.GetProperty("durationMs").GetInt32().ShouldBe((int)((audio.Length - 44) / 2 * 1000L / 22050));
        made.GetProperty("visemes").EnumerateArray().ShouldAllBe(viseme => IpaVisemes.All.Contains(viseme.GetProperty("viseme").GetString()!));
        made.GetProperty("words").EnumerateArray().Select(word => word.GetProperty("start").GetInt32()).ShouldBe([0, 6]);
        made.GetProperty("expressions")[0].GetProperty("name").GetString().ShouldBe("happy");
    }

    [Theory]
    [InlineData("performances", "wav")]
    [InlineData("speech", "wav")]
    [InlineData("speech", "ogg")]
    public async Task What_is_heard_counts_against_the_listeners_plan_and_one_that_is_used_up_hears_nothing(string path, string format)
    {
        using var response = await client!.PostAsJsonAsync($"/api/voice/{path}", new { text = "Hello", language = "en", format });
        var heard = path == "speech"
            ? (await response.Content.ReadAsByteArrayAsync()).Length
            : (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("audio").GetBytesFromBase64().Length;
        // The end of the answer is read before its length is written down.
        await Eventually.BeTrueAsync(() => quotas.Of(Listener) == heard);

        quotas.Limit = heard;
        using var refused = await client!.PostAsJsonAsync($"/api/voice/{path}", new { text = "Hello", language = "en", format });
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Theory]
    [InlineData("""{"text":"Hello","format":"mp3"}""", 400, null)]
    [InlineData("""{"text":""}""", 400, null)]
    [InlineData("""{"text":"Hello","rate":9}""", 400, null)]
    [InlineData("""{"text":"Hello","language":"xx"}""", 400, "voice.language_unknown")]
    [InlineData("""{"text":"Hello","voiceId":"espeak/nobody"}""", 400, "voice.voice_unknown")]
    [InlineData("""{"text":"😀"}""", 400, "voice.text_empty")]
    public async Task Bad_requests_are_refused_by_both_endpoints(string json, int status, string? code)
    {
        foreach (var path in new[] { "/api/voice/performances", "/api/voice/speech" })
        {
            using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
            using var response = await client!.PostAsync(path, content);
            ((int)response.StatusCode).ShouldBe(status, path);
            if (code is not null)
                (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString().ShouldBe(code);
        }
    }

    [Theory]
    [InlineData("wav", "audio/wav", "RIFF")]
    [InlineData("ogg", "audio/ogg", "OggS")]
    public async Task Speech_is_streamed_in_the_format_asked_for(string format, string type, string magic)
    {
        using var response = await client!.PostAsJsonAsync("/api/voice/speech", new { text = "Xin chào, hôm nay trời đẹp.", format });
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType.ShouldNotBeNull().MediaType.ShouldBe(type);
        var audio = await response.Content.ReadAsByteArrayAsync();
        System.Text.Encoding.ASCII.GetString(audio, 0, 4).ShouldBe(magic);
        audio.Length.ShouldBeGreaterThan(3000);
    }

    async Task<(int Status, JsonElement Body)> DictateAsync()
    {
        using var recording = new ByteArrayContent(new byte[32_000]) { Headers = { ContentType = new("application/octet-stream") } };
        using var response = await client!.PostAsync("/api/voice/transcriptions?recogniser=ear", recording);
        return ((int)response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    [Fact]
    public async Task What_is_dictated_counts_against_the_plan_and_one_that_is_used_up_is_not_heard()
    {
        speech.Hears = () => Task.FromResult("Ahoy");
        var (status, body) = await DictateAsync();
        (status, body.GetProperty("text").GetString()).ShouldBe((200, "Ahoy"));
        await Eventually.BeTrueAsync(() => quotas.Of(Listener) == 32_000);

        quotas.Limit = 32_000;
        (await DictateAsync()).Status.ShouldBe(429);
    }

    [Fact]
    public async Task One_person_does_not_take_all_places_and_gets_theirs_back()
    {
        var (entered, open) = (new SemaphoreSlim(0), new TaskCompletionSource<string>());
        speech.Hears = () =>
        {
            entered.Release();
            return open.Task;
        };
        var running = new[] { DictateAsync(), DictateAsync() };
        await entered.WaitAsync();
        await entered.WaitAsync();

        var (status, body) = await DictateAsync();
        (status, body.GetProperty("code").GetString()).ShouldBe((429, "voice.recording_busy"));

        open.SetResult("Ahoy");
        (await Task.WhenAll(running)).ShouldAllBe(answer => answer.Status == 200);
        (await DictateAsync()).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Voices_begin_with_jeans_own_and_the_status_counts_workers()
    {
        var voices = (await client!.GetFromJsonAsync<JsonElement>("/api/voice/voices")).GetProperty("items").EnumerateArray().ToArray();
        voices[0].GetProperty("id").GetString().ShouldBe("espeak/en-us+f3");
        voices.Select(voice => voice.GetProperty("language").GetString()![..2]).Distinct().ShouldBe(["en", "ar", "vi", "ru"]);
        voices.ShouldAllBe(voice => voice.GetProperty("provider").GetString() == "built-in");
        voices.Select(voice => voice.GetProperty("id").GetString()).Distinct().Count().ShouldBe(voices.Length);
        var status = await client!.GetFromJsonAsync<JsonElement>("/api/voice/status");
        status.GetProperty("available").GetBoolean().ShouldBeTrue();
        status.GetProperty("workers").GetInt32().ShouldBe(1);
        status.GetProperty("detail").ValueKind.ShouldBe(JsonValueKind.Null);
    }
}

/// <summary>Counts what is sent to whom; the real rules are tested with Accounts.</summary>
sealed class HeardBytes : IQuotas
{
    readonly Lock gate = new();
    readonly Dictionary<UserId, long> heard = [];

    public long Limit { get; set; } = long.MaxValue;

    public long Of(UserId user)
    {
        lock (gate)
            return heard.GetValueOrDefault(user);
    }

    public Task<Error?> TryTakeAsync(IDbSession? session, UserId user, QuotaMeter meter, long amount, CancellationToken cancel)
    {
        lock (gate)
        {
            if (heard.GetValueOrDefault(user) + amount > Limit)
                return Task.FromResult<Error?>(new Error("accounts.quota_exhausted", 429, "Used up."));
            heard[user] = heard.GetValueOrDefault(user) + amount;
            return Task.FromResult<Error?>(null);
        }
    }

    public Task CountAsync(IDbSession? session, UserId user, QuotaMeter meter, long amount, CancellationToken cancel)
    {
        meter.ShouldBe(QuotaMeter.Bandwidth);
        lock (gate)
            heard[user] = heard.GetValueOrDefault(user) + amount;
        return Task.CompletedTask;
    }

    public Task ReleaseAsync(IDbSession? session, UserId user, QuotaMeter meter, long amount, CancellationToken cancel) => throw new NotSupportedException();

    public Task<IReadOnlyList<QuotaUse>> UsageAsync(UserId user, CancellationToken cancel) => throw new NotSupportedException();
}
