using System.Net;
using System.Text.Json;

namespace JeanTrail.Accounts.Tests;

/// <summary>What people find in their mailboxes: the letters of a server without a mail server, as its owner reads them.</summary>
internal sealed class Mailbox(Browser owner)
{
    internal async Task<List<JsonElement>> LettersAsync(string? recipient = null)
    {
        var answer = await owner.GetAsync("../mail/outbox?limit=200");
        if (answer.Code == "accounts.proof_needed" && (await owner.PostAsync("step-up", new { password = AccountsApp.Password })).Status == HttpStatusCode.NoContent)
            answer = await owner.GetAsync("../mail/outbox?limit=200");
        answer.Status.ShouldBe(HttpStatusCode.OK);
        return [.. answer["items"].EnumerateArray().Where(letter => recipient is null || letter.GetProperty("recipient").GetString() == recipient)];
    }

    internal async Task<List<string>> KindsAsync(string recipient)
        => [.. (await LettersAsync(recipient)).Select(letter => letter.GetProperty("kind").GetString()!["accounts.".Length..])];

    /// <summary>The newest letter of the kind.</summary>
    internal async Task<string> ReadAsync(string recipient, string kind)
    {
        var letters = await LettersAsync(recipient);
        var letter = letters.Find(letter => letter.GetProperty("kind").GetString() == $"accounts.{kind}");
        letter.ValueKind.ShouldBe(JsonValueKind.Object, $"a letter {kind} for {recipient}");
        return letter.GetProperty("body").GetString()!;
    }

    internal async Task<Uri> LinkAsync(string recipient, string kind)
    {
        var body = await ReadAsync(recipient, kind);
        return new Uri(body.Split('\n').First(line => line.StartsWith("http", StringComparison.Ordinal)));
    }

    internal async Task<string> TokenAsync(string recipient, string kind) => (await LinkAsync(recipient, kind)).Fragment.TrimStart('#');
}
