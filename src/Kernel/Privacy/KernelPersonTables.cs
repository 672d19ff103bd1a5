namespace JeanTrail.Kernel.Privacy;

/// <summary>The Kernel's own lines of the data map.</summary>
internal static class KernelPersonTables
{
    const string JobsSql = "delete from kernel.job where owner_id = @User and state <> 'running'";
    const string IdempotencySql = "delete from kernel.idempotency where user_id = @User";
    const string PlacesSql = "delete from kernel.place_person where user_id = @User";
    const string LettersSql = "delete from kernel.mail where lower(recipient) = lower(@Email::text)";

    internal static readonly PersonTable[] All =
    [
        new("kernel.job", JobsSql),
        new("kernel.idempotency", IdempotencySql),
        new("kernel.place_person", PlacesSql),
        new("kernel.mail", LettersSql),
        new("kernel.data_key", Kept: "Removed last and on its own: what is sealed with it opens nowhere any more, in no backup either that has no copy of it."),
        new("kernel.audit", Kept: "The record of who did what holds ids, never names or addresses of people."),
    ];
}
