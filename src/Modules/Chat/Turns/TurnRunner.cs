using System.Diagnostics;
using JeanTrail.Chat.Messages;
using JeanTrail.Contracts.Agents;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JeanTrail.Chat.Turns;

/// <summary>All a runner needs to answer a turn.</summary>
internal sealed record TurnWork(
    TurnEvent Turn, UserId Owner, string ModelId, string Before, string Language, string? TimeZone, bool SkillsFirst)
{
    /// <summary>What was said before, newest first, beginning with what is to be answered.</summary>
    public required IReadOnlyList<BranchLine> Branch { get; init; }
}

/// <summary>
/// Answers turns: builds the context, asks the gateway and pumps what it says into the turn's buffer. A turn belongs to the server:
/// it goes on when its reader leaves, and ends when it is complete, stopped, broken upstream, or the node shuts down.
/// </summary>
internal sealed partial class TurnRunner(
    IModelGateway gateway,
    TurnContext context,
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
    /// <see cref="Confirm"/>; without it, <see cref="Abandon"/> must follow.
    /// </summary>
    public RunningTurn Begin(TurnWork work)
    {
        var turn = new RunningTurn(work.Turn.TurnId, work.ModelId, new TurnBuffer(work.Turn, work.Before, work.Language, options.Value.MaxAnswerLength), lifetime.ApplicationStopping);
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

    /// <summary>The turn could not be stored: what was begun is thrown away.</summary>
    public static void Abandon(RunningTurn turn) => turn.Abandon();

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
            ending = await AnswerAsync(work, turn);
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
            LogBug(logger, bug, work.Turn.TurnId.Value);
            ending = new("failed", KernelErrors.Unexpected.ToMessageError(Blame.Server), null, turn.ModelId);
        }
        finally
        {
            await turn.Stored.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (turn.Stored.IsCompletedSuccessfully)
            {
                await closer.CloseAsync(work, turn.Buffer, ending);
                registry.Remove(turn.Id);
                ChatTelemetry.TurnEnded(ending.Status, Stopwatch.GetElapsedTime(started));
            }

            turn.Dispose();
        }
    }

    async Task<TurnEnding> AnswerAsync(TurnWork work, RunningTurn turn)
    {
        var cancel = turn.Cancelled;
        var opened = await gateway.OpenAsync(work.Owner, work.ModelId, cancel);
        if (!opened.TryGet(out var model, out var error))
            return new("failed", error.ToMessageError(Blame.Client), null, turn.ModelId);

        using var client = model.Client;
        var messages = context.Build(work, model.BuiltIn);
        turn.ModelId = model.ModelId;
        TurnUsage? usage = null;
        await foreach (var update in client.GetStreamingResponseAsync(messages, TurnContext.OptionsOf(work, turn.Stored), cancel))
        {
            // Not always the one that was asked: a skill may have answered in its stead.
            turn.ModelId = update.ModelId ?? turn.ModelId;
            foreach (var content in update.Contents)
            {
                switch (content)
                {
                    case TextContent { Text.Length: > 0 } text when !turn.Buffer.Append(text.Text):
                        return new("failed", ChatErrors.TooLong.ToMessageError(Blame.Upstream), usage, turn.ModelId);
                    case ClientActionContent action:
                        turn.Buffer.AddExtra(action.Action);
                        break;
                    case CitationContent citation:
                        turn.Buffer.AddExtra(citation.Citation);
                        break;
                    case UsageContent { Details: var details }:
                        usage = new TurnUsage(details.InputTokenCount ?? 0, details.OutputTokenCount ?? 0);
                        break;
                }
            }
        }

        return new("completed", null, usage, turn.ModelId);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Turn {TurnId} ended by a bug")]
    static partial void LogBug(ILogger logger, Exception exception, Guid turnId);
}

/// <param name="ModelId">The model that answered, or was to.</param>
internal sealed record TurnEnding(string Status, MessageError? Error, TurnUsage? Usage, string ModelId);
