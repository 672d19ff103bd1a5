namespace JeanTrail.Gateway.Usage;

/// <summary>The books of all calls: every one is written exactly once, however it ends, with what it used and what that cost.</summary>
internal interface ILedger
{
    /// <summary>From here on the call is known, and written down every second while it runs. Never waits.</summary>
    void Open(CallEntry entry);

    /// <summary>The call is over and <paramref name="entry"/> says how. Never waits and never fails.</summary>
    void Close(CallEntry entry);

    /// <summary>What this reply costs so far at the prices in force when it began, in millionths; 0 where no price is known.</summary>
    long CostMicros(CallEntry entry);

    /// <summary>The most a call may cost: <paramref name="inputTokens"/> in, <paramref name="outputTokens"/> out.</summary>
    /// <param name="modelId"><c>provider/model</c>.</param>
    long EstimateMicros(string modelId, long inputTokens, long outputTokens);
}
