using System.Net;
using System.Text.Json;

namespace JeanTrail.Accounts.Tests;

/// <summary>Confirming and changing e-mail addresses, and the owner's outbox.</summary>
public sealed class EmailTests(OwnedServer server) : IClassFixture<OwnedServer>, IAsyncLifetime
{
    const string Old = "bob@example.org";
    const string New = "bob@example.com";

    AccountsApp app = null!;
    Browser owner = null!;
    Browser member = null!;
    Mailbox mailbox = null!;

    public async Task InitializeAsync()
    {
        (app, owner) = await server.BeginAsync();
        member = await app.NewMemberAsync();
        mailbox = new Mailbox(owner);
    }

    public Task DisposeAsync()
    {
        owner.Dispose();
        member.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task The_owner_of_a_new_server_counts_as_verified_and_a_member_confirms_by_letter()
    {
        (await owner.GetAsync("email"))["verifiedAt"].ValueKind.ShouldBe(JsonValueKind.String);
        (await member.GetAsync("email"))["verifiedAt"].ValueKind.ShouldBe(JsonValueKind.Null);
        (await member.PostAsync("email/verification")).Status.ShouldBe(HttpStatusCode.Accepted);
        using var browser = app.NewBrowser();

        var answer = await browser.PostAsync("email/confirm", new { token = await mailbox.TokenAsync(Old, "verify") });

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer["email"].GetString().ShouldBe(Old);
        (await member.GetAsync("email"))["verifiedAt"].ValueKind.ShouldBe(JsonValueKind.String);
    }

    [Fact]
    public async Task A_new_address_counts_once_its_mailbox_confirmed_it()
    {
        (await ChangeAsync()).Status.ShouldBe(HttpStatusCode.Accepted);
        (await member.GetAsync("email"))["changingTo"].GetString().ShouldBe(New);
        (await member.GetAsync("email"))["email"].GetString().ShouldBe(Old);
        (await mailbox.KindsAsync(New)).ShouldBe(["confirm-email"]);
        (await mailbox.KindsAsync(Old)).ShouldBe(["undo-email"]);
        (await mailbox.ReadAsync(Old, "undo-email")).ShouldContain(New);

        (await member.PostAsync("email/confirm", new { token = await mailbox.TokenAsync(New, "confirm-email") })).Status.ShouldBe(HttpStatusCode.OK);

        (await member.GetAsync("email"))["email"].GetString().ShouldBe(New);
        (await member.GetAsync("email"))["changingTo"].ValueKind.ShouldBe(JsonValueKind.Null);
        using var browser = app.NewBrowser();
        (await browser.SignInAsync(Old)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await browser.SignInAsync(New)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_old_mailbox_takes_the_account_back_and_everybody_is_signed_out()
    {
        await ChangeAsync();
        await member.PostAsync("email/confirm", new { token = await mailbox.TokenAsync(New, "confirm-email") });
        app.Clock.Advance(TimeSpan.FromDays(6));
        using var browser = app.NewBrowser();
        var undo = await mailbox.TokenAsync(Old, "undo-email");

        (await browser.PostAsync("email/undo", new { token = undo })).Status.ShouldBe(HttpStatusCode.NoContent);

        (await member.GetAsync("sessions")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await browser.PostAsync("email/undo", new { token = undo })).Code.ShouldBe("accounts.link_invalid");
        var reset = await mailbox.TokenAsync(Old, "email-undone");
        (await browser.PostAsync("password/reset", new { token = reset, password = "seven herons on a quiet lake" })).Status.ShouldBe(HttpStatusCode.NoContent);
        (await browser.SignInAsync(Old, "seven herons on a quiet lake")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Undoing_before_the_new_address_confirmed_ends_the_change()
    {
        await ChangeAsync();
        using var browser = app.NewBrowser();
        var confirm = await mailbox.TokenAsync(New, "confirm-email");

        (await browser.PostAsync("email/undo", new { token = await mailbox.TokenAsync(Old, "undo-email") })).Status.ShouldBe(HttpStatusCode.NoContent);

        (await browser.PostAsync("email/confirm", new { token = confirm })).Code.ShouldBe("accounts.link_invalid");
    }

    [Fact]
    public async Task Changing_twice_does_not_end_the_way_back_to_the_first_address()
    {
        const string Third = "bob@example.net";
        await ChangeAsync();
        await member.PostAsync("email/confirm", new { token = await mailbox.TokenAsync(New, "confirm-email") });
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        await ChangeAsync(Third);
        await member.PostAsync("email/confirm", new { token = await mailbox.TokenAsync(Third, "confirm-email") });
        var thiefs = await mailbox.TokenAsync(New, "undo-email");
        using var browser = app.NewBrowser();

        (await browser.PostAsync("email/undo", new { token = await mailbox.TokenAsync(Old, "undo-email") })).Status.ShouldBe(HttpStatusCode.NoContent);

        (await browser.SignInAsync(Old)).Status.ShouldBe(HttpStatusCode.OK);
        (await browser.PostAsync("email/undo", new { token = thiefs })).Code.ShouldBe("accounts.link_invalid");
    }

    [Fact]
    public async Task The_way_back_ends_after_a_week()
    {
        await ChangeAsync();
        var undo = await mailbox.TokenAsync(Old, "undo-email");
        app.Clock.Advance(TimeSpan.FromDays(7));
        using var browser = app.NewBrowser();

        (await browser.PostAsync("email/undo", new { token = undo })).Code.ShouldBe("accounts.link_invalid");
    }

    [Fact]
    public async Task Links_that_went_to_the_old_mailbox_end_with_the_change()
    {
        using var browser = app.NewBrowser();
        await browser.PostAsync("password/forgot", new { email = Old });
        var reset = await mailbox.TokenAsync(Old, "reset");
        await ChangeAsync();

        await member.PostAsync("email/confirm", new { token = await mailbox.TokenAsync(New, "confirm-email") });

        (await browser.PostAsync("password/reset", new { token = reset, password = "seven herons on a quiet lake" })).Code.ShouldBe("accounts.link_invalid");
    }

    [Fact]
    public async Task An_address_somebody_has_is_answered_like_a_free_one_and_never_taken_over()
    {
        var taken = await ChangeAsync("ada@example.org");

        taken.Status.ShouldBe(HttpStatusCode.Accepted);
        (await mailbox.KindsAsync("ada@example.org")).ShouldBe(["confirm-email-taken"]);
        (await mailbox.ReadAsync("ada@example.org", "confirm-email-taken")).ShouldNotContain("#");
    }

    [Fact]
    public async Task An_address_that_was_given_up_is_kept_for_its_person_while_they_may_take_it_back()
    {
        await owner.PutAsync("settings", new { signUp = "open" });
        await ChangeAsync();
        await member.PostAsync("email/confirm", new { token = await mailbox.TokenAsync(New, "confirm-email") });
        using var browser = app.NewBrowser();

        await browser.PostAsync("sign-up", new { email = Old });

        (await mailbox.KindsAsync(Old)).ShouldBe(["sign-up-taken", "undo-email"], ignoreOrder: true);
    }

    [Fact]
    public async Task Without_the_password_nothing_changes()
    {
        (await member.PostAsync("email/change", new { email = New, password = "a loud river at dawn" })).Code.ShouldBe("accounts.password_wrong");
        (await ChangeAsync("BOB@example.org")).Code.ShouldBe("accounts.email_same");
        (await mailbox.LettersAsync()).ShouldBeEmpty();
        using var stranger = app.NewBrowser();
        (await stranger.PostAsync("email/change", new { email = New, password = AccountsApp.Password })).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_outbox_is_the_owners_alone_and_letters_can_be_removed()
    {
        await member.PostAsync("email/verification");
        using var stranger = app.NewBrowser();
        (await member.GetAsync("../mail/outbox")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await stranger.GetAsync("../mail/outbox")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        var letter = (await mailbox.LettersAsync()).ShouldHaveSingleItem();
        letter.GetProperty("state").GetString().ShouldBe("waiting");
        var id = letter.GetProperty("id").GetGuid();

        (await member.DeleteAsync($"../mail/outbox/{id}")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await owner.DeleteAsync($"../mail/outbox/{id}")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await owner.DeleteAsync($"../mail/outbox/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await mailbox.LettersAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Other_peoples_letters_ask_for_a_recent_proof_to_be_read_and_to_be_removed()
    {
        await member.PostAsync("email/verification");
        var id = (await mailbox.LettersAsync()).ShouldHaveSingleItem().GetProperty("id").GetGuid();
        app.Clock.Advance(TimeSpan.FromHours(1));

        (await owner.GetAsync("../mail/outbox")).Code.ShouldBe("accounts.proof_needed");
        (await owner.DeleteAsync($"../mail/outbox/{id}")).Code.ShouldBe("accounts.proof_needed");
        await owner.PostAsync("step-up", new { password = AccountsApp.Password });
        (await owner.GetAsync("../mail/outbox"))["items"].GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task The_outbox_is_paged_newest_first()
    {
        foreach (var name in new[] { "one", "two", "three" })
        {
            await app.Mail.SendAsync(app.Db, new JeanTrail.Kernel.Mail.Letter("accounts.test", Old, name, name), default);
            app.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var first = await owner.GetAsync("../mail/outbox?limit=2");
        var rest = await owner.GetAsync($"../mail/outbox?limit=2&cursor={first["nextCursor"].GetString()}");

        first["hasServer"].GetBoolean().ShouldBeFalse();
        first["items"].EnumerateArray().Select(letter => letter.GetProperty("subject").GetString()).ShouldBe(["three", "two"]);
        rest["items"].EnumerateArray().Select(letter => letter.GetProperty("subject").GetString()).ShouldBe(["one"]);
        rest["nextCursor"].GetString().ShouldBeNull();
    }

    Task<Answer> ChangeAsync(string to = New) => member.PostAsync("email/change", new { email = to, password = AccountsApp.Password });
}
