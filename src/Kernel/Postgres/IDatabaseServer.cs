namespace JeanTrail.Kernel.Postgres;

/// <summary>
/// The PostgreSQL server behind this process: the private one in the data folder, or the one it was given. The host starts it before
/// anything else and disposes of it after everything else.
/// </summary>
public interface IDatabaseServer : IAsyncDisposable
{
    /// <summary>Whether this process runs the server itself.</summary>
    bool Embedded { get; }

    /// <summary>How to reach it. Holds a password: never log it.</summary>
    /// <exception cref="InvalidOperationException">The server was not started yet.</exception>
    string ConnectionString { get; }

    /// <summary>Returns the connection string once the server accepts connections. A second call returns at once.</summary>
    /// <exception cref="DatabaseStartException">It cannot start; the message tells the operator what to do.</exception>
    Task<string> StartAsync(CancellationToken cancel);
}

/// <summary>The database cannot be started or reached. The message is a sentence for the operator and holds nothing secret.</summary>
public sealed class DatabaseStartException(string message, Exception? inner = null) : Exception(message, inner);
