using System.Diagnostics;

namespace JeanTrail.Testing;

/// <summary>Waits for an effect that happens on another thread, with a deadline and never longer than needed.</summary>
public static class Eventually
{
    /// <summary>Long, because a busy machine is no failure; a passing test never waits for it.</summary>
    public static readonly TimeSpan DefaultDeadline = TimeSpan.FromSeconds(30);

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    public static Task BeTrueAsync(Func<bool> condition, string? because = null, TimeSpan? deadline = null)
        => BeTrueAsync(() => Task.FromResult(condition()), because, deadline);

    public static async Task BeTrueAsync(Func<Task<bool>> condition, string? because = null, TimeSpan? deadline = null)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > (deadline ?? DefaultDeadline))
                throw new TimeoutException($"Still not so after {watch.Elapsed.TotalSeconds:0} s: {because ?? "the condition"}.");
            await Task.Delay(Pause);
        }
    }

    /// <summary>Repeats assertions until they pass; at the deadline the last failure is thrown.</summary>
    public static async Task PassAsync(Func<Task> assertions, TimeSpan? deadline = null)
    {
        for (var watch = Stopwatch.StartNew(); ;)
        {
            try
            {
                await assertions();
                return;
            }
            catch (Exception) when (watch.Elapsed < (deadline ?? DefaultDeadline))
            {
                await Task.Delay(Pause);
            }
        }
    }
}
