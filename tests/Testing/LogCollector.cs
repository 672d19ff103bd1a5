using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Testing;

/// <summary>One line of the log as a test sees it.</summary>
public sealed record CollectedLog(string Category, LogLevel Level, EventId Event, string Message, Exception? Exception, IReadOnlyDictionary<string, object?> Values)
{
    internal string Whole => $"{Level} {Category}: {Message} {string.Join(' ', Values)} {Exception}";
}

/// <summary>Keeps every log line of a host, so that tests can say what must be there and what must never be.</summary>
public sealed class LogCollector : ILoggerProvider
{
    readonly ConcurrentQueue<CollectedLog> entries = new();

    public IReadOnlyCollection<CollectedLog> Entries => entries;

    /// <summary>Everything that was logged, with exceptions: for asserting that a secret is nowhere in it.</summary>
    public string AllText => string.Join('\n', entries.Select(entry => entry.Whole));

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, entries);

    /// <summary>A logger for a class that is constructed by hand.</summary>
    public ILogger<T> CreateLogger<T>() => new Logger<T>(new LoggerFactory([this]));

    public void Clear() => entries.Clear();

    public void Dispose() => entries.Clear();

    sealed class Logger(string category, ConcurrentQueue<CollectedLog> entries) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var values = new Dictionary<string, object?>(StringComparer.Ordinal);
            foreach (var (name, value) in state as IEnumerable<KeyValuePair<string, object?>> ?? [])
                values[name] = value;
            var entry = new CollectedLog(category, logLevel, eventId, formatter(state, exception), exception, values);
            entries.Enqueue(entry);
            if (logLevel >= LogLevel.Information)
                TestLogs.Write(entry.Whole);
        }
    }
}
