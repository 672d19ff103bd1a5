using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace JeanTrail.Kernel.Telemetry;

internal sealed class LineConsoleOptions : ConsoleFormatterOptions
{
    /// <summary>Colours the level; by default when the output is a terminal and <c>NO_COLOR</c> is not set.</summary>
    public bool Colour { get; set; } = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null or "";
}

/// <summary>Console lines for the person who started the server: <c>12:34:56 info  Gateway  Connected…</c>, scrubbed as the files are.</summary>
internal sealed class LineConsoleFormatter(IOptionsMonitor<LineConsoleOptions> options, TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    internal const string FormatterName = "jeantrail";
    const int LongestText = 8000;

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        var (level, colour) = logEntry.LogLevel switch
        {
            LogLevel.Trace => ("trace", "\e[90m"),
            LogLevel.Debug => ("debug", "\e[90m"),
            LogLevel.Information => ("info ", "\e[32m"),
            LogLevel.Warning => ("warn ", "\e[33m"),
            _ => ("error", "\e[31m"),
        };
        textWriter.Write(clock.GetLocalNow().ToString("HH:mm:ss ", CultureInfo.InvariantCulture));
        textWriter.Write(options.CurrentValue.Colour ? $"{colour}{level}\e[0m " : level + " ");
        textWriter.Write(Area(logEntry.Category));
        textWriter.Write(": ");
        // One event is one line: a line break in somebody's input must not look like an event of its own.
        textWriter.WriteLine(LogScrubber.Scrub(message, LongestText).ReplaceLineEndings(" "));
        if (logEntry.Exception is { } failure)
            textWriter.WriteLine(LogScrubber.Scrub(failure.ToString(), LongestText));
    }

    /// <summary><c>JeanTrail.Gateway.Providers.Check</c> is <c>Gateway</c>.</summary>
    static string Area(string category)
    {
        var parts = category.Split('.');
        return parts is ["JeanTrail", var area, ..] ? area : parts[^1];
    }
}
