using System.CommandLine;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Postgres;

namespace JeanTrail.Host.Commands;

/// <summary><c>jeantrail migrate</c>: bring the database to what this program expects, then end. For installations of several nodes.</summary>
internal static class Migrate
{
    public static Command Command()
    {
        var data = SharedOptions.Data();
        var command = new Command("migrate", "Apply the database migrations and end.") { data };
        command.SetAction(async (parsed, cancel) =>
        {
            await using var app = JeanTrailHost.Build(new HostSettings(SharedOptions.DataFolder(parsed.GetValue(data)), Endpoint: null));
            var server = app.Services.GetRequiredService<IDatabaseServer>();
            try
            {
                await server.StartAsync(cancel);
                Console.WriteLine($"{await app.Services.GetRequiredService<Migrator>().ApplyAsync(cancel)} migrations applied.");
                return 0;
            }
            catch (Exception failure) when (Serve.Explain(failure, 0) is { } sentence)
            {
                await Console.Error.WriteLineAsync(sentence);
                return 1;
            }
        });
        return command;
    }
}
