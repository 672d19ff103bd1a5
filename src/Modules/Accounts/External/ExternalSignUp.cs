using JeanTrail.Accounts.Profile;
using JeanTrail.Accounts.SignIn;
using JeanTrail.Accounts.SignUp;
using JeanTrail.Accounts.Users;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace JeanTrail.Accounts.External;

/// <summary>
/// Makes accounts for people whom a provider names and nobody here knows: only where sign-up is open and the provider verified the address.
/// An address that has an account already is not connected to it, for whoever runs a provider can say anything: its person signs in and
/// connects the two.
/// </summary>
internal sealed class ExternalSignUp(Db db, SignUpPolicy policy, Entrance entrance, TimeProvider clock)
{
    const int MaxName = 80;

    const string TakenSql = "select exists (select from accounts.user where email_key = @Key)";

    const string InsertSql = """
        insert into accounts.user (user_id, email, email_key, display_name, role, password_hash, created_at, email_verified_at)
        select @Id, @Email, @EmailKey, @DisplayName, 'free', null, @Now::timestamptz, @Now::timestamptz
        where not exists (
            select from accounts.proof where purpose = 'email-undo' and email_key = @EmailKey and used_at is null and expires_at > @Now)
        """;

    const string LinkSql = """
        insert into accounts.external_identity (provider_id, subject, user_id, label, created_at, last_used_at)
        select provider_id, @Subject, @Id, @Email, @Now, @Now from accounts.identity_provider where provider_id = @Provider and enabled
        """;

    internal async Task<Result<Entry>> MakeAsync(Guid provider, ExternalPerson person, string? locale, HttpContext context, CancellationToken cancel)
    {
        // Before anything is told about the address: whoever has not shown that it is theirs learns nothing.
        if (!person.EmailVerified || EmailAddress.Parse(person.Email) is not { } email)
            return AccountsErrors.ExternalUnverified;
        if (await db.FindAsync<bool>(TakenSql, new { email.Key }, cancel))
            return AccountsErrors.ExternalNotLinked;
        if (await policy.FindAsync(cancel) != SignUpPolicy.Open)
            return AccountsErrors.SignUpClosed;
        var id = Ids.New<UserId>(clock);
        var row = new
        {
            Id = id,
            Email = email.Typed,
            EmailKey = email.Key,
            DisplayName = NameOf(person, email),
            Provider = provider,
            person.Subject,
            Now = clock.GetUtcNow(),
        };
        try
        {
            var entered = await entrance.EnterAsync(
                id,
                async tx =>
                {
                    if (await tx.ExecuteAsync(InsertSql, row, cancel) == 0 || await tx.ExecuteAsync(LinkSql, row, cancel) == 0)
                        return false;
                    await PreferenceStore.SaveAsync(tx, id, new Preferences { Locale = locale }, row.Now, cancel);
                    return true;
                },
                context,
                cancel);
            return entered is null ? AccountsErrors.ExternalRefused : entered;
        }
        catch (PostgresException taken) when (taken is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "user_email_key" or "external_identity_pkey" })
        {
            // Twice at once: the other made it.
            return AccountsErrors.ExternalNotLinked;
        }
    }

    static string NameOf(ExternalPerson person, EmailAddress email)
    {
        var name = string.Concat((person.Name ?? "").Where(c => !char.IsControl(c))).Trim();
        if (name.Length == 0)
            name = email.Typed[..email.Typed.LastIndexOf('@')];
        return name.Length <= MaxName ? name : name[..MaxName].TrimEnd();
    }
}
