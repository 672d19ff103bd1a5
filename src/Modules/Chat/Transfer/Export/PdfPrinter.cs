using System.Diagnostics;
using JeanTrail.Kernel.Errors;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JeanTrail.Chat.Transfer.Export;

/// <summary>Prints a page of our making to PDF with a headless Chromium that reaches no network; the page's own policy allows no script. One at a time on a node.</summary>
internal sealed partial class PdfPrinter(IOptions<ChatOptions> options, ILogger<PdfPrinter> logger) : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    readonly SemaphoreSlim turn = new(1, 1);

    public bool IsAvailable => FindProgram() is not null;

    /// <summary>The PDF; closing it removes it.</summary>
    /// <param name="writePage">Writes the HTML.</param>
    public async Task<Result<Stream>> PrintAsync(Func<Stream, Task> writePage, CancellationToken cancel)
    {
        if (FindProgram() is not { } program)
            return ChatErrors.PdfUnavailable;
        await turn.WaitAsync(cancel);
        var folder = Directory.CreateTempSubdirectory("jeantrail-pdf-");
        try
        {
            var (page, pdf) = (Path.Combine(folder.FullName, "page.html"), Path.Combine(folder.FullName, "page.pdf"));
            await using (var file = new FileStream(page, FileMode.CreateNew, FileAccess.Write, FileShare.None, 64 * 1024, useAsync: true))
                await writePage(file);
            if (!await RunAsync(program, folder.FullName, page, pdf, cancel))
                return ChatErrors.PdfFailed;
            // Held open, it outlives its folder where names and files are two things; elsewhere it goes when it is closed.
            var kept = Path.Combine(Path.GetTempPath(), $"jeantrail-{Path.GetRandomFileName()}.pdf");
            File.Move(pdf, kept);
            return new FileStream(kept, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 64 * 1024, FileOptions.Asynchronous | FileOptions.DeleteOnClose);
        }
        finally
        {
            turn.Release();
            folder.Delete(recursive: true);
        }
    }

    public void Dispose() => turn.Dispose();

    async Task<bool> RunAsync(string program, string folder, string page, string pdf, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        var start = new ProcessStartInfo(program,
        [
            "--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND", $"--user-data-dir={Path.Combine(folder, "profile")}",
            "--no-pdf-header-footer", $"--print-to-pdf={pdf}",
            // Chromium refuses its own sandbox to root; the page has no scripts and no network to make up for it.
            .. Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows() ? new[] { "--no-sandbox" } : [],
            new Uri(page).AbsoluteUri,
        ])
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        var path = Environment.GetEnvironmentVariable("PATH");
        start.Environment.Clear();
        start.Environment["PATH"] = path;
        start.Environment["HOME"] = folder;
        using var process = Process.Start(start);
        if (process is null)
            return false;
        try
        {
            var said = process.StandardError.ReadToEndAsync(limit.Token);
            await process.StandardOutput.ReadToEndAsync(limit.Token);
            await said;
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            LogSlow(logger, (int)Patience.TotalSeconds);
            return false;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }

        if (process.ExitCode == 0 && File.Exists(pdf))
            return true;
        LogFailed(logger, process.ExitCode);
        return false;
    }

    string? FindProgram()
    {
        if (options.Value.ChromiumPath is { } configured)
            return File.Exists(configured) ? configured : null;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return (from folder in folders from name in Names select Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Chromium did not print a page within {Seconds} s")]
    static partial void LogSlow(ILogger logger, int seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Chromium ended with code {ExitCode} and printed nothing")]
    static partial void LogFailed(ILogger logger, int exitCode);
}
