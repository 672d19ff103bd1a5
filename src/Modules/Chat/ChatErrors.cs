using JeanTrail.Kernel.Errors;

namespace JeanTrail.Chat;

/// <summary>Every expected failure of this module. Codes never change meaning.</summary>
internal static class ChatErrors
{
    public static readonly Error ConversationNotFound = new("chat.conversation_not_found", 404, "This conversation does not exist, or it is not yours.");
    public static readonly Error MessageNotFound = new("chat.message_not_found", 404, "This message is not part of the conversation.");
    public static readonly Error TurnNotFound = new("chat.turn_not_found", 404, "This turn does not exist, or it is not yours.");
    public static readonly Error TurnRunning = new("chat.turn_already_running", 409, "Jean is still answering in this conversation. Stop her first, or wait.");
    public static readonly Error NothingToContinue = new("chat.nothing_to_continue", 409, "This answer is complete, so there is nothing to continue.");
    public static readonly Error NotAnAnswer = new("chat.not_an_answer", 400, "Only an answer of Jean's can be continued or written anew.");
    public static readonly Error ClientIdReused = new("chat.client_id_reused", 422, "This client id was used for a turn of another conversation.");
    public static readonly Error Interrupted = new("chat.turn_interrupted", 503, "The server stopped while Jean was answering. What she had said is kept.");
    public static readonly Error TooLong = new("chat.answer_too_long", 502, "The answer grew past what one message may hold. What was written is kept.");
}
