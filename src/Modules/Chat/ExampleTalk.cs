using JeanTrail.Contracts.Chat;

namespace JeanTrail.Chat;

/// <summary>The conversation that all examples of this module are taken from.</summary>
internal static class ExampleTalk
{
    internal const string Title = "An afternoon at the harbour";
    internal const string ModelId = "harbour-models/lighthouse-8b";
    internal const string TimeZone = "Europe/Riga";
    internal const string Question = "What is there to see at the old harbour in one afternoon?";
    internal const string Answer = "Begin at the lighthouse, which opens at two. Then follow the quay to the fish market.";

    internal static readonly ConversationId Conversation = new(new Guid("019cebae-5b1d-7c40-9a51-3f6f0d2b7e11"));
    internal static readonly Guid ClientId = new("019cebae-6310-7e6a-8c0b-94d7f2a5e3b8");
    internal static readonly TurnId Turn = new(new Guid("019cebae-635c-7b21-a4f9-1d0c8e6b5732"));
    internal static readonly MessageId QuestionId = new(new Guid("019cebae-635c-7b22-93e5-7a2f4c1d8b06"));
    internal static readonly MessageId AnswerId = new(new Guid("019cebae-635c-7b23-8d14-e5b06f9a3c27"));

    internal static readonly Messages.AttachmentView Picture = new(
        new AttachmentId(new Guid("019cebae-6302-7d18-b5c4-2e90a7f1d63c")), "lighthouse.jpg", "image/jpeg", 248_113, 1600, 1200, true);

    internal static readonly DateTimeOffset BegunAt = new(2026, 3, 14, 9, 29, 58, 301, TimeSpan.Zero);
    internal static readonly DateTimeOffset AskedAt = new(2026, 3, 14, 9, 30, 0, 412, TimeSpan.Zero);
    internal static readonly DateTimeOffset AnsweredAt = new(2026, 3, 14, 9, 30, 4, 95, TimeSpan.Zero);
}
