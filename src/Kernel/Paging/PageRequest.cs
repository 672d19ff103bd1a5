using System.Globalization;
using System.Reflection;
using JeanTrail.Kernel.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace JeanTrail.Kernel.Paging;

/// <summary>
/// Which page of a list is asked for: <c>?cursor=&amp;limit=</c>. Bound by minimal APIs; a cursor that is not ours or a limit out of
/// 1 to 200 answers 400.
/// </summary>
/// <remarks>
/// Lists are paged by <c>(timestamp, id)</c>. Newest first reads
/// <c>where @At::timestamptz is null or (created_at, id) &lt; (@At, @Id) order by created_at desc, id desc limit @Take</c>,
/// and <see cref="Page"/> makes the page of the rows.
/// </remarks>
public sealed record PageRequest(Cursor? Cursor, int Limit) : IEndpointParameterMetadataProvider
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 200;

    /// <summary>The timestamp of the last row of the page before, or null on the first page.</summary>
    public DateTimeOffset? At => Cursor?.At;

    /// <summary>The id of the last row of the page before, or null on the first page.</summary>
    public Guid? Id => Cursor?.Id;

    /// <summary>How many rows to select: one more than the page holds tells whether there is a next one.</summary>
    public int Take => Limit + 1;

    public static ValueTask<PageRequest?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var query = context.Request.Query;
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        Cursor? cursor = null;
        if (query["cursor"] is [{ Length: > 0 } text] && !Paging.Cursor.TryParse(text, out cursor))
            errors["cursor"] = ["This cursor did not come from here. Start again without one."];
        var limit = DefaultLimit;
        if (query["limit"] is [{ Length: > 0 } number]
            && (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxLimit))
            errors["limit"] = [$"The limit is a number from 1 to {MaxLimit}."];
        if (query["cursor"].Count > 1 || query["limit"].Count > 1)
            errors["cursor"] = ["Give one cursor and one limit."];
        return errors.Count == 0
            ? ValueTask.FromResult<PageRequest?>(new PageRequest(cursor, limit))
            : throw new ErrorException(KernelErrors.Validation(errors));
    }

    static void IEndpointParameterMetadataProvider.PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
        => builder.Metadata.Add(PagedMetadata.Instance);
}

/// <summary>Marks an endpoint that takes a <see cref="PageRequest"/>, for the API document.</summary>
internal sealed class PagedMetadata
{
    internal static readonly PagedMetadata Instance = new();
}
