using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Serilog;
using Serilog.Extensions.Logging;

namespace JeanTrail.Kernel.Telemetry;

/// <summary>Two logs: short lines on the console for a person, and JSON in <c>logs/jeantrail-….json</c> of the data folder for machines.</summary>
internal static class KernelLogging
{
    // Defaults, below everything an operator may configure.
    static readonly Dictionary<string, string?> Levels = new(StringComparer.Ordinal)
    {
        ["Logging:LogLevel:Default"] = "Information",
        ["Logging:LogLevel:Microsoft"] = "Warning",
        ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = "Warning",
        ["Logging:LogLevel:System"] = "Warning",
        ["Logging:LogLevel:Npgsql"] = "Warning",
    };

    internal static void AddKernelLogging(this WebApplicationBuilder builder)
    {
        ((IConfigurationBuilder)builder.Configuration).Sources.Insert(0, new MemoryConfigurationSource { InitialData = Levels });
        var folder = builder.Configuration.GetSection("Data").Get<DataFolderOptions>() ?? new DataFolderOptions();
        var options = builder.Configuration.GetSection("Telemetry").Get<TelemetryOptions>() ?? new TelemetryOptions();

        builder.Logging.ClearProviders();
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        builder.Logging.AddConsole(console => console.FormatterName = builder.Configuration["Logging:Console:FormatterName"] ?? LineConsoleFormatter.FormatterName);
        // A start that failed is explained in a sentence by the command line; the stack trace is in the file.
        builder.Logging.AddFilter<ConsoleLoggerProvider>("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        builder.Logging.AddFilter<ConsoleLoggerProvider>("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Logging.AddConsoleFormatter<LineConsoleFormatter, LineConsoleOptions>();
        // Not AddSerilog, which lets every level through to its provider whatever the filters say.
        builder.Services.AddSingleton<ILoggerProvider>(_ => new SerilogLoggerProvider(OpenFiles(folder.Combine("logs", "jeantrail-.json"), options), dispose: true));
    }

    /// <summary>
    /// A file a day, more when one grows too large, the oldest removed. A write that fails is dropped: a full disk must not stop the
    /// server from saying so to its users.
    /// </summary>
    internal static Serilog.Core.Logger OpenFiles(string path, TelemetryOptions options)
        => new LoggerConfiguration()
            .MinimumLevel.Verbose() // Microsoft.Extensions.Logging has filtered already.
            .WriteTo.File(
                new JsonLogFormatter(),
                path,
                fileSizeLimitBytes: options.LogFileBytes,
                rollOnFileSizeLimit: true,
                rollingInterval: RollingInterval.Day,
                retainedFileCountLimit: options.LogFiles)
            .CreateLogger();
}
