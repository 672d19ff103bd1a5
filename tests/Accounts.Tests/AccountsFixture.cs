using JeanTrail.Kernel.Data;
using JeanTrail.Testing;

namespace JeanTrail.Accounts.Tests;

/// <summary>The database of a test class, and the data folder of the nodes on it.</summary>
public class AccountsDatabase() : DatabaseFixture(new MigrationSource("accounts", typeof(AccountsModule).Assembly))
{
    const string EmptySql = "truncate accounts.user, accounts.owner_setup, accounts.sign_in_attempt cascade";

    public string Folder { get; } = Directory.CreateTempSubdirectory("jt-accounts-").FullName;

    public Task EmptyAsync() => Db.ExecuteAsync(EmptySql, null, CancellationToken.None);

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }
}

/// <summary>A node before its first start was finished. Each test begins with nobody there.</summary>
public sealed class NewServer : AccountsDatabase
{
    AccountsApp? app;

    /// <summary>The node is started anew when it has had an owner, which it never forgets.</summary>
    public async Task<AccountsApp> BeginAsync()
    {
        var hadOwner = await Db.FindAsync<bool>("select exists (select from accounts.user)", null, CancellationToken.None);
        await EmptyAsync();
        if (hadOwner && app is not null)
        {
            await app.DisposeAsync();
            app = null;
        }

        return app ??= await AccountsApp.StartAsync(this, new FakeClock(), new NodeLink());
    }

    public override async Task DisposeAsync()
    {
        if (app is not null)
            await app.DisposeAsync();
        await base.DisposeAsync();
    }
}

/// <summary>A node that has an owner. Each test begins with the owner signed in, in one browser, and nobody else.</summary>
public sealed class OwnedServer : AccountsDatabase
{
    AccountsApp? app;
    string? passwordHash;

    /// <summary>The last entry on the record before the test.</summary>
    public long AuditBefore { get; private set; }

    public async Task<(AccountsApp App, Browser Owner)> BeginAsync()
    {
        if (app is null)
        {
            app = await AccountsApp.StartAsync(this, new FakeClock(), new NodeLink());
            using var first = await app.NewOwnerAsync();
            passwordHash = await Db.FindAsync<string>("select password_hash from accounts.user", null, CancellationToken.None);
        }

        const string ResetSql = """
            delete from accounts.user where role <> 'owner';
            delete from accounts.session;
            delete from accounts.api_key;
            delete from accounts.deletion;
            delete from accounts.erased;
            delete from accounts.totp;
            delete from accounts.sign_in_ticket;
            delete from accounts.sign_in_attempt;
            delete from accounts.proof;
            delete from accounts.setting;
            delete from accounts.passkey;
            delete from accounts.ceremony;
            delete from accounts.identity_provider;
            delete from accounts.team;
            delete from accounts.quota_use;
            update accounts.plan_quota set amount = null;
            delete from kernel.mail;
            update accounts.user set password_hash = @Hash, disabled_at = null, email = 'ada@example.org', email_key = 'ada@example.org';
            update accounts.preference set locale = 'en', theme = 'system', density = 'comfortable', time_zone = null;
            """;
        await Db.ExecuteAsync(ResetSql, new { Hash = passwordHash }, CancellationToken.None);
        AuditBefore = await Db.FindAsync<long>("select position from kernel.audit_head", null, CancellationToken.None);
        app.Logs.Clear();
        app.Closed.Clear();
        app.Books.Calls.Clear();
        var owner = app.NewBrowser();
        (await owner.SignInAsync()).Status.ShouldBe(System.Net.HttpStatusCode.OK);
        return (app, owner);
    }

    public override async Task DisposeAsync()
    {
        if (app is not null)
            await app.DisposeAsync();
        await base.DisposeAsync();
    }
}
