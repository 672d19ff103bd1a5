using System.Text.Json.Serialization;
using JeanTrail.Chat.Messages;
using JeanTrail.Chat.Turns;
using JeanTrail.Contracts.Agents;

namespace JeanTrail.Chat.Private;

/// <summary>What is in the box of a message: all that was said in it.</summary>
internal sealed record PrivateText(string Text)
{
    public IReadOnlyList<MessagePart> Parts { get; init; } = [];

    public IReadOnlyList<ClientAction> Actions { get; init; } = [];

    public IReadOnlyList<Citation> Citations { get; init; } = [];

    public MessageError? Error { get; init; }
}

/// <summary>What is in a piece: what a running answer grew by.</summary>
/// <param name="At">UTF-16 offset in the answer.</param>
/// <param name="Steps">What happened to its parts, in order.</param>
internal sealed record PrivatePiece(int At, string Text, IReadOnlyList<PrivateStep> Steps);

/// <summary>Either a part as it is now, or more of its text.</summary>
internal sealed record PrivateStep(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] MessagePart? Part,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PartDeltaEvent? Delta);
