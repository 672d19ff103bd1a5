namespace JeanTrail.Kernel.Hosting;

/// <summary>What is kept of an exception in a table: enough to find its log entry, not the whole of it.</summary>
internal static class FailureText
{
    const int Longest = 500;

    internal static string Of(Exception failure)
    {
        // PostgreSQL's text cannot hold NUL.
        var text = $"{failure.GetType().Name}: {failure.Message}".Replace('\0', ' ');
        return text.Length <= Longest ? text : text[..Longest];
    }
}
