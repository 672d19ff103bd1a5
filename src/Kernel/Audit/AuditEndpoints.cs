using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Paging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Kernel.Audit;

/// <summary><c>GET /api/audit</c> and <c>GET /api/audit/verify</c>: reading the record and checking its chain.</summary>
public static class AuditEndpoints
{
    /// <param name="Name">Null when it is no person, or one who is not here any more.</param>
    public sealed record Party(Guid Id, string? Name);

    /// <param name="Position">Its place in the chain, from 1.</param>
    /// <param name="Act">What was done, such as <c>accounts.user.suspended</c>.</param>
    /// <param name="Actor">Who did it; null when nobody was signed in.</param>
    /// <param name="Person">In whose name, when the actor had opened a session as somebody else.</param>
    /// <param name="Address">Where the request came from.</param>
    /// <param name="Before">Small JSON, or null.</param>
    /// <param name="After">Small JSON, or null.</param>
    /// <param name="Hash">In hexadecimal.</param>
    public sealed record Entry(
        Guid Id, long Position, DateTimeOffset At, string Act, Party? Actor, Party? Person, Guid? SessionId, string Address, IReadOnlyList<Party> Subjects, string? Before, string? After,
        string Hash);

    /// <param name="Checked">How many entries hold.</param>
    /// <param name="FirstBroken">The position of the first entry that was changed, is missing or does not belong; null when all hold.</param>
    /// <param name="AgreesTo">The last entry that was written down outside of the database and is the same; null when none is.</param>
    /// <param name="PartsAt">The first that was written down outside and is another, or is missing: the record was cut or rewritten after <c>agreesTo</c> and up to there.</param>
    public sealed record Verification(long Checked, long? FirstBroken, Anchor? AgreesTo, Anchor? PartsAt);

    /// <param name="Position">Of the entry.</param>
    public sealed record Anchor(long Position, DateTimeOffset WrittenAt);

    const string ListSql = $"""
        select {AuditTrail.Columns} from kernel.audit
        where (@Act::text is null or act = @Act)
          and (@Who::uuid is null or actor_id = @Who or person_id = @Who or subjects @> array[@Who::uuid])
          and (@From::timestamptz is null or at >= @From) and (@To::timestamptz is null or at < @To)
          and (@At::timestamptz is null or (at, audit_id) < (@At, @Id))
        order by at desc, audit_id desc limit @Take
        """;

    static readonly Entry Example = new(
        new Guid("019cebb1-7a02-7c11-a5d0-3f9b2e8c4d10"), 42, new(2026, 3, 14, 9, 33, 7, TimeSpan.Zero), "accounts.user.suspended",
        new Party(new Guid("019cad9c-9140-7a31-8f04-5c2e9b7d6a10"), "Olga"), null, new Guid("019cebae-2c05-7d52-b1c8-0e7f4a93d2b6"), "192.0.2.17",
        [new Party(new Guid("019cadb2-03f5-7e68-b2c1-84a6d0397f5e"), "Bao")], null, """{"suspended":true}""",
        "9f2feb0f1ef425b292f2f94bc8482494df430413f1d2a4f4bce0a2ad7b3a1c55");

    /// <summary>Maps the endpoints below <c>/api/audit</c>.</summary>
    public static RouteGroupBuilder MapAudit(this RouteGroupBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        routes.WithTags("Audit").RequireAuthorization(Permissions.AuditRead);
        routes.MapGet("", ListAsync)
            .WithName("Audit_List")
            .WithSummary("The record of who did what, newest first.")
            .WithExample(response: new Page<Entry>([Example], null));
        routes.MapGet("/verify", VerifyAsync)
            .WithName("Audit_Verify")
            .WithSummary("Walks the chain of the record, names the first entry that does not hold, and compares it with what was written down outside of the database.")
            .WithExample(response: new Verification(42, null, new Anchor(41, Example.At), null));
        return routes;
    }

    /// <param name="act">One act, such as <c>accounts.user.suspended</c>.</param>
    /// <param name="who">A person: what they did, what was done in their name, and what was done to them.</param>
    /// <param name="from">Not before this moment.</param>
    /// <param name="to">Before this moment.</param>
    static async Task<Ok<Page<Entry>>> ListAsync(
        PageRequest page, Db db, IEnumerable<IAuditNames> directories, CancellationToken cancel, string? act = null, Guid? who = null, DateTimeOffset? from = null, DateTimeOffset? to = null)
    {
        var args = new
        {
            Act = string.IsNullOrEmpty(act) ? null : act,
            Who = who,
            From = from,
            To = to,
            page.At,
            page.Id,
            page.Take,
        };
        var rows = await db.QueryAsync<AuditRow>(ListSql, args, cancel);
        var names = await NamesAsync(rows, directories, cancel);
        Party Name(Guid id) => new(id, names.GetValueOrDefault(id));
        return TypedResults.Ok(Page.From(rows, page, row => (row.At, row.AuditId), row => new Entry(
            row.AuditId, row.Position, row.At, row.Act, row.ActorId is { } actor ? Name(actor) : null, row.PersonId is { } person ? Name(person) : null, row.SessionId, row.Address,
            [.. row.Subjects.Select(Name)], row.Before, row.After, Convert.ToHexStringLower(row.Hash))));
    }

    static async Task<Ok<Verification>> VerifyAsync(AuditTrail trail, CancellationToken cancel)
    {
        var verdict = await trail.VerifyAsync(cancel);
        return TypedResults.Ok(new Verification(verdict.Checked, verdict.FirstBroken, View(verdict.AgreesTo), View(verdict.PartsAt)));
    }

    static Anchor? View(AuditAnchor? anchor) => anchor is null ? null : new Anchor(anchor.Position, anchor.WrittenAt);

    static async Task<IReadOnlyDictionary<Guid, string>> NamesAsync(IReadOnlyList<AuditRow> rows, IEnumerable<IAuditNames> directories, CancellationToken cancel)
    {
        HashSet<Guid> ids = [.. rows.SelectMany(row => row.Subjects.Concat(new[] { row.ActorId, row.PersonId }.OfType<Guid>()))];
        var names = new Dictionary<Guid, string>();
        foreach (var directory in directories)
        {
            foreach (var (id, name) in await directory.FindAsync(ids, cancel))
                names[id] = name;
        }

        return names;
    }
}
