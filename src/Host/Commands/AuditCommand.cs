using System.CommandLine;
using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Postgres;

namespace JeanTrail.Host.Commands;

/// <summary><c>jeantrail audit verify</c>: whether the record of who did what is whole.</summary>
internal static class AuditCommand
{
    public static Command Command()
    {
        var data = SharedOptions.Data();
        data.Recursive = true;
        var anchors = new Option<FileInfo?>("--anchors") { Description = "Compare with this file, such as a copy that was kept elsewhere, in place of the configured one." };
        var verify = new Command("verify", "Walk the chain and compare it with what was written down outside of the database; ends with 1 when they part.") { anchors };
        verify.SetAction((parsed, cancel) => VerifyAsync(parsed.GetValue(data), parsed.GetValue(anchors), cancel));
        return new Command("audit", "Check the record; stop the server first when its database is embedded.") { data, verify };
    }

    static async Task<int> VerifyAsync(DirectoryInfo? data, FileInfo? anchors, CancellationToken cancel)
    {
        if (anchors is { Exists: false })
        {
            await Console.Error.WriteLineAsync($"There is no file {anchors.FullName}.");
            return 1;
        }

        await using var app = JeanTrailHost.Build(new HostSettings(SharedOptions.DataFolder(data), Endpoint: null));
        try
        {
            await app.Services.GetRequiredService<IDatabaseServer>().StartAsync(cancel);
            var (holds, said) = await app.Services.GetRequiredService<IAuditVerification>().VerifyAsync(anchors?.FullName, cancel);
            foreach (var sentence in said)
                Console.WriteLine(sentence);
            return holds ? 0 : 1;
        }
        catch (Exception failure) when (Serve.Explain(failure, 0) is { } sentence)
        {
            await Console.Error.WriteLineAsync(sentence);
            return 1;
        }
    }
}
