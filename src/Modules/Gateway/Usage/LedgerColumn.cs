using Npgsql;
using NpgsqlTypes;

namespace JeanTrail.Gateway.Usage;

/// <summary>A column of the books: what of a call stands in it.</summary>
internal abstract class LedgerColumn(string name)
{
    internal string Name { get; } = name;

    /// <summary>Its values, one per row, as PostgreSQL takes arrays.</summary>
    internal abstract object ToArray(IReadOnlyList<LedgerRow> rows);

    internal abstract Task WriteAsync(NpgsqlBinaryImporter writer, LedgerRow row, CancellationToken cancel);
}

/// <inheritdoc/>
internal sealed class LedgerColumn<T>(string name, NpgsqlDbType type, Func<LedgerRow, T> value) : LedgerColumn(name)
{
    internal override object ToArray(IReadOnlyList<LedgerRow> rows)
    {
        var values = new T[rows.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = value(rows[i]);
        return values;
    }

    internal override Task WriteAsync(NpgsqlBinaryImporter writer, LedgerRow row, CancellationToken cancel)
        => value(row) is { } present ? writer.WriteAsync(present, type, cancel) : writer.WriteNullAsync(cancel);
}
