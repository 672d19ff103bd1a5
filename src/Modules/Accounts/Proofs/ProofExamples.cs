namespace JeanTrail.Accounts.Proofs;

/// <summary>For the API's description.</summary>
internal static class ProofExamples
{
    internal const string Token = "3q2-7wAAAAC-78r-ur4AAEVYQU1QTEUgVE9LRU4gMDE";
}
