using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JeanTrail.Chat.Attachments;

/// <summary>
/// Runs a system program over untrusted bytes: what goes in and comes out is piped, it sees no environment of ours, and it has so much time
/// and memory and no more. Native decoders of strangers' files live there, never in the server.
/// </summary>
internal sealed partial class BoundedProgram(IOptions<AttachmentOptions> options, ILogger<BoundedProgram> logger) : IDisposable
{
    /// <summary>Enforces memory and processor time on Linux; without it only the time on the clock is bounded.</summary>
    static readonly string? Limiter = OperatingSystem.IsLinux() ? new[] { "/usr/bin/prlimit", "/bin/prlimit" }.FirstOrDefault(File.Exists) : null;

    /// <summary>Programs may copy their input to a file of their own: pdftotext does.</summary>
    const int Slack = 1_000_000;

    // Two at once: decoding is heavy, and whoever uploads a hundred pictures should not take the machine.
    readonly SemaphoreSlim places = new(2);

    /// <summary>What the program wrote, or null when it is missing, failed, or ran over its limits.</summary>
    public async Task<byte[]?> RunAsync(string program, string[] arguments, Stream input, int maxOutputBytes, TimeSpan timeout, CancellationToken cancel)
    {
        using var output = new MemoryStream();
        return await RunAsync(program, arguments, input, output, maxOutputBytes, timeout, cancel) == ProgramEnd.Done ? output.ToArray() : null;
    }

    /// <summary>Writes what the program writes, as it comes; at most <paramref name="maxOutputBytes"/> of it.</summary>
    public async Task<ProgramEnd> RunAsync(string program, string[] arguments, Stream input, Stream output, long maxOutputBytes, TimeSpan timeout, CancellationToken cancel)
    {
        await places.WaitAsync(cancel);
        try
        {
            return await RunOneAsync(program, arguments, input, output, maxOutputBytes, timeout, cancel);
        }
        finally
        {
            places.Release();
        }
    }

    public void Dispose() => places.Dispose();

    async Task<ProgramEnd> RunOneAsync(string program, string[] arguments, Stream input, Stream output, long maxOutputBytes, TimeSpan timeout, CancellationToken cancel)
    {
        using var process = Start(program, arguments, timeout);
        if (process is null)
            return ProgramEnd.Missing;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(timeout);
        try
        {
            var feeding = FeedAsync(process, input, deadline.Token);
            var complaints = process.StandardError.BaseStream.CopyToAsync(Stream.Null, deadline.Token);
            await CopyAsync(process.StandardOutput.BaseStream, output, maxOutputBytes, deadline.Token);
            await feeding;
            await complaints;
            await process.WaitForExitAsync(deadline.Token);
            if (process.ExitCode == 0)
                return ProgramEnd.Done;
            LogFailed(logger, program, process.ExitCode);
            return ProgramEnd.Failed;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            LogTooLong(logger, program);
            return ProgramEnd.TooLong;
        }
        catch (InvalidDataException)
        {
            LogTooMuch(logger, program);
            return ProgramEnd.TooMuch;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    static async Task CopyAsync(Stream from, Stream to, long maxBytes, CancellationToken cancel)
    {
        var buffer = new byte[64 * 1024];
        int read;
        for (var copied = 0L; (read = await from.ReadAsync(buffer, cancel)) > 0; copied += read)
        {
            if (copied + read > maxBytes)
                throw new InvalidDataException("More came out than is allowed.");
            await to.WriteAsync(buffer.AsMemory(0, read), cancel);
        }
    }

    static async Task FeedAsync(Process process, Stream input, CancellationToken cancel)
    {
        try
        {
            await input.CopyToAsync(process.StandardInput.BaseStream, cancel);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It had seen enough, or ended early: its exit code says which.
        }
    }

    Process? Start(string program, string[] arguments, TimeSpan timeout)
    {
        var seconds = Math.Max(1, (int)timeout.TotalSeconds);
        var start = Limiter is null
            ? new ProcessStartInfo(program, arguments)
            : new ProcessStartInfo(Limiter, [$"--as={options.Value.ProgramMemoryBytes}", $"--cpu={seconds}", $"--fsize={options.Value.MaxBytes + Slack}", "--core=0", "--", program, .. arguments]);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.UseShellExecute = false;
        start.CreateNoWindow = true;
        start.WorkingDirectory = Path.GetTempPath();
        var path = Environment.GetEnvironmentVariable("PATH");
        start.Environment.Clear();
        start.Environment["PATH"] = path;
        // One thread needs less memory; loaders that libvips does not trust with strangers' files stay shut.
        start.Environment["VIPS_CONCURRENCY"] = "1";
        start.Environment["VIPS_BLOCK_UNTRUSTED"] = "1";
        // Pictures stay in the memory it has, and no code is made on the way. Poppler keeps one copy of what it is given.
        start.Environment["VIPS_DISC_THRESHOLD"] = "8g";
        start.Environment["VIPS_NOVECTOR"] = "1";
        try
        {
            return Find(program, path) ? Process.Start(start) : null;
        }
        catch (Win32Exception error)
        {
            LogMissing(logger, error, program);
            return null;
        }
    }

    /// <summary>With the limiter in front, a missing program would look like a failed one.</summary>
    static bool Find(string program, string? path)
        => program.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? File.Exists(program)
            : (path ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? program + ".exe" : program)));

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Program} could not be started")]
    static partial void LogMissing(ILogger logger, Exception exception, string program);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Program} ended with code {ExitCode}; the file stays as it is")]
    static partial void LogFailed(ILogger logger, string program, int exitCode);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Program} took too long and was ended")]
    static partial void LogTooLong(ILogger logger, string program);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Program} wrote more than it may and was ended")]
    static partial void LogTooMuch(ILogger logger, string program);
}

/// <summary>How a program ended.</summary>
internal enum ProgramEnd
{
    Done,
    Missing,
    Failed,

    /// <summary>It took too long.</summary>
    TooLong,

    /// <summary>It wrote too much.</summary>
    TooMuch,
}
