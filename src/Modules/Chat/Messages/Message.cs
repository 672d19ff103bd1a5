using JeanTrail.Chat.Marks;
using JeanTrail.Contracts.Agents;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Identity;
using System.Text.Json;

namespace JeanTrail.Chat.Messages;

/// <summary>One message of the shown branch.</summary>
/// <param name="Role"><c>user assistant</c>.</param>
/// <param name="Status"><c>complete streaming stopped interrupted failed</c>.</param>
/// <param name="Pinned">Told to the model however far back it is.</param>
/// <param name="SiblingIds">The messages that follow the same parent, this one among them, in the order they were made.</param>
/// <param name="Marks">What the person who asks left on it.</param>
/// <param name="Comments">How many comments there are from people it was shared with.</param>
/// <param name="AuthorId">Who said it; null for Jean, and where it is not known.</param>
internal sealed record Message(
    MessageId Id,
    MessageId? ParentId,
    string Role,
    string Text,
    string? Language,
    string? ModelId,
    string Status,
    MessageError? Error,
    DateTimeOffset CreatedAt,
    TurnId? TurnId,
    IReadOnlyList<MessageId> SiblingIds,
    IReadOnlyList<ClientAction> Actions,
    IReadOnlyList<Citation> Citations,
    IReadOnlyList<MessagePart> Parts,
    bool Pinned,
    IReadOnlyList<Mark> Marks,
    int Comments = 0,
    UserId? AuthorId = null)
{
    internal static Message ExampleQuestion { get; } = new(
        ExampleTalk.QuestionId, null, "user", ExampleTalk.Question, "en", null, "complete", null, ExampleTalk.AskedAt, null, [ExampleTalk.QuestionId], [], [], [], Pinned: false, []);

    internal static Message ExampleAnswer { get; } = new(
        ExampleTalk.AnswerId, ExampleTalk.QuestionId, "assistant", ExampleTalk.Answer, "en", ExampleTalk.ModelId, "complete", null, ExampleTalk.AskedAt,
        ExampleTalk.Turn, [ExampleTalk.AnswerId], [], [new Citation("Harbour guide", "The lighthouse opens at two.", 412, 440)],
        [new MessagePart(0, "reasoning", 0) { Text = "An afternoon is four hours.", State = MessagePart.Done, DurationMs = 840 }], Pinned: false, [Mark.Example]);
}

/// <summary>Why an answer is not complete.</summary>
/// <param name="Blame"><c>upstream server client</c>.</param>
internal sealed record MessageError(string Code, string Title, string Detail, string Blame);

/// <summary>How the jsonb columns of this module are written.</summary>
internal static class ChatJson
{
    static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static T? Read<T>(string? json) => json is null ? default : JsonSerializer.Deserialize<T>(json, Options);
}
