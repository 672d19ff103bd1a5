using System.Collections.Concurrent;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Realtime;
using Microsoft.Extensions.Hosting;

namespace JeanTrail.Chat.Together;

/// <summary>
/// The streams by which people follow answers on this node. When somebody may have lost the right to one, it is asked again whether they may: whoever
/// is let out of a conversation reads no further.
/// </summary>
internal sealed class OpenReaders(IBroadcast broadcast, Db db) : IHostedService
{
    const string Channel = "chat.ask-again";

    readonly ConcurrentDictionary<CancellationTokenSource, (Guid Conversation, UserId Person)> open = new();
    IDisposable[] subscriptions = [];

    /// <summary>On all nodes, for everybody who follows an answer of the conversation.</summary>
    public Task AskAgainAsync(Guid conversation, CancellationToken cancel) => broadcast.SendAsync(Channel, conversation.ToString(), cancel);

    /// <summary>On all nodes, for everybody.</summary>
    public Task AskAllAgainAsync(CancellationToken cancel) => broadcast.SendAsync(Channel, "", cancel);

    /// <summary>Cancelled when the person is let out, or when <paramref name="cancel"/> is. Dispose what is returned when the stream has ended.</summary>
    public Reader Add(Guid conversation, UserId person, CancellationToken cancel)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        open[source] = (conversation, person);
        return new Reader(this, source);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        subscriptions =
        [
            broadcast.Listen(Channel, (payload, cancel) =>
            {
                Guid? one = Guid.TryParse(payload, out var id) ? id : null;
                return AskAsync(reader => one is null || reader.Conversation == one, cancel);
            }),
            broadcast.Listen(SharedPlaces.LeftChannel, (payload, cancel) =>
            {
                var person = SharedPlaces.PersonOf(payload);
                return AskAsync(reader => reader.Person == person, cancel);
            }),
        ];
        return Task.CompletedTask;
    }

    async Task AskAsync(Func<(Guid Conversation, UserId Person), bool> which, CancellationToken cancel)
    {
        foreach (var (source, reader) in open)
        {
            if (which(reader) && await ChatAccess.RoleAsync(db, reader.Conversation, reader.Person, cancel) is null && open.TryRemove(source, out _))
                await source.CancelAsync();
        }
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Array.ForEach(subscriptions, one => one.Dispose());
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
