using JeanTrail.Contracts.Gateway;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace JeanTrail.Chat.Turns;

/// <summary>Chooses what a model is told: who Jean is, then the newest messages of the branch that fit.</summary>
internal sealed class TurnContext(IOptions<ChatOptions> options)
{
    public List<ChatMessage> Build(TurnWork work, bool builtIn)
    {
        var room = options.Value.MaxContextLength;
        var fitting = work.Branch.TakeWhile((line, index) => (room -= line.Text.Length) >= 0 || index == 0);
        var messages = fitting.Reverse().Select(line => new ChatMessage(line.Role == "user" ? ChatRole.User : ChatRole.Assistant, line.Text)).ToList();

        if (!builtIn)
            messages.Insert(0, new ChatMessage(ChatRole.System, Persona(work.Language)));
        if (work.Before.Length > 0)
        {
            messages.Add(new ChatMessage(ChatRole.Assistant, work.Before));
            if (!builtIn)
                messages.Add(new ChatMessage(ChatRole.User, "Continue exactly where your last message broke off. Do not repeat any of it and do not comment on the interruption."));
        }

        return messages;
    }

    /// <summary>The options the gateway understands, from what is known of the person.</summary>
    /// <param name="stored">Skills wait for it before they change anything.</param>
    public static Microsoft.Extensions.AI.ChatOptions OptionsOf(TurnWork work, Task stored)
    {
        var properties = new AdditionalPropertiesDictionary
        {
            [ModelOptions.Language] = work.Language,
            [ModelOptions.Stored] = stored,
            // A recognised command must not answer in the middle of a model's own words.
            [ModelOptions.SkillsFirst] = work.SkillsFirst && work.Before.Length == 0,
        };
        if (work.TimeZone is not null)
            properties[ModelOptions.TimeZone] = work.TimeZone;
        return new Microsoft.Extensions.AI.ChatOptions { AdditionalProperties = properties };
    }

    static string Persona(string language)
        => "You are Jean, a warm, precise assistant who speaks her answers aloud. Answer in the language the person writes in"
            + $" (their interface language is {language}). Be brief unless asked for more. Use Markdown where it helps reading.";
}
