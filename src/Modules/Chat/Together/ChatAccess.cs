using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Chat.Together;

/// <summary>
/// Who may do what in a conversation: its owner everything, members by their role. Statements say it as a condition on the conversation
/// <c>c</c> for the person <c>@Person</c>; the policies of the tables say the same a second time.
/// </summary>
internal static class ChatAccess
{
    /// <summary>Read, follow, leave one's own marks, copy.</summary>
    public const string View = "chat.may(c, @Person, 'view')";

    /// <summary>Say something, stop and continue answers, change the title, the settings and the tree.</summary>
    public const string Edit = "chat.may(c, @Person, 'edit') and c.deleted_at is null";

    /// <summary>Let people in and out.</summary>
    public const string Admin = "chat.may(c, @Person, 'admin') and c.deleted_at is null";

    const string RoleSql = $"select chat.role_of(c, @Person) from chat.conversation c where c.conversation_id = @Id and {View}";

    /// <summary>Why a statement that asks for <paramref name="needed"/> found nothing: no such conversation for that person, a role that does not reach, or, where it does, <paramref name="otherwise"/>.</summary>
    public static async Task<Error> RefusalAsync(IDbSession session, Guid id, UserId person, ChatRole needed, CancellationToken cancel, Error? otherwise = null)
        => await RoleAsync(session, id, person, cancel) switch
        {
            null => ChatErrors.ConversationNotFound,
            { } role when role < needed => ChatErrors.RoleTooLow,
            _ => otherwise ?? ChatErrors.ConversationNotFound,
        };

    /// <summary>What somebody is in a conversation; null for whoever may not look.</summary>
    public static async Task<ChatRole?> RoleAsync(IDbSession session, Guid id, UserId person, CancellationToken cancel)
        => await session.FindAsync<string>(RoleSql, new { Id = id, Person = person }, cancel) is { } role ? Enum.Parse<ChatRole>(role, ignoreCase: true) : null;
}

/// <summary>What somebody is in a conversation, the mightiest last; each may what the one before may.</summary>
internal enum ChatRole
{
    View,
    Edit,
    Admin,
    Owner,
}
