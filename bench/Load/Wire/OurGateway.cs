using System.Diagnostics;
using System.Globalization;

namespace JeanTrail.Bench.Wire;

/// <summary>The built server with its gateway set up as for a company: a key with limits and a budget, prices, usage and traces on.</summary>
internal sealed class OurGateway(Server server, Contender contender) : IAsyncDisposable
{
    internal Contender Contender { get; } = contender;

    /// <param name="pinned">On the second processor, with its database.</param>
    internal static async Task<OurGateway> StartAsync(int upstream, bool pinned = true)
    {
        var server = await Server.StartAsync(pinned ? new() { ["DOTNET_PROCESSOR_COUNT"] = "1" } : []);
        if (pinned && File.Exists("/usr/bin/taskset"))
        {
            foreach (var process in server.Processes())
                (await Task.Run(() => Process.Start(new ProcessStartInfo("/usr/bin/taskset", ["-acp", "1", process.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true, UseShellExecute = false })!)).WaitForExit();
        }

        var model = await server.ConnectAsync(new Uri($"http://127.0.0.1:{upstream}"), "bench");
        var key = await server.PostAsync("/api/gateway/keys", new { name = "Bench", surfaces = new[] { "*" }, models = new[] { "*" } });
        var keyId = key.GetProperty("key").GetProperty("id").GetGuid();
        await server.PostAsync("/api/gateway/limits", new { subjectKind = "key", subject = keyId.ToString(), meter = "requests", window = "month", amount = 1_000_000_000_000, action = "stop" });
        await server.PostAsync("/api/gateway/limits", new { subjectKind = "key", subject = keyId.ToString(), meter = "cost", window = "month", amount = 1_000_000_000_000_000, action = "stop" });
        return new OurGateway(server, new Contender("JeanTrail", server.Port, "/v1/chat/completions", Process.GetProcessById(server.ProcessId), owned: false)
        {
            Key = key.GetProperty("secret").GetString(),
            Model = model,
        });
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
