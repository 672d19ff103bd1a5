using System.Net;
using System.Text.Json;
using JeanTrail.Accounts.ApiKeys;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Accounts.Tests;

/// <summary>How personal API keys get new secrets.</summary>
public sealed class ApiKeyRotationTests(OwnedServer server) : ApiKeyTest(server)
{
    [Fact]
    public async Task A_rotated_keys_former_secret_works_through_the_overlap()
    {
        var (id, before) = await NewKeyAsync(Owner, "account.read");

        var after = (await Owner.PostAsync($"api-keys/{id}/rotate", new { overlapHours = 2 }))["secret"].GetString()!;

        using var late = Program(before);
        using var prompt = Program(after);
        (await late.StatusAsync("preferences")).ShouldBe(HttpStatusCode.OK);
        (await prompt.StatusAsync("preferences")).ShouldBe(HttpStatusCode.OK);
        App.Clock.Advance(TimeSpan.FromHours(2));
        (await late.StatusAsync("preferences")).ShouldBe(HttpStatusCode.Unauthorized);
        (await prompt.StatusAsync("preferences")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Without_an_overlap_the_former_secret_ends_at_once()
    {
        var (id, before) = await NewKeyAsync(Owner, "account.read");
        using var program = Program(before);
        (await program.StatusAsync("preferences")).ShouldBe(HttpStatusCode.OK);

        await Owner.PostAsync($"api-keys/{id}/rotate", new { overlapHours = 0 });

        (await program.StatusAsync("preferences")).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task When_a_planned_rotation_is_due_the_program_takes_the_next_secret_with_the_old_one_once()
    {
        var (_, before) = await NewKeyAsync(Owner, Planned);
        using var program = Program(before);
        (await program.PostAsync("api-keys/self/rotate")).Code.ShouldBe("accounts.rotation_not_due");

        App.Clock.Advance(TimeSpan.FromDays(7));
        await RotateAsync();
        (await new Mailbox(await SignInAgainAsync()).ReadAsync("ada@example.org", "api-key-rotation-due")).ShouldContain(before[..13]);
        var taken = await program.PostAsync("api-keys/self/rotate");

        taken.Status.ShouldBe(HttpStatusCode.OK);
        using var renewed = Program(taken["secret"].GetString());
        (await renewed.StatusAsync("preferences")).ShouldBe(HttpStatusCode.OK);
        (await program.StatusAsync("preferences")).ShouldBe(HttpStatusCode.OK);
        (await program.PostAsync("api-keys/self/rotate")).Code.ShouldBe("accounts.rotation_not_due");
        (await renewed.PostAsync("api-keys/self/rotate")).Code.ShouldBe("accounts.rotation_not_due");
        App.Clock.Advance(TimeSpan.FromHours(24));
        (await program.StatusAsync("preferences")).ShouldBe(HttpStatusCode.Unauthorized);
        (await renewed.StatusAsync("preferences")).ShouldBe(HttpStatusCode.OK);

        App.Clock.Advance(TimeSpan.FromDays(6));
        await RotateAsync();
        (await renewed.GetAsync("api-keys/self"))["secretUntil"].ValueKind.ShouldBe(JsonValueKind.String, "it comes due again");
    }

    [Fact]
    public async Task A_secret_that_nobody_took_over_from_ends_with_the_overlap()
    {
        var (id, before) = await NewKeyAsync(Owner, Planned);
        using var program = Program(before);
        App.Clock.Advance(TimeSpan.FromDays(7));
        await RotateAsync();
        App.Clock.Advance(TimeSpan.FromHours(24));

        (await program.PostAsync("api-keys/self/rotate")).Status.ShouldBe(HttpStatusCode.Unauthorized);

        Owner = await SignInAgainAsync();
        using var renewed = Program((await Owner.PostAsync($"api-keys/{id}/rotate", new { overlapHours = 24 }))["secret"].GetString());
        (await renewed.StatusAsync("preferences")).ShouldBe(HttpStatusCode.OK);
        (await program.StatusAsync("preferences")).ShouldBe(HttpStatusCode.Unauthorized, "the overlap had been over");
    }

    [Fact]
    public async Task Of_two_programs_that_take_the_next_secret_at_once_one_gets_it()
    {
        var (_, before) = await NewKeyAsync(Owner, Planned);
        App.Clock.Advance(TimeSpan.FromDays(7));
        await RotateAsync();
        using var one = Program(before);
        using var two = Program(before);

        var answers = await Task.WhenAll(one.PostAsync("api-keys/self/rotate"), two.PostAsync("api-keys/self/rotate"));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(answer => answer.Code == "accounts.rotation_not_due").ShouldBe(1);
    }

    static readonly object Planned = new { name = "Planned", scopes = new[] { "account.read" }, rotateEveryDays = 7, overlapHours = 24 };

    Task RotateAsync() => ActivatorUtilities.CreateInstance<ApiKeyRotation>(App.Services).RunAsync(CancellationToken.None);
}
