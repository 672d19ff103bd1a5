using System.Security.Cryptography;
using JeanTrail.Contracts.Models;
using JeanTrail.Kernel.Caching;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Models.Gguf;
using Npgsql;

namespace JeanTrail.Models.Library;

/// <summary>A file that is whole and about to become a model.</summary>
/// <param name="Path">In the folder of models; it is renamed.</param>
/// <param name="Purpose">Null tells it from the file.</param>
internal sealed record Arrival(string Path, string Name, string Source, string Licence, string Sha256, LocalPurpose? Purpose);

/// <summary>The models on disk, from memory: asked for with every call, changed once in a while.</summary>
internal sealed class ModelLibrary(Db db, ICache cache, ModelFolder folder, TimeProvider clock)
{
    const string CacheKey = "models.library";
    const int BufferBytes = 1024 * 1024;

    static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    const string ListSql = $"select {ModelRow.Columns} from models.model order by created_at, model_id";

    const string AddSql = $"""
        insert into models.model (model_id, name, purpose, file, size_bytes, sha256, source, licence, architecture, quantisation, parameters, train_context,
            layers, context_bytes, verified_at, created_at)
        values (@Id, @Name, @Purpose, @File, @SizeBytes, @Sha256, @Source, @Licence, @Architecture, @Quantisation, @Parameters, @TrainContext, @Layers,
            @ContextBytes, @Now, @Now)
        returning {ModelRow.Columns}
        """;

    const string RemoveSql = "delete from models.model where model_id = @Id returning file";
    const string VerifiedSql = "update models.model set damaged = @Damaged, verified_at = @Now where model_id = @Id";
    const string TestedSql = "update models.model set tested = @Tested::jsonb where model_id = @Id";
    const string SettingsSql = "update models.model set settings = @Settings::jsonb where model_id = @Id";

    /// <summary>With the absolute path of each one's file.</summary>
    internal Task<IReadOnlyList<(ModelRow Row, string Path)>> ListAsync(CancellationToken cancel)
        => cache.GetOrAddAsync<IReadOnlyList<(ModelRow, string)>>(CacheKey, Lifetime, ReadAsync, cancel);

    internal async Task<(ModelRow Row, string Path)?> FindAsync(string name, CancellationToken cancel)
        => (await ListAsync(cancel)).FirstOrDefault(model => model.Row.Name == name) is { Row: not null } found ? found : null;

    internal async Task<(ModelRow Row, string Path)?> FindAsync(Guid id, CancellationToken cancel)
        => (await ListAsync(cancel)).FirstOrDefault(model => model.Row.ModelId == id) is { Row: not null } found ? found : null;

    /// <summary>
    /// Makes a model of a file whose content is as promised. It is opened as data only. Errors: <c>models.unreadable</c>, <c>models.name_taken</c>,
    /// <c>models.file_taken</c>; the file is gone then.
    /// </summary>
    internal async Task<Result<ModelRow>> AddAsync(Arrival arrival, CancellationToken cancel)
    {
        try
        {
            var header = GgufReader.Read(arrival.Path);
            var file = $"{arrival.Name}-{arrival.Sha256[..12]}.gguf";
            var row = await db.FindAsync<ModelRow>(AddSql, Columns(arrival, header, file, Ids.New(clock), new FileInfo(arrival.Path).Length, clock.GetUtcNow()), cancel);
            // Between the two a crash leaves a row without its file, which says so and can be pulled again.
            File.Move(arrival.Path, Path.Combine(Path.GetDirectoryName(arrival.Path)!, file), overwrite: true);
            await InvalidateAsync();
            return row!;
        }
        catch (GgufException unreadable)
        {
            File.Delete(arrival.Path);
            return ModelsErrors.Unreadable(unreadable.Message);
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            File.Delete(arrival.Path);
            return taken.ConstraintName == "model_name_taken" ? ModelsErrors.NameTaken : ModelsErrors.FileTaken;
        }
    }

    /// <summary>Forgets the model, then its file. Whoever runs it must have ended it before.</summary>
    internal async Task RemoveAsync(ModelRow row, string path, CancellationToken cancel)
    {
        await db.ExecuteAsync(RemoveSql, new { Id = row.ModelId }, cancel);
        await InvalidateAsync();
        File.Delete(path);
    }

    /// <summary>Reads the whole file again; whether it is what was installed.</summary>
    internal async Task<bool> VerifyAsync(ModelRow row, string path, Action<long, long?>? told, CancellationToken cancel)
    {
        var whole = File.Exists(path) && await HashAsync(path, told, cancel) == row.Sha256;
        await db.ExecuteAsync(VerifiedSql, new { Id = row.ModelId, Damaged = !whole, Now = clock.GetUtcNow() }, cancel);
        await InvalidateAsync();
        return whole;
    }

    internal async Task KeepTestAsync(Guid id, string test, CancellationToken cancel)
    {
        await db.ExecuteAsync(TestedSql, new { Id = id, Tested = test }, cancel);
        await InvalidateAsync();
    }

    internal async Task<bool> KeepSettingsAsync(Guid id, string settings, CancellationToken cancel)
    {
        var found = await db.ExecuteAsync(SettingsSql, new { Id = id, Settings = settings }, cancel) == 1;
        await InvalidateAsync();
        return found;
    }

    internal Task InvalidateAsync() => cache.InvalidateAsync(CacheKey, CancellationToken.None);

    /// <summary>SHA-256 in lower-case hexadecimal.</summary>
    internal static async Task<string> HashAsync(string path, Action<long, long?>? told, CancellationToken cancel)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferBytes];
        long done = 0;
        int read;
        while ((read = await file.ReadAsync(buffer, cancel)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            told?.Invoke(done += read, file.Length);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>What a file is for, from what it says of itself.</summary>
    internal static LocalPurpose PurposeOf(GgufHeader header, string name)
        => header.HasClassifier || header.Pooling == 4 ? LocalPurpose.Rerank
            : header.Pooling is > 0 || name.Contains("embed", StringComparison.OrdinalIgnoreCase) ? LocalPurpose.Embedding
            : LocalPurpose.Chat;

    static object Columns(Arrival arrival, GgufHeader header, string file, Guid id, long size, DateTimeOffset now) => new
    {
        Id = id,
        arrival.Name,
        Purpose = (arrival.Purpose ?? PurposeOf(header, arrival.Name)).ToString().ToLowerInvariant(),
        File = file,
        SizeBytes = size,
        arrival.Sha256,
        arrival.Source,
        arrival.Licence,
        header.Architecture,
        header.Quantisation,
        header.Parameters,
        header.TrainContext,
        header.Layers,
        header.ContextBytes,
        Now = now,
    };

    async Task<IReadOnlyList<(ModelRow Row, string Path)>> ReadAsync(CancellationToken cancel)
    {
        var place = await folder.GetAsync(cancel);
        return [.. (await db.QueryAsync<ModelRow>(ListSql, null, cancel)).Select(row => (row, Path.Combine(place, row.File)))];
    }
}
