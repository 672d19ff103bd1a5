using JeanTrail.Chat.Memory;
using JeanTrail.Chat.Turns;
using JeanTrail.Contracts.Chat;

namespace JeanTrail.Chat.Context;

/// <summary>What a conversation sets for every request: read under the turn's lock, applied by the builder.</summary>
/// <param name="Summary">What was said up to a message of the branch, in short.</param>
internal sealed record ContextSetting(string Instructions, string ProjectInstructions, ModelParameters Parameters, KnownSummary? Summary, IReadOnlyList<BranchLine> Pinned)
{
    public static readonly ContextSetting None = new("", "", ModelParameters.None, null, []);

    /// <summary>What is remembered of the person and told with this question.</summary>
    public IReadOnlyList<ToldFact> Facts { get; init; } = [];
}

internal sealed record KnownSummary(MessageId MessageId, string Text);

/// <param name="Temperature">0 to 2.</param>
/// <param name="TopP">0 to 1.</param>
internal sealed record ModelParameters(double? Temperature = null, double? TopP = null, int? MaxOutputTokens = null)
{
    public static readonly ModelParameters None = new();
}

/// <summary>What goes to the model, newest first, and what does not and why.</summary>
/// <param name="Summary">Told before everything else of the conversation.</param>
/// <param name="Before">Pinned and relevant messages from before <paramref name="Recent"/>, oldest first.</param>
/// <param name="Recent">Newest first.</param>
/// <param name="LeftOut">Newest first.</param>
/// <param name="Estimated">Tokens of all that is in, uncorrected.</param>
/// <param name="SummariseUpTo">Where a new summary should end, when one is due.</param>
internal sealed record ContextPlan(
    KnownSummary? Summary, IReadOnlyList<PlannedLine> Before, IReadOnlyList<PlannedLine> Recent, IReadOnlyList<LeftOutLine> LeftOut,
    int Estimated, int Budget, MessageId? SummariseUpTo)
{
    public IEnumerable<PlannedLine> Lines => Before.Concat(Recent.Reverse());
}

/// <param name="Why"><c>pinned recent relevant</c>.</param>
/// <param name="Images">Which of its pictures go along.</param>
/// <param name="TextRoom">Tokens its files' text may take.</param>
internal sealed record PlannedLine(BranchLine Line, string Why, int Tokens, IReadOnlyList<LineAttachment> Images, int TextRoom);

/// <param name="Why"><c>summarised too-old pinned-too-long</c>.</param>
internal sealed record LeftOutLine(BranchLine Line, string Why, int Tokens);
