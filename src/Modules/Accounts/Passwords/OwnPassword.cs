using JeanTrail.Accounts.SignIn;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Http;

namespace JeanTrail.Accounts.Passwords;

/// <summary>Has a signed-in person prove once more that it is them, before what a borrowed session must not do.</summary>
internal sealed class OwnPassword(Db db, PasswordVault vault, AttemptThrottle throttle)
{
    const string FindSql = """
        select u.email, u.email_key, u.display_name, u.password_hash, p.locale
        from accounts.user u left join accounts.preference p on p.user_id = u.user_id
        where u.user_id = @User and u.disabled_at is null
        """;

    /// <param name="field">The request's member the password came in.</param>
    internal async Task<Result<Person>> ProveAsync(UserId user, string password, string field, HttpContext context, CancellationToken cancel)
    {
        var what = $"password:{user.Value}";
        if (await throttle.RefuseAsync(what, context, cancel) is { } refused)
            return refused;
        var person = await db.FindAsync<Person>(FindSql, new { User = user }, cancel);
        if (await vault.VerifyAsync(person?.PasswordHash, password, cancel) == PasswordVerdict.Wrong)
            return AccountsErrors.PasswordWrong(field);
        await throttle.ClearAsync(what, context, cancel);
        return person!;
    }

    /// <param name="PasswordHash">As it was verified: guard the change with it.</param>
    internal sealed record Person(string Email, string EmailKey, string DisplayName, string PasswordHash, string? Locale);
}
