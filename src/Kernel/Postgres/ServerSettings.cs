using System.Globalization;

namespace JeanTrail.Kernel.Postgres;

/// <summary>The settings of the private server: a small footprint, full durability, and no personal data in its log.</summary>
internal static class ServerSettings
{
    const long Megabyte = 1 << 20;

    /// <param name="machineBytes">The memory there is, or that a container may have.</param>
    internal static Dictionary<string, string> For(int major, int maxConnections, long machineBytes)
    {
        // Taken page by page as the data grows: a small database stays small, and the index of a million messages is read from memory.
        var buffers = Math.Clamp(machineBytes / 8 / Megabyte, 32, 2048);
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["max_connections"] = maxConnections.ToString(CultureInfo.InvariantCulture),
            ["shared_buffers"] = Megabytes(buffers),
            ["effective_cache_size"] = Megabytes(Math.Max(buffers * 2, 256)),
            ["maintenance_work_mem"] = "32MB",
            ["huge_pages"] = "off",
            ["jit"] = "off",
            ["max_worker_processes"] = "4",
            ["max_parallel_workers_per_gather"] = "1",
            ["autovacuum_max_workers"] = "2",
            ["max_logical_replication_workers"] = "0",
            ["wal_level"] = "replica",
            ["max_wal_size"] = "256MB",
            ["min_wal_size"] = "32MB",
            ["checkpoint_completion_target"] = "0.9",
            ["timezone"] = "UTC",
            ["log_timezone"] = "UTC",
            ["lc_messages"] = "C",
            ["password_encryption"] = "scram-sha-256",
            ["idle_in_transaction_session_timeout"] = "5min",
            // Terse and without statements: details and statements carry what people wrote.
            ["log_min_messages"] = "warning",
            ["log_error_verbosity"] = "terse",
            ["log_min_error_statement"] = "panic",
            ["log_checkpoints"] = "off",
            ["log_line_prefix"] = "",
            ["logging_collector"] = "off",
            ["log_destination"] = "stderr",
        };
        // The default starts three processes more, for storage that answers slower than a local disk.
        if (major >= 18)
            settings["io_method"] = "sync";
        return settings;
    }

    static string Megabytes(long count) => string.Create(CultureInfo.InvariantCulture, $"{count}MB");
}
