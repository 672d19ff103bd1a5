using JeanTrail.Kernel.Privacy;

namespace JeanTrail.Agents;

/// <summary>What this module holds of a person.</summary>
internal static class AgentsPersonTables
{
    const string EraseNotesSql = "delete from agents.note where user_id = @User";
    const string ExportNotesSql = "select (to_jsonb(n) - 'user_id')::text from agents.note n where n.user_id = @User order by n.created_at";
    const string EraseRemindersSql = "delete from agents.reminder where user_id = @User";
    const string ExportRemindersSql = "select (to_jsonb(r) - 'user_id')::text from agents.reminder r where r.user_id = @User order by r.created_at";

    internal static readonly PersonTable[] All =
    [
        new("agents.note", EraseNotesSql, ExportNotesSql),
        new("agents.reminder", EraseRemindersSql, ExportRemindersSql),
    ];
}
