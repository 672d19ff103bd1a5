using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace JeanTrail.Testing;

/// <summary>The built server as a person runs it: a process of its own on a data folder, which can be stopped in order or killed.</summary>
public sealed partial class JeanTrailProcess : IAsyncDisposable
{
    static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(90);

    readonly TaskCompletionSource<string> setupCode = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly List<string> console = [];
    readonly Process process;

    JeanTrailProcess(Process process, string data, int port)
    {
        this.process = process;
        Data = data;
        Port = port;
        Address = new Uri($"http://127.0.0.1:{port}");
    }

    public string Data { get; }

    public int Port { get; }

    public Uri Address { get; }

    public int ProcessId => process.Id;

    /// <summary>From the start of the process to the first complete answer for the page.</summary>
    public TimeSpan FirstPage { get; private set; }

    /// <summary>What it printed so far.</summary>
    public string Console
    {
        get
        {
            lock (console)
                return string.Join('\n', console);
        }
    }

    /// <summary>An empty folder that PostgreSQL's unprivileged user can reach, for <see cref="StartAsync"/>.</summary>
    public static string NewDataFolder()
    {
        var folder = Directory.CreateTempSubdirectory("jeantrail-data-").FullName;
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        return folder;
    }

    /// <summary>Starts the server and waits for its first page.</summary>
    /// <param name="port">A free one by default; give the old one to come back at the same address.</param>
    public static async Task<JeanTrailProcess> StartAsync(string data, int? port = null, IReadOnlyDictionary<string, string>? settings = null)
    {
        var chosen = port ?? LoopbackPort.Free();
        var info = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in new[] { Program(), "serve", "--port", chosen.ToString(CultureInfo.InvariantCulture), "--data", data })
            info.ArgumentList.Add(argument);
        foreach (var (name, value) in settings ?? new Dictionary<string, string>(StringComparer.Ordinal))
            info.Environment[name] = value;

        var watch = Stopwatch.StartNew();
        var server = new JeanTrailProcess(Process.Start(info)!, data, chosen);
        server.process.OutputDataReceived += (_, line) => server.Read(line.Data);
        server.process.ErrorDataReceived += (_, line) => server.Read(line.Data);
        server.process.BeginOutputReadLine();
        server.process.BeginErrorReadLine();
        try
        {
            await server.WaitForPageAsync(watch);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        server.FirstPage = watch.Elapsed;
        return server;
    }

    /// <summary>The one-time code that the first start prints.</summary>
    public Task<string> SetupCodeAsync() => setupCode.Task.WaitAsync(StartDeadline);

    /// <summary>Ends it as a power cut would: no handler runs.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Ends it as an operator does, and returns its exit code.</summary>
    public async Task<int> StopAsync()
    {
        if (!process.HasExited)
        {
            using var terminate = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
            await process.WaitForExitAsync().WaitAsync(StartDeadline);
        }

        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        TestLogs.Keep(Data, process.Id);
        process.Dispose();
    }

    async Task WaitForPageAsync(Stopwatch watch)
    {
        // Another program may hold the port and never answer.
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(5) };
        while (!process.HasExited && watch.Elapsed < StartDeadline)
        {
            try
            {
                using var page = await client.GetAsync(new Uri("/", UriKind.Relative));
                await page.Content.ReadAsByteArrayAsync();
                if (page.IsSuccessStatusCode)
                    return;
                throw new InvalidOperationException("The server has no page: build the client first (./jean test does).");
            }
            catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
            {
                await Task.Delay(5);
            }
        }

        // What it said last may still be on its way through the pipe.
        if (process.HasExited)
            await process.WaitForExitAsync();
        throw new InvalidOperationException($"The server did not start:\n{Console}");
    }

    void Read(string? line)
    {
        if (line is null)
            return;
        lock (console)
            console.Add(line);
        TestLogs.Write(line);
        if (CodeLine().Match(line) is { Success: true } match)
            setupCode.TrySetResult(match.Groups["code"].Value);
    }

    /// <summary>The Host's build output stands beside ours in the tree.</summary>
    static string Program()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            foreach (var configuration in new[] { "Release", "Debug" })
            {
                var program = Path.Combine(folder.FullName, "src", "Host", "bin", configuration, "app", "jeantrail.dll");
                if (File.Exists(program))
                    return program;
            }
        }

        throw new FileNotFoundException("The Host was not built.");
    }

    [GeneratedRegex(@"with this code:\s+(?<code>\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CodeLine();
}
