using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using Microsoft.Extensions.AI;

namespace JeanTrail.Chat.Tests;

/// <summary>A model that says what a test hands it, when the test hands it over. The Gateway has tests of its own.</summary>
internal sealed class ScriptedGateway : IModelGateway
{
    Channel<Step> steps = Channel.CreateUnbounded<Step>();
    readonly ConcurrentDictionary<string, Channel<Step>> own = [];

    /// <summary>What the model was asked, one entry per call.</summary>
    public List<IReadOnlyList<ChatMessage>> Asked { get; } = [];

    public List<Microsoft.Extensions.AI.ChatOptions?> Options { get; } = [];

    /// <summary>What the model answers when it is asked for a whole answer at once, as for a label; null makes it fail.</summary>
    public Func<IReadOnlyList<ChatMessage>, string?> Whole { get; set; } = _ => null;

    /// <summary>Forgets what an earlier test left.</summary>
    public void Reset()
    {
        steps = Channel.CreateUnbounded<Step>();
        own.Clear();
        Whole = _ => null;
        Asked.Clear();
        Options.Clear();
    }

    public ScriptedGateway Say(params string[] deltas)
    {
        foreach (var delta in deltas)
            steps.Writer.TryWrite(new Step(new TextContent(delta), null));
        return this;
    }

    /// <summary>What one model says, beside what others say meanwhile. It ends with null, and waits until it is told more before that.</summary>
    public ScriptedGateway SayFor(string modelId, string? text)
    {
        own.GetOrAdd(modelId, _ => Channel.CreateUnbounded<Step>()).Writer.TryWrite(new Step(text is null ? null : new TextContent(text), null));
        return this;
    }

    public ScriptedGateway Add(AIContent content)
    {
        steps.Writer.TryWrite(new Step(content, null));
        return this;
    }

    /// <summary>Says something as another model than the one that was asked, as the skills in front of a model do.</summary>
    public ScriptedGateway SayAs(string modelId, string delta)
    {
        steps.Writer.TryWrite(new Step(new TextContent(delta), null, modelId));
        return this;
    }

    public ScriptedGateway End()
    {
        steps.Writer.TryWrite(new Step(null, null));
        return this;
    }

    public ScriptedGateway Fail(Exception failure)
    {
        steps.Writer.TryWrite(new Step(null, failure));
        return this;
    }

    public Task<string> DefaultModelAsync(UserId user, CancellationToken cancel) => Task.FromResult("test/model");

    public Task<Result<ModelClient>> OpenAsync(UserId user, string? modelId, CancellationToken cancel)
        => Task.FromResult<Result<ModelClient>>(modelId == "gone/model"
            ? new Error("gateway.model_unknown", 404, "This model is not connected.")
            : new ModelClient(modelId ?? "test/model", BuiltIn: false, new Client(this, modelId ?? "test/model")));

    sealed record Step(AIContent? Content, Exception? Failure, string? ModelId = null);

    sealed class Client(ScriptedGateway script, string modelId) : IChatClient
    {
        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, Microsoft.Extensions.AI.ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            lock (script.Asked)
            {
                script.Asked.Add([.. messages]);
                script.Options.Add(options);
            }

            await foreach (var step in script.own.GetValueOrDefault(modelId, script.steps).Reader.ReadAllAsync(cancellationToken))
            {
                if (step.Failure is not null)
                    throw step.Failure;
                if (step.Content is null)
                    yield break;
                yield return new ChatResponseUpdate(ChatRole.Assistant, [step.Content]) { ModelId = step.ModelId };
            }
        }

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, Microsoft.Extensions.AI.ChatOptions? options = null, CancellationToken cancellationToken = default)
            => script.Whole([.. messages]) is { } answer
                ? Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, answer)))
                : throw new ModelCallException(new Error("gateway.upstream_unreachable", 502, "The model does not answer."), Blame.Upstream);

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
