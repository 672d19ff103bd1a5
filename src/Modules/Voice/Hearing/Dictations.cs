using JeanTrail.Kernel.Identity;
using Microsoft.Extensions.Options;

namespace JeanTrail.Voice.Hearing;

/// <summary>Counts the dictations of each person that are being written down, so that one cannot take all places at the recognisers.</summary>
internal sealed class Dictations(IOptions<VoiceOptions> options)
{
    readonly Dictionary<UserId, int> running = [];
    readonly Lock gate = new();

    /// <summary>Dispose it at the end. Null when there are too many.</summary>
    internal IDisposable? TryBegin(UserId user)
    {
        lock (gate)
        {
            var now = running.GetValueOrDefault(user);
            if (now >= options.Value.DictationsAtOnce)
                return null;
            running[user] = now + 1;
            return new Place(this, user);
        }
    }

    void End(UserId user)
    {
        lock (gate)
        {
            if (--running[user] == 0)
                running.Remove(user);
        }
    }

    sealed class Place(Dictations all, UserId user) : IDisposable
    {
        public void Dispose() => all.End(user);
    }
}
