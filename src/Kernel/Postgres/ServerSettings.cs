namespace JeanTrail.Kernel.Postgres;

/// <summary>The settings of the private server: a small footprint, full durability, and no personal data in its log.</summary>
internal static class ServerSettings
{
    internal static Dictionary<string, string> For(int major, int maxConnections)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["max_connections"] = maxConnections.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["shared_buffers"] = "32MB",
            ["effective_cache_size"] = "256MB",
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
}
