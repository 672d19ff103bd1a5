namespace JeanTrail.Contracts.Accounts;

/// <summary>The guard of the first start: whoever reads the server's console may become its owner.</summary>
public interface IOwnerSetup
{
    /// <summary>
    /// Makes a new one-time code and returns it, to be printed on the console; null when there is an owner already.
    /// Codes of earlier starts end. Only a hash is stored.
    /// </summary>
    Task<string?> PrepareAsync(CancellationToken cancel);
}
