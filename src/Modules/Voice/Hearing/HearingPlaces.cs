using JeanTrail.Kernel.Identity;

namespace JeanTrail.Voice.Hearing;

/// <summary>What a person may have several of at the same time.</summary>
internal enum Hearing
{
    /// <summary>Something that is being written down.</summary>
    Dictation,

    /// <summary>A page that waits for Jean's name.</summary>
    Wake,
}

/// <summary>Counts what of each person is being heard, so that one cannot take all places.</summary>
internal sealed class HearingPlaces
{
    readonly Dictionary<(UserId, Hearing), int> running = [];
    readonly Lock gate = new();

    /// <summary>Dispose it at the end. Null when there are as many as there may be.</summary>
    internal IDisposable? TryTake(UserId user, Hearing hearing, int most)
    {
        lock (gate)
        {
            var now = running.GetValueOrDefault((user, hearing));
            if (now >= most)
                return null;
            running[(user, hearing)] = now + 1;
            return new Place(this, (user, hearing));
        }
    }

    void Leave((UserId, Hearing) whose)
    {
        lock (gate)
        {
            if (--running[whose] == 0)
                running.Remove(whose);
        }
    }

    sealed class Place(HearingPlaces all, (UserId, Hearing) whose) : IDisposable
    {
        public void Dispose() => all.Leave(whose);
    }
}
