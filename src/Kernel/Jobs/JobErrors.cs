using JeanTrail.Kernel.Errors;

namespace JeanTrail.Kernel.Jobs;

/// <summary>Why the Kernel itself ends jobs.</summary>
internal static class JobErrors
{
    internal static readonly Error GaveUp = new("kernel.job_gave_up", 500, "The work failed several times and was given up.");
}
