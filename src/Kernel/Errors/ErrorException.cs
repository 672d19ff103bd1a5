namespace JeanTrail.Kernel.Errors;

/// <summary>An exception that is an expected failure: the mapping answers with its <see cref="Error"/> and logs nothing.</summary>
public interface IErrorException
{
    Error Error { get; }
}

/// <summary>
/// Carries an <see cref="Errors.Error"/> out of a place that cannot return a <see cref="Result{T}"/>: an async iterator, a parameter
/// binder, a callback. Everywhere else return the result.
/// </summary>
public class ErrorException(Error error, Exception? inner = null) : Exception(error.Detail, inner), IErrorException
{
    public Error Error { get; } = error;
}
