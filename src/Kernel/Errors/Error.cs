namespace JeanTrail.Kernel.Errors;

/// <summary>
/// An expected failure. <paramref name="Code"/> (<c>chat.turn_already_running</c>) is declared once per module and never changes
/// meaning; <paramref name="Detail"/> is a sentence for a person and holds nothing secret.
/// </summary>
/// <param name="Status">The HTTP status it becomes.</param>
/// <param name="Extensions">Further members of the ProblemDetails, or null.</param>
public sealed record Error(string Code, int Status, string Detail, IReadOnlyDictionary<string, object?>? Extensions = null)
{
    /// <summary>The same error with one more ProblemDetails member.</summary>
    public Error With(string name, object? value)
        => this with { Extensions = new Dictionary<string, object?>(Extensions ?? new Dictionary<string, object?>(StringComparer.Ordinal), StringComparer.Ordinal) { [name] = value } };
}

/// <summary>Either a value or an expected <see cref="Errors.Error"/>. Bugs throw instead.</summary>
public readonly struct Result<T>
{
    readonly T? value;

    internal Result(T? value, Error? error)
    {
        this.value = value;
        Error = error;
    }

    /// <summary>Null on success.</summary>
    public Error? Error { get; }

    public bool Succeeded => Error is null;

    /// <summary>The value; throws when there is none, which is a bug in the caller.</summary>
    public T Value => Error is null ? value! : throw new InvalidOperationException($"No value: {Error.Code}.");

    public bool TryGet(out T result, out Error error)
    {
        result = value!;
        error = Error!;
        return Error is null;
    }

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Error error) => new(default, error);
}

public static class Result
{
    /// <summary>A success. Needed where the value is known by an interface, from which the language allows no conversion of one's own.</summary>
    public static Result<T> Of<T>(T value) => new(value, null);
}
