using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using JeanTrail.Testing;

namespace JeanTrail.Chat.Tests;

/// <summary>The pair of keys of private conversations: wrapped by the browser, kept, wrapped anew, forgotten.</summary>
public sealed class PrivateKeyTests(ChatFixture fixture) : IClassFixture<ChatFixture>, IAsyncLifetime
{
    readonly ChatHost chat = fixture.Chat;
    HttpClient person = null!;
    PrivateTalk talk = null!;

    public async Task InitializeAsync()
    {
        chat.Model.Reset();
        person = await chat.Host.PersonAsync("premium");
        talk = await PrivateTalk.SetUpAsync(person);
    }

    public Task DisposeAsync()
    {
        talk.Dispose();
        person.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task The_key_opens_with_the_passphrase_and_with_the_code_and_with_nothing_else()
    {
        var kept = (await person.GetFromJsonAsync<JsonElement>($"{PrivateTalk.Base}/key")).GetProperty("pair");
        var publicKey = kept.GetProperty("publicKey").GetString()!;

        using (var opened = PrivateReader.Unwrap(kept.GetProperty("passphrase"), publicKey, PrivateTalk.Passphrase))
            opened.PrivateKey.ShouldBe(talk.Reader.PrivateKey);
        using (var recovered = PrivateReader.Unwrap(kept.GetProperty("recovery"), publicKey, PrivateTalk.Code))
            recovered.PrivateKey.ShouldBe(talk.Reader.PrivateKey);
        Should.Throw<AuthenticationTagMismatchException>(() => PrivateReader.Unwrap(kept.GetProperty("passphrase"), publicKey, "eight herons"));
        using var other = PrivateReader.New();
        Should.Throw<AuthenticationTagMismatchException>(() => PrivateReader.Unwrap(kept.GetProperty("passphrase"), Convert.ToBase64String(other.PublicKey), PrivateTalk.Passphrase));
    }

    [Fact]
    public async Task There_is_one_key_at_a_time_and_another_passphrase_wraps_the_same()
    {
        using var other = PrivateReader.New();
        using (var second = await person.PostAsJsonAsync($"{PrivateTalk.Base}/key", other.Wrap("x", "y")))
            second.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        using (var foreign = await person.PutAsJsonAsync($"{PrivateTalk.Base}/key", other.Wrap("x", "y")))
            foreign.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var rewrapped = new { publicKey = Convert.ToBase64String(talk.Reader.PublicKey), passphrase = talk.Reader.WrapUnder("nine herons on a loud lake") };
        using (var changed = await person.PutAsJsonAsync($"{PrivateTalk.Base}/key", rewrapped))
            changed.StatusCode.ShouldBe(HttpStatusCode.NoContent);

        var kept = (await person.GetFromJsonAsync<JsonElement>($"{PrivateTalk.Base}/key")).GetProperty("pair");
        PrivateReader.Unwrap(kept.GetProperty("passphrase"), rewrapped.publicKey, "nine herons on a loud lake").Dispose();
        PrivateReader.Unwrap(kept.GetProperty("recovery"), rewrapped.publicKey, PrivateTalk.Code).Dispose();
    }

    [Theory]
    [InlineData("AAAA")]
    [InlineData("BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public async Task What_is_no_point_of_the_curve_is_refused(string publicKey)
    {
        using var stranger = await chat.Host.PersonAsync();
        using var refused = await stranger.PostAsJsonAsync(
            $"{PrivateTalk.Base}/key", new { publicKey, passphrase = talk.Reader.WrapUnder("x"), recovery = talk.Reader.WrapUnder("y") });

        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Forgetting_the_key_forgets_everything()
    {
        var id = await talk.BeginAsync();
        chat.Model.Say("Answer").End();
        await using (var reader = await talk.SayAsync(id, "Question"))
            await reader.UntilAsync("done");
        using (var forgotten = await person.DeleteAsync(new Uri($"{PrivateTalk.Base}/key", UriKind.Relative)))
            forgotten.StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await chat.Host.Db.FindAsync<int>("select count(*)::int from chat.private_message where conversation_id = @Id", new { Id = id }, default)).ShouldBe(0);
        (await person.GetFromJsonAsync<JsonElement>($"{PrivateTalk.Base}/key")).GetProperty("pair").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task An_old_proof_changes_and_forgets_no_key()
    {
        const string Sql = "update accounts.session set proved_at = now() - interval '16 minutes' where user_id = (select owner_id from chat.private_key where public_key = @Key)";
        await chat.Host.Db.ExecuteAsync(Sql, new { Key = talk.Reader.PublicKey }, default);
        // Sessions are remembered for a moment.
        await Eventually.PassAsync(async () =>
        {
            using var refused = await person.PutAsJsonAsync($"{PrivateTalk.Base}/key", talk.Reader.Wrap("x", "y"));
            refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString().ShouldBe("accounts.proof_needed");
        });
        using var kept = await person.DeleteAsync(new Uri($"{PrivateTalk.Base}/key", UriKind.Relative));
        kept.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }
}
