namespace JeanTrail.Kernel.Paging;

/// <summary>One page of a list.</summary>
/// <param name="NextCursor">Ask with it for the next page; null on the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);

public static class Page
{
    /// <summary>Makes a page of the <see cref="PageRequest.Take"/> rows that were selected.</summary>
    public static Page<TItem> From<TRow, TItem>(
        IReadOnlyList<TRow> rows, PageRequest request, Func<TRow, (DateTimeOffset At, Guid Id)> place, Func<TRow, TItem> item)
    {
        var count = Math.Min(rows.Count, request.Limit);
        var items = new TItem[count];
        for (var i = 0; i < count; i++)
            items[i] = item(rows[i]);
        if (rows.Count <= request.Limit)
            return new Page<TItem>(items, null);
        var (at, id) = place(rows[count - 1]);
        return new Page<TItem>(items, new Cursor(at, id).ToString());
    }

    /// <inheritdoc cref="From{TRow, TItem}"/>
    public static Page<T> From<T>(IReadOnlyList<T> rows, PageRequest request, Func<T, (DateTimeOffset At, Guid Id)> place)
        => From(rows, request, place, row => row);

    /// <summary>A list that is short by nature and always whole.</summary>
    public static Page<T> Whole<T>(IReadOnlyList<T> items) => new(items, null);
}
