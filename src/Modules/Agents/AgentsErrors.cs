using JeanTrail.Kernel.Errors;

namespace JeanTrail.Agents;

/// <summary>The expected failures of this module.</summary>
internal static class AgentsErrors
{
    public static readonly Error NoteEmpty = new("agents.note_empty", 400, "A note needs some text.");
    public static readonly Error StateUnknown = new("agents.reminder_state_unknown", 400, "The state is one of: scheduled, due, done.");
}
