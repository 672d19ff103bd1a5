using System.CommandLine;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Postgres;

namespace JeanTrail.Host.Commands;

/// <summary><c>jeantrail user …</c>: what an owner who cannot sign in does at the console.</summary>
internal static class UserCommand
{
    public static Command Command()
    {
        var data = SharedOptions.Data();
        data.Recursive = true;
        var email = new Argument<string>("email");
        var list = new Command("list", "List the people of this server.");
        list.SetAction((parsed, cancel) => WithUsersAsync(parsed.GetValue(data), async users =>
        {
            foreach (var user in await users.ListAsync(cancel))
                Console.WriteLine($"{user.Role,-8} {user.Email,-40} {user.DisplayName}  (since {user.CreatedAt:yyyy-MM-dd}, {user.OpenSessions} sessions)");
            return 0;
        }, cancel));
        var reset = new Command("reset-password", "Set a new random password, print it once and end all sessions.") { email };
        reset.SetAction((parsed, cancel) => WithUsersAsync(parsed.GetValue(data), async users =>
            Print(await users.ResetPasswordAsync(parsed.GetValue(email)!, null, cancel), password => $"New password: {password}"), cancel));
        var revoke = new Command("revoke-sessions", "Sign a person out everywhere.") { email };
        revoke.SetAction((parsed, cancel) => WithUsersAsync(parsed.GetValue(data), async users =>
            Print(await users.RevokeSessionsAsync(parsed.GetValue(email)!, cancel), count => $"{count} sessions ended."), cancel));
        var factor = new Command("remove-second-factor", "Let a person who lost their device and recovery codes in with the password alone.") { email };
        factor.SetAction((parsed, cancel) => WithUsersAsync(parsed.GetValue(data), async users =>
            Print(await users.RemoveSecondFactorAsync(parsed.GetValue(email)!, cancel), wasOn => wasOn ? "Two-factor authentication is off." : "It was off already."), cancel));
        return new Command("user", "Manage people at the console; stop the server first when its database is embedded.") { data, list, reset, revoke, factor };
    }

    static int Print<T>(Result<T> result, Func<T, string> sentence)
    {
        if (result.TryGet(out var value, out var error))
            Console.WriteLine(sentence(value));
        else
            Console.Error.WriteLine(error.Detail);
        return result.Succeeded ? 0 : 1;
    }

    static async Task<int> WithUsersAsync(DirectoryInfo? data, Func<IUserAdministration, Task<int>> work, CancellationToken cancel)
    {
        await using var app = JeanTrailHost.Build(new HostSettings(SharedOptions.DataFolder(data), Endpoint: null));
        try
        {
            await app.Services.GetRequiredService<IDatabaseServer>().StartAsync(cancel);
            return await work(app.Services.GetRequiredService<IUserAdministration>());
        }
        catch (Exception failure) when (Serve.Explain(failure, 0) is { } sentence)
        {
            await Console.Error.WriteLineAsync(sentence);
            return 1;
        }
    }
}
