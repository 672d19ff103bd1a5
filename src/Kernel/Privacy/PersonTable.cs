using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Kernel.Privacy;

/// <summary>
/// A line of the data map: what a table holds of a person, and what becomes of it. Each module names its own tables; a test finds a table
/// with a person's id that nobody named.
/// </summary>
/// <param name="Table">With its schema, such as <c>chat.conversation</c>.</param>
/// <param name="Erase">A statement that removes what is <c>@User</c>'s, or at <c>@Email</c> (null for unknown); it may run again. Null where the row goes with the account, or stays.</param>
/// <param name="Export">A query for <c>@User</c>'s rows, one JSON text each, without secrets. Null where there is nothing to give.</param>
/// <param name="Kept">Why rows stay after the person is gone; null where they do not.</param>
public sealed record PersonTable(string Table, string? Erase = null, string? Export = null, string? Kept = null);

public static class PersonTableRegistration
{
    /// <summary>Names the tables of a module. They are erased in this order.</summary>
    public static IServiceCollection AddPersonTables(this IServiceCollection services, params ReadOnlySpan<PersonTable> tables)
    {
        foreach (var table in tables)
            services.AddSingleton(table);
        return services;
    }
}
