using System.Text.Json;

namespace JeanTrail.Gateway.Dialects;

internal enum ToolUse
{
    Auto,
    None,

    /// <summary>Some tool must be used.</summary>
    Required,

    /// <summary>This tool must be used.</summary>
    Named,
}

/// <summary>Which tools the model may or must use. Source: OpenAI API reference, <c>tool_choice</c>.</summary>
/// <param name="Name">Of <see cref="ToolUse.Named"/>.</param>
/// <param name="Allowed">Only these of the given tools; null for all.</param>
internal sealed record ToolChoice(ToolUse Use, string? Name = null, HashSet<string>? Allowed = null)
{
    internal bool Forces => Use is ToolUse.Required or ToolUse.Named;

    internal bool Allows(string? name) => Allowed is null || (name is not null && Allowed.Contains(name));

    internal static ToolChoice Of(JsonElement request)
    {
        var choice = request.Member("tool_choice"u8);
        switch (choice.ValueKind)
        {
            case JsonValueKind.String:
                return new ToolChoice(UseOf(choice));
            case JsonValueKind.Object when choice.Text("type"u8) == "function":
                return choice.Member("function"u8).Text("name"u8) is { Length: > 0 } name
                    ? new ToolChoice(ToolUse.Named, name)
                    : throw RequestTranslation.Invalid("tool_choice names no function.", "tool_choice");
            case JsonValueKind.Object when choice.Text("type"u8) == "allowed_tools":
                var allowed = choice.Member("allowed_tools"u8);
                var names = allowed.Items("tools"u8).Select(tool => tool.Member("function"u8).Text("name"u8)).OfType<string>();
                return new ToolChoice(UseOf(allowed.Member("mode"u8)), null, names.ToHashSet(StringComparer.Ordinal));
            case JsonValueKind.Undefined:
                return new ToolChoice(ToolUse.Auto);
            default:
                throw RequestTranslation.CannotSay("This kind of tool_choice has no counterpart at the provider.", "tool_choice");
        }
    }

    static ToolUse UseOf(JsonElement mode) => mode.Text() switch
    {
        "auto" or null => ToolUse.Auto,
        "none" => ToolUse.None,
        "required" => ToolUse.Required,
        _ => throw RequestTranslation.Invalid("tool_choice must be none, auto, required, or name a function.", "tool_choice"),
    };
}
