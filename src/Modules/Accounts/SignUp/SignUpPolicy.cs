using JeanTrail.Kernel.Data;

namespace JeanTrail.Accounts.SignUp;

/// <summary>Who may make an account for themselves. Read from the database each time: closing counts at once.</summary>
internal sealed class SignUpPolicy(Db db, TimeProvider clock)
{
    /// <summary>Nobody.</summary>
    internal const string Closed = "closed";

    /// <summary>Those who were invited into a team.</summary>
    internal const string Invited = "invited";

    /// <summary>Everybody.</summary>
    internal const string Open = "open";

    const string FindSql = "select value from accounts.setting where name = 'sign-up'";

    const string SaveSql = """
        insert into accounts.setting (name, value, updated_at) values ('sign-up', @Mode, @Now)
        on conflict (name) do update set value = excluded.value, updated_at = excluded.updated_at
        """;

    internal async Task<string> FindAsync(CancellationToken cancel) => await db.FindAsync<string>(FindSql, null, cancel) ?? Closed;

    internal Task SaveAsync(string mode, CancellationToken cancel) => db.ExecuteAsync(SaveSql, new { Mode = mode, Now = clock.GetUtcNow() }, cancel);
}
