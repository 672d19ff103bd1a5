using JeanTrail.Kernel.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JeanTrail.Kernel.Secrets;

/// <summary>
/// The master keys in memory. Loaded when the host starts, so that a lost key is told then and not in the middle of somebody's work;
/// made on the very first start.
/// </summary>
internal sealed partial class MasterKeyRing(Db db, IOptions<SecretsOptions> options, IOptions<DataFolderOptions> folder, ILogger<MasterKeyRing> logger)
    : IHostedService
{
    const string SealedKeySql = "select master_key_id from kernel.data_key order by created_at limit 1";

    readonly MasterKeyFile file = new(options.Value.MasterKeyFile ?? folder.Value.Combine("keys", "master.key"));
    volatile MasterKey[]? keys;

    /// <summary>The key that new things are sealed with.</summary>
    internal MasterKey Current => All[0];

    /// <summary>Every key that may have sealed something, the current one first.</summary>
    internal IReadOnlyList<MasterKey> All => keys ?? throw new InvalidOperationException("The master key is loaded when the host starts.");

    /// <exception cref="MasterKeyException">It is not in the file any more.</exception>
    internal MasterKey Get(string id)
        => All.FirstOrDefault(key => key.Id == id)
            ?? throw new MasterKeyException($"Secrets in the database are sealed with master key {id}, which {file.Path} does not hold. Restore that file from a backup.");

    /// <summary>Makes a new current key; data keys are sealed with it one by one as they are used.</summary>
    internal void Rotate()
    {
        keys = file.Rotate();
        LogRotated(logger, Current.Id);
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (file.Exists)
        {
            keys = file.Read();
            return;
        }

        // A new key would make everything sealed with the lost one unreadable for good, silently.
        if (await db.FindAsync<string>(SealedKeySql, null, cancellationToken) is { } id)
        {
            throw new MasterKeyException(
                $"The master key file {file.Path} is missing, and the database holds secrets sealed with key {id}. Restore the file from a backup. "
                + "If it is lost for good: empty the table kernel.data_key, start again, and enter the providers' keys anew.");
        }

        keys = file.Create();
        LogCreated(logger, file.Path);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Information, Message = "Made the master key file {Path}; back it up, apart from the database")]
    static partial void LogCreated(ILogger logger, string path);

    [LoggerMessage(Level = LogLevel.Information, Message = "The master key is now {Id}")]
    static partial void LogRotated(ILogger logger, string id);
}
