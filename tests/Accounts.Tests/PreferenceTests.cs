using System.Net;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Accounts.Tests;

public sealed class PreferenceTests(OwnedServer server) : IClassFixture<OwnedServer>, IAsyncLifetime
{
    AccountsApp app = null!;
    Browser owner = null!;

    public async Task InitializeAsync() => (app, owner) = await server.BeginAsync();

    public Task DisposeAsync()
    {
        owner.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task What_is_put_is_what_is_got_here_and_in_other_modules()
    {
        var wanted = new
        {
            locale = "ar",
            theme = "dark",
            density = "compact",
            speakReplies = false,
            voiceId = "espeak/ar",
            speechRate = 1.25,
            showAvatar = false,
            skillsFirst = false,
            timeZone = "Asia/Ho_Chi_Minh",
            localVoice = "piper-amy",
            hearing = "local/whisper-tiny",
            somethingNewer = 1,
        };

        (await owner.PutAsync("preferences", wanted)).Status.ShouldBe(HttpStatusCode.OK);

        var got = await owner.GetAsync("preferences");
        got["locale"].GetString().ShouldBe("ar");
        got["theme"].GetString().ShouldBe("dark");
        got["density"].GetString().ShouldBe("compact");
        got["speakReplies"].GetBoolean().ShouldBeFalse();
        got["voiceId"].GetString().ShouldBe("espeak/ar");
        got["speechRate"].GetDouble().ShouldBe(1.25);
        got["showAvatar"].GetBoolean().ShouldBeFalse();
        got["skillsFirst"].GetBoolean().ShouldBeFalse();
        got["timeZone"].GetString().ShouldBe("Asia/Ho_Chi_Minh");
        got["localVoice"].GetString().ShouldBe("piper-amy");
        got["hearing"].GetString().ShouldBe("local/whisper-tiny");
        var user = new UserId((await owner.GetAsync("session"))["user"].GetProperty("id").GetGuid());
        (await app.Preferences.GetAsync(user, CancellationToken.None)).SpeechRate.ShouldBe(1.25);
    }

    [Fact]
    public async Task What_is_left_out_is_the_default()
    {
        await owner.PutAsync("preferences", new { theme = "dark" });

        (await owner.PutAsync("preferences", new { })).Status.ShouldBe(HttpStatusCode.OK);

        var got = await owner.GetAsync("preferences");
        got["theme"].GetString().ShouldBe("system");
        got["speakReplies"].GetBoolean().ShouldBeTrue();
        got["locale"].GetString().ShouldBeNull();
        got["localVoice"].GetString().ShouldBeNull();
        got["hearing"].GetString().ShouldBeNull("nobody is heard before they agree");
    }

    [Fact]
    public async Task Somebody_who_set_nothing_has_the_defaults()
    {
        using var member = await app.NewMemberAsync();

        (await member.GetAsync("preferences"))["density"].GetString().ShouldBe("comfortable");
    }

    [Theory]
    [InlineData("""{"locale":"de"}""")]
    [InlineData("""{"theme":"pink"}""")]
    [InlineData("""{"theme":null}""")]
    [InlineData("""{"density":"tight"}""")]
    [InlineData("""{"speechRate":0.4}""")]
    [InlineData("""{"speechRate":2.1}""")]
    [InlineData("""{"speechRate":"fast"}""")]
    [InlineData("""{"timeZone":"Mars/Olympus"}""")]
    [InlineData("""{"timeZone":"../../etc/passwd"}""")]
    [InlineData("""{"speakReplies":"yes"}""")]
    [InlineData("""{"hearing":"everything"}""")]
    [InlineData("""{"hearing":"local/../../etc"}""")]
    public async Task What_cannot_be_is_refused_and_changes_nothing(string body)
    {
        var answer = await owner.PutAsync("preferences", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Code.ShouldNotBeNullOrEmpty();
        (await owner.GetAsync("preferences"))["locale"].GetString().ShouldBe("en");
    }
}
