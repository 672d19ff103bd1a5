using System.Diagnostics;
using System.Globalization;
using JeanTrail.Testing.Simulators;

namespace JeanTrail.Bench;

/// <summary>The simulated model server in a process of its own, so that it does not share a garbage collector with the load.</summary>
internal sealed class UpstreamProcess : IAsyncDisposable
{
    public const string Model = "sim-small";

    readonly Process process;

    UpstreamProcess(Process process, Uri address)
    {
        this.process = process;
        Address = address;
    }

    public Uri Address { get; }

    /// <param name="tokens">Words of each answer.</param>
    /// <param name="tokensPerSecond">0 for as fast as it goes.</param>
    public static async Task<UpstreamProcess> StartAsync(int tokens, double tokensPerSecond)
    {
        var info = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardInput = true, UseShellExecute = false };
        foreach (var argument in new[] { typeof(UpstreamProcess).Assembly.Location, "upstream", tokens.ToString(CultureInfo.InvariantCulture), tokensPerSecond.ToString(CultureInfo.InvariantCulture) })
            info.ArgumentList.Add(argument);
        var process = Process.Start(info)!;
        var line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The upstream did not start.");
        return new UpstreamProcess(process, new Uri(line));
    }

    /// <summary>The answer every request gets.</summary>
    public static string Text(int tokens) => string.Join(' ', Enumerable.Range(0, tokens).Select(number => $"word{number}"));

    /// <summary>The process itself: serves until its input closes.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        await using var server = await OpenAiServer.StartAsync();
        server.Reply(Text(int.Parse(args[0], CultureInfo.InvariantCulture)), double.Parse(args[1], CultureInfo.InvariantCulture));
        Console.WriteLine(server.BaseUrl.GetLeftPart(UriPartial.Authority));
        await Console.In.ReadLineAsync();
        return 0;
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
