using JeanTrail.Kernel.Errors;

namespace JeanTrail.Chat;

/// <summary>Every expected failure of this module. Codes never change meaning.</summary>
internal static class ChatErrors
{
    public static readonly Error ConversationNotFound = new("chat.conversation_not_found", 404, "This conversation does not exist, or it is not yours.");
    public static readonly Error RoleTooLow = new("chat.role_too_low", 403, "Your role in this conversation does not allow that. Ask its owner.");
    public static readonly Error PersonNotFound = new("chat.person_not_found", 404, "This person is not in the conversation.");
    public static readonly Error PersonOfTeam = new("chat.person_of_team", 409, "They are here with the team of its project. Take the conversation out of the project, or them out of the team.");
    public static readonly Error InvitationNotFound = new("chat.invitation_not_found", 404, "This invitation was used, was ended, has expired, or never was.");
    public static readonly Error TooManyInvitations = new("chat.too_many_invitations", 409, "Fifty invitations of this conversation are open. End one to make another.");
    public static readonly Error TooManyPeople = new("chat.too_many_people", 409, "There is no room for another person in this conversation.");
    public static readonly Error DraftTooLong = new("chat.draft_too_long", 409, "This text is too long to be written together. Shorten it.");
    public static readonly Error CaretWithoutDraft = new("chat.caret_without_draft", 400, "A caret is a place in a text. Say in which, as draft.");
    public static readonly Error ChangeNotFound = new("chat.change_not_found", 404, "This change is not known any more.");
    public static readonly Error NothingToRestore = new("chat.nothing_to_restore", 409, "There is nothing to bring back about this change.");
    public static readonly Error MessageNotFound = new("chat.message_not_found", 404, "This message is not part of the conversation.");
    public static readonly Error ProjectNotFound = new("chat.project_not_found", 404, "This project does not exist, or it is not yours.");
    public static readonly Error ProjectNotYours = new("chat.project_not_yours", 403, "Whoever made this project, or an admin of the team, may change it.");
    public static readonly Error WorkspaceNotFound = new("chat.workspace_not_found", 404, "This workspace does not exist, or you are not in its team.");
    public static readonly Error TooManyProjects = new("chat.too_many_projects", 409, "There can be 500 projects. Delete one to make another.");
    public static readonly Error MessageGone = new("chat.message_not_found", 404, "This message does not exist, or it is not yours.");
    public static readonly Error MarkNotFound = new("chat.mark_not_found", 404, "This mark does not exist, or it is not yours.");
    public static readonly Error TooManyMarks = new("chat.too_many_marks", 409, "There is no room for another mark on this message.");
    public static readonly Error TemplateNotFound = new("chat.template_not_found", 404, "This template does not exist, or it is not yours to change.");
    public static readonly Error TooManyTemplates = new("chat.too_many_templates", 409, "There is no room for another template. Delete one first.");
    public static readonly Error ShareNotFound = new("chat.share_not_found", 404, "This link was ended, has expired, or never was.");
    public static readonly Error ShareOnlyShows = new("chat.share_only_shows", 403, "This link does not allow that.");
    public static readonly Error TooManyShares = new("chat.too_many_shares", 409, "There can be 50 links to a conversation. End one to make another.");
    public static readonly Error CommentNotFound = new("chat.comment_not_found", 404, "This comment does not exist, or it is not yours to delete.");
    public static readonly Error TooManyComments = new("chat.too_many_comments", 409, "There is no room for another comment here.");
    public static readonly Error MemoryNotFound = new("chat.memory_not_found", 404, "This is not kept, or it is not yours.");
    public static readonly Error TooManyMemories = new("chat.too_many_memories", 409, "There is no room for more. Let Jean forget something first.");
    public static readonly Error PdfUnavailable = new("chat.pdf_unavailable", 501, "This server has no Chromium, which PDF needs. Install it, or choose another format.");
    public static readonly Error PdfFailed = new("chat.pdf_failed", 500, "The PDF could not be made. Try fewer messages, or another format.");
    public static readonly Error PdfTooLong = new("chat.pdf_too_long", 422, "This is too much for one PDF. Choose a conversation or some messages, or another format.");
    public static readonly Error ImportNotFound = new("chat.import_not_found", 404, "This import does not exist, or it is not yours.");
    public static readonly Error ImportRunning = new("chat.import_running", 409, "Another import is still running. Wait for it, or cancel it.");
    public static readonly Error ImportEmpty = new("chat.import_empty", 400, "The file is empty.");
    public static readonly Error ImportUnknown = new("chat.import_unknown", 422, "This is not an export that can be read here: no conversations were found in it.");
    public static readonly Error ImportBroken = new("chat.import_broken", 422, "The file is damaged and could not be read to its end.");
    public static readonly Error ImportTooLarge = new("chat.import_too_large", 413, "What is in this file is larger than can be read here.");
    public static readonly Error PrivateKeyMissing = new("chat.private_key_missing", 404, "You have no key for private conversations yet. Set it up first.");
    public static readonly Error PrivateKeyExists = new("chat.private_key_exists", 409, "You have a key for private conversations already. Forget that one first.");
    public static readonly Error PrivateTooLong = new("chat.private_too_long", 422, "That is more of the conversation than can be sent along. Send its newest part.");
    public static readonly Error PrivateStale = new("chat.private_stale", 409, "This answer has changed since it was read. Read it again.");
    public static readonly Error TurnNotFound = new("chat.turn_not_found", 404, "This turn does not exist, or it is not yours.");
    public static readonly Error TurnRunning = new("chat.turn_already_running", 409, "Jean is still answering in this conversation. Stop her first, or wait.");
    public static readonly Error NothingToContinue = new("chat.nothing_to_continue", 409, "This answer is complete, so there is nothing to continue.");
    public static readonly Error BranchIsShown = new("chat.branch_is_shown", 409, "This message is on the branch that is shown.");
    public static readonly Error NotAQuestion = new("chat.not_a_question", 400, "Only what the person said can be said in other words.");
    public static readonly Error NotAnAnswer = new("chat.not_an_answer", 400, "Only an answer of Jean's can be continued or written anew.");
    public static readonly Error TooManyTogether = new("chat.too_many_together", 409, "Four answers are being written beside each other already.");
    public static readonly Error WholeConversation = new("chat.whole_conversation", 409, "That is the whole conversation. Delete the conversation instead.");
    public static readonly Error NothingToGraft = new("chat.nothing_to_graft", 409, "What it hung on is gone, or it has grown since: restore it as a conversation of its own.");
    public static readonly Error ClientIdReused = new("chat.client_id_reused", 422, "This client id was used for a turn of another conversation.");
    public static readonly Error Interrupted = new("chat.turn_interrupted", 503, "The server stopped while Jean was answering. What she had said is kept.");
    public static readonly Error AttachmentNotFound = new("chat.attachment_not_found", 404, "This file does not exist any more, or it is not yours.");
    public static readonly Error AttachmentInUse = new("chat.attachment_in_use", 409, "A message shows this file. It goes when the message goes.");
    public static readonly Error AttachmentEmpty = new("chat.attachment_empty", 400, "The file is empty.");
    public static readonly Error AttachmentTryAgain = new("chat.attachment_try_again", 503, "The file was being cleared away at the same moment. Send it again.");
    public static readonly Error ImageTooLarge = new("chat.image_too_large", 422, "The picture has more pixels than this server unpacks.");
    public static readonly Error ModelGaveUp = new("chat.model_gave_up", 502, "The model reported an error and ended its answer. What was written is kept.");
    public static readonly Error TooLong = new("chat.answer_too_long", 502, "The answer grew past what one message may hold. What was written is kept.");
}
