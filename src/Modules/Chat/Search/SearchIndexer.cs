using System.Threading.Channels;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Messaging;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Chat.Search;

/// <summary>Keeps the index up with what is said: at once when a turn has ended here, and every few seconds for what came another way.</summary>
internal sealed partial class SearchIndexer(MessageIndex index, TimeProvider clock, ILogger<SearchIndexer> logger) : BackgroundService
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    // Full means that it will look anyway.
    readonly Channel<bool> wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    internal void Wake() => wake.Writer.TryWrite(true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await index.FillAsync(stoppingToken) > 0)
                {
                }

                await WaitAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            // The loop outlives its failures: what it did not get to still waits.
            catch (Exception failure)
            {
                LogFailed(logger, failure);
                await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    async Task WaitAsync(CancellationToken cancel)
    {
        using var over = new CancellationTokenSource(Pause, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancel);
        try
        {
            await wake.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // The pause is over.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Messages could not be indexed for search; they will be tried again")]
    static partial void LogFailed(ILogger logger, Exception failure);
}

/// <summary>Lets what was just said be found at once.</summary>
internal sealed class WakeIndexer(SearchIndexer indexer) : IEventConsumer<TurnCompleted>
{
    public Task HandleAsync(TurnCompleted message, EventContext context, Tx transaction, CancellationToken cancel)
    {
        indexer.Wake();
        return Task.CompletedTask;
    }
}
