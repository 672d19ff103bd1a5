using System.Security.Cryptography;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Paging;
using JeanTrail.Kernel.Secrets;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace JeanTrail.Kernel.Mail;

/// <summary>The owner's outbox: what went out, what did not and why; without a mail server also the texts, to be handed over otherwise.</summary>
internal static class ListLetters
{
    /// <param name="State"><c>waiting sent given-up</c>.</param>
    /// <param name="Body">The text while it waits and no mail server is set; otherwise null, since its links are for the recipient alone.</param>
    /// <param name="LastError">What the mail server said last.</param>
    public sealed record Item(
        Guid Id, string Kind, string Recipient, string Subject, string? Body, string State, DateTimeOffset CreatedAt, DateTimeOffset? SentAt, int Attempts, string? LastError);

    /// <param name="HasServer">Whether letters leave by themselves.</param>
    public sealed record Response(bool HasServer, IReadOnlyList<Item> Items, string? NextCursor);

    const string Sql = """
        select mail_id, kind, recipient, subject, body, created_at, sent_at, attempts, next_at, last_error
        from kernel.mail
        where @At::timestamptz is null or (created_at, mail_id) < (@At, @Id)
        order by created_at desc, mail_id desc
        limit @Take
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/outbox", Handle)
            .WithName("Mail_ListLetters")
            .WithSummary("Lists the letters of this server, newest first.")
            .WithExample(response: new Response(
                HasServer: false,
                [
                    new(new Guid("019cebae-2c05-7d52-b1c8-0e7f4a93d2b6"), "accounts.reset", "bruno@example.org", "Choose a new password",
                        "Open this address within 30 minutes: https://jean.example.org/reset#…", "waiting", new(2026, 3, 14, 9, 29, 46, TimeSpan.Zero), null, 0, null),
                ],
                null))
            .RequireAuthorization(Policies.Owner)
            .RequireRecentProof();

    static async Task<Ok<Response>> Handle(PageRequest page, Db db, ISecretProtector secrets, IOptions<MailOptions> options, CancellationToken cancel)
    {
        var rows = await db.QueryAsync<Row>(Sql, new { page.At, page.Id, page.Take }, cancel);
        var found = Page.From(rows, page, row => (row.CreatedAt, row.MailId));
        var items = new List<Item>(found.Items.Count);
        foreach (var row in found.Items)
        {
            var body = options.Value.HasServer || row.Body is null ? null : await OpenAsync(row, secrets, cancel);
            var state = row.SentAt is not null ? "sent" : row.NextAt is null ? "given-up" : "waiting";
            items.Add(new Item(row.MailId, row.Kind, row.Recipient, row.Subject, body, state, row.CreatedAt, row.SentAt, row.Attempts, row.LastError));
        }

        return TypedResults.Ok(new Response(options.Value.HasServer, items, found.NextCursor));
    }

    /// <summary>Null when its key is gone: one letter must not close the whole list.</summary>
    static async Task<string?> OpenAsync(Row row, ISecretProtector secrets, CancellationToken cancel)
    {
        try
        {
            return await secrets.UnprotectAsync(PostBox.Place(row.MailId), row.Body!, cancel);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    sealed record Row(
        Guid MailId, string Kind, string Recipient, string Subject, byte[]? Body, DateTimeOffset CreatedAt, DateTimeOffset? SentAt, int Attempts, DateTimeOffset? NextAt, string? LastError);
}
