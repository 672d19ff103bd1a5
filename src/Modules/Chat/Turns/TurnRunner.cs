using System.Diagnostics;
using JeanTrail.Chat.Context;
using JeanTrail.Chat.Messages;
using JeanTrail.Chat.Private;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JeanTrail.Chat.Turns;

/// <summary>All a runner needs to answer a turn.</summary>
internal sealed record TurnWork(
    TurnEvent Turn, UserId Owner, string Before, string Language, string? TimeZone, bool SkillsFirst)
{
    /// <summary>What was said before, newest first, beginning with what is to be answered.</summary>
    public required IReadOnlyList<BranchLine> Branch { get; init; }

    /// <summary>What the conversation sets.</summary>
    public ContextSetting Setting { get; init; } = ContextSetting.None;

    /// <summary>Parts the answer already has.</summary>
    public IReadOnlyList<MessagePart> PartsBefore { get; init; } = [];

    /// <summary>Of a private conversation: what all that is kept of it is sealed to. Null for the others.</summary>
    public byte[]? SealedTo { get; init; }
}

/// <summary>
/// Runs turns in the background and sees to it that each is closed, however it ends. A turn belongs to the server:
/// it goes on when its reader leaves, and ends when it is complete, stopped, broken upstream, or the node shuts down.
/// </summary>
internal sealed partial class TurnRunner(
    TurnAnswerer answerer,
    SummaryWriter summaries,
    TurnRegistry registry,
    TurnCloser closer,
    IHostApplicationLifetime lifetime,
    IOptions<ChatOptions> options,
    ILogger<TurnRunner> logger) : IHostedService
{
    readonly Lock gate = new();
    readonly HashSet<Task> tasks = [];

    /// <summary>
    /// Begins to answer in the background, while the turn is being stored. What comes of it stays in the buffer until
    /// <see cref="Confirm"/>; without it, <see cref="RunningTurn.Abandon"/> must follow.
    /// </summary>
    public RunningTurn Begin(TurnWork work)
    {
        var buffer = new TurnBuffer(work.Turn, work.Before, work.Language, options.Value.MaxAnswerLength, work.PartsBefore);
        var progress = work.SealedTo is { } key ? new SealedProgress(key, buffer.Resolve(TurnCursor.PastAll)) : null;
        var turn = new RunningTurn(buffer, work.Owner, progress, lifetime.ApplicationStopping);
        // Not on the request's context: the activity and the cancellation of the request must not follow the turn.
        using (ExecutionContext.SuppressFlow())
        {
            var task = Task.Run(() => RunAsync(work, turn));
            lock (gate)
                tasks.Add(task);
            _ = task.ContinueWith(Forget, TaskScheduler.Default);
        }

        return turn;
    }

    /// <summary>The turn is stored: its buffer can be followed when this returns, and will be written down.</summary>
    public void Confirm(RunningTurn turn)
    {
        registry.Add(turn);
        turn.Confirm();
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Waits for the running turns to write down what they have; they were cancelled when the stop began.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Task[] running;
        lock (gate)
            running = [.. tasks];
        await Task.WhenAll(running).WaitAsync(cancellationToken);
    }

    void Forget(Task task)
    {
        lock (gate)
            tasks.Remove(task);
    }

    async Task RunAsync(TurnWork work, RunningTurn turn)
    {
        using var activity = ChatTelemetry.Activities.StartActivity("chat.turn");
        var started = Stopwatch.GetTimestamp();
        var ending = new TurnEnding("failed", null, null, work.Turn.ModelId);
        try
        {
            ending = await answerer.AnswerAsync(work, turn);
        }
        catch (OperationCanceledException) when (turn.Cancelled.IsCancellationRequested)
        {
            ending = turn.StoppedByPerson ? new("stopped", null, null, turn.ModelId) : new("interrupted", ChatErrors.Interrupted.ToMessageError(Blame.Server), null, turn.ModelId);
        }
        catch (ModelCallException failure)
        {
            ending = new("failed", failure.Error.ToMessageError(failure.Blame), null, turn.ModelId);
        }
        // The one place where a bug in answering must not take the text so far with it.
        catch (Exception bug)
        {
            // What an exception says may quote what was said.
            if (work.SealedTo is null)
                LogBug(logger, bug, work.Turn.TurnId.Value);
            else
                LogPrivateBug(logger, work.Turn.TurnId.Value, bug.GetType().Name);
            ending = new("failed", KernelErrors.Unexpected.ToMessageError(Blame.Server), null, turn.ModelId);
        }
        finally
        {
            await turn.Stored.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (turn.Stored.IsCompletedSuccessfully)
            {
                answerer.End(turn);
                await closer.CloseAsync(work, turn.Buffer, ending);
                registry.Remove(turn.Id);
                if (ending.Summary is { } due)
                    summaries.Ask(due);
                ChatTelemetry.TurnEnded(ending.Status, Stopwatch.GetElapsedTime(started));
            }

            turn.Dispose();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Turn {TurnId} ended by a bug")]
    static partial void LogBug(ILogger logger, Exception exception, Guid turnId);

    [LoggerMessage(Level = LogLevel.Error, Message = "The private turn {TurnId} ended by a bug: {Kind}")]
    static partial void LogPrivateBug(ILogger logger, Guid turnId, string kind);
}

/// <param name="ModelId">The model that answered, or was to.</param>
internal sealed record TurnEnding(string Status, MessageError? Error, TurnUsage? Usage, string ModelId)
{
    /// <summary>What has fallen out of the context and should be summed up.</summary>
    public SummaryDue? Summary { get; init; }
}
