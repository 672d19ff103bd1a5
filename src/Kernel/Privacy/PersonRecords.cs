using System.IO.Compression;
using System.Text;
using Dapper;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Secrets;

namespace JeanTrail.Kernel.Privacy;

/// <summary>All that the modules hold of a person: to hand it over, and to erase it.</summary>
public interface IPersonRecords
{
    /// <summary>Erases what every module has, and shreds the person's data key. May run again, and finishes what was broken off.</summary>
    /// <param name="email">Their address, for letters that wait; null when it is not known any more.</param>
    Task EraseAsync(UserId user, string? email, CancellationToken cancel);

    /// <summary>Writes a ZIP with one JSON array for each table, row by row: it is never in memory as a whole.</summary>
    Task ExportAsync(UserId user, Stream target, CancellationToken cancel);
}

internal sealed class PersonRecords(Db db, IEnumerable<PersonTable> tables, DataKeys keys) : IPersonRecords
{
    readonly PersonTable[] tables = [.. tables];

    public async Task EraseAsync(UserId user, string? email, CancellationToken cancel)
    {
        foreach (var erase in tables.Select(table => table.Erase).OfType<string>())
            await db.ExecuteAsync(erase, new { User = user, Email = email }, cancel);
        await keys.ShredAsync(user.Value, cancel);
    }

    public async Task ExportAsync(UserId user, Stream target, CancellationToken cancel)
    {
        await using var stream = new AsynchronousTargetStream(target);
        await using (var zip = await ZipArchive.CreateAsync(stream, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8, cancel))
        {
            await using var connection = await db.Source.OpenConnectionAsync(cancel);
            foreach (var table in tables)
            {
                if (table.Export is { } query)
                    await WriteAsync(zip, table.Table, connection.QueryUnbufferedAsync<string>(query, new { User = user }), cancel);
            }
        }

        await stream.FlushAsync(cancel);
    }

    static async Task WriteAsync(ZipArchive zip, string name, IAsyncEnumerable<string> rows, CancellationToken cancel)
    {
        await using var entry = await zip.CreateEntry($"{name}.json").OpenAsync(cancel);
        await using var writer = new StreamWriter(entry, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        var separator = "[\n";
        await foreach (var row in rows.WithCancellation(cancel))
        {
            await writer.WriteAsync(separator);
            await writer.WriteAsync(row);
            separator = ",\n";
        }

        await writer.WriteAsync(separator == "[\n" ? "[]\n" : "\n]\n");
    }
}
