using System.CommandLine;
using System.Diagnostics;
using System.Net.Sockets;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Postgres;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace JeanTrail.Host.Commands;

/// <summary><c>jeantrail serve</c>: start the database, migrate, listen, print the address.</summary>
internal static class Serve
{
    public static Command Command()
    {
        var port = new Option<int>("--port") { Description = "Port to listen on.", DefaultValueFactory = _ => SharedOptions.DefaultPort };
        var host = new Option<string>("--host") { Description = "Address to listen on; 0.0.0.0 for the whole network.", DefaultValueFactory = _ => "127.0.0.1" };
        var data = SharedOptions.Data();
        var open = new Option<bool>("--open") { Description = "Open the browser when ready." };
        var command = new Command("serve", "Start the server.") { port, host, data, open };
        command.SetAction((parsed, cancel) => RunAsync(
            parsed.GetValue(host)!, parsed.GetValue(port), SharedOptions.DataFolder(parsed.GetValue(data)), parsed.GetValue(open), cancel));
        return command;
    }

    static async Task<int> RunAsync(string host, int port, string data, bool open, CancellationToken cancel)
    {
        var app = JeanTrailHost.Build(new HostSettings(data, $"{host}:{port}"));
        try
        {
            var code = await JeanTrailHost.StartAsync(app, cancel);
            Announce(app, data, code, open);
            await app.WaitForShutdownAsync(cancel);
            return 0;
        }
        catch (Exception failure) when (Explain(failure, port) is { } sentence)
        {
            await Console.Error.WriteLineAsync(sentence);
            return 1;
        }
        finally
        {
            await app.DisposeAsync();
        }
    }

    static void Announce(WebApplication app, string data, string? code, bool open)
    {
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()
            .Replace("0.0.0.0", "localhost", StringComparison.Ordinal)
            .Replace("127.0.0.1", "localhost", StringComparison.Ordinal)
            .Replace("[::]", "localhost", StringComparison.Ordinal);
        Console.WriteLine();
        Console.WriteLine($"  JeanTrail is ready:  {address}");
        Console.WriteLine($"  Data:                {data}");
        if (code is not null)
            Console.WriteLine($"  First start. Create the owner's account with this code:  {code}");
        Console.WriteLine("  Stop with Ctrl+C");
        Console.WriteLine();
        if (open)
            OpenBrowser(address);
    }

    static void OpenBrowser(string address)
    {
        var opener = OperatingSystem.IsMacOS() ? "open" : OperatingSystem.IsWindows() ? "explorer" : "xdg-open";
        try
        {
            using var process = Process.Start(new ProcessStartInfo(opener, address) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Console.WriteLine($"  (No browser could be opened here; visit {address})");
        }
    }

    /// <summary>What a person can do about a failed start, or null when it is a bug and the stack trace is wanted.</summary>
    internal static string? Explain(Exception failure, int port) => failure switch
    {
        DatabaseStartException or MigrationException => failure.Message,
        IOException { InnerException: AddressInUseException } or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }
            => $"Port {port} is taken by another program. Choose another with --port, or stop the other program.",
        IOException { InnerException: SocketException { SocketErrorCode: SocketError.AccessDenied } }
            => $"This user may not listen on port {port}. Choose one above 1023 with --port.",
        UnauthorizedAccessException => $"The data folder cannot be written: {failure.Message}",
        Microsoft.Extensions.Options.OptionsValidationException => $"The configuration is not valid: {failure.Message}",
        OperationCanceledException => "Stopped before the start was complete.",
        _ => null,
    };
}
