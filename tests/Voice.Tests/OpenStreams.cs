using System.Collections.Concurrent;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Realtime;

namespace JeanTrail.Voice.Tests;

/// <summary>What is open, ended when a test says so. That the end of a session does is met in the tests of Kernel and of Models.</summary>
internal sealed class OpenStreams : ILiveStreams
{
    readonly ConcurrentDictionary<LiveStream, byte> open = new();

    internal int Count => open.Count;

    public LiveStream Open(Caller caller, CancellationToken cancel)
    {
        var stream = new LiveStream(caller, closed => open.TryRemove(closed, out _), cancel);
        open.TryAdd(stream, 0);
        return stream;
    }

    internal void EndAll()
    {
        foreach (var stream in open.Keys)
            stream.End();
    }
}
