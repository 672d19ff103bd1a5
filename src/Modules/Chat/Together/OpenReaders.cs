using System.Collections.Concurrent;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Realtime;
using Microsoft.Extensions.Hosting;

namespace JeanTrail.Chat.Together;

/// <summary>The streams by which people follow answers on this node, so that whoever is let out of a conversation reads no further.</summary>
internal sealed class OpenReaders(IBroadcast broadcast) : IHostedService
{
    public const string Channel = "chat.let-out";

    readonly ConcurrentDictionary<CancellationTokenSource, string> open = new();
    IDisposable? subscription;

    public static string Of(Guid conversation, UserId person) => $"{conversation:N}/{person.Value:N}";

    /// <summary>Cancelled when the person is let out, or when <paramref name="cancel"/> is. Dispose what is returned when the stream has ended.</summary>
    public Reader Add(Guid conversation, UserId person, CancellationToken cancel)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        open[source] = Of(conversation, person);
        return new Reader(this, source);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        subscription = broadcast.Listen(Channel, async (whom, _) =>
        {
            foreach (var (source, key) in open)
            {
                if (key == whom && open.TryRemove(source, out string? _))
                    await source.CancelAsync();
            }
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        subscription?.Dispose();
        return Task.CompletedTask;
    }

    internal sealed class Reader(OpenReaders readers, CancellationTokenSource source) : IDisposable
    {
        public CancellationToken Token => source.Token;

        public void Dispose()
        {
            readers.open.TryRemove(source, out _);
            source.Dispose();
        }
    }
}
