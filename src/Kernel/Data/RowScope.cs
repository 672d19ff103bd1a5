using JeanTrail.Kernel.Identity;

namespace JeanTrail.Kernel.Data;

/// <summary>
/// Whose rows the SQL of this flow of control may reach. Requests of a person run in that person's scope: the database itself then hides
/// everybody else's rows, whatever a statement's <c>where</c> forgot. What serves all (start-up, loops, jobs, what a permission was asked
/// for) runs in the server's, which is where every flow begins.
/// </summary>
public static class RowScope
{
    static readonly AsyncLocal<UserId?> Current = new();

    /// <summary>Null in the server's scope.</summary>
    public static UserId? Person => Current.Value;

    /// <summary>Until disposed, only what belongs to <paramref name="person"/>, and what belongs to nobody.</summary>
    public static IDisposable Of(UserId person) => new Entered(person);

    /// <summary>Until disposed, everything: for what a person sets off and others are part of. Say why where you use it.</summary>
    public static IDisposable Server() => new Entered(null);

    sealed class Entered : IDisposable
    {
        readonly UserId? before = Current.Value;

        internal Entered(UserId? scope) => Current.Value = scope;

        public void Dispose() => Current.Value = before;
    }
}
