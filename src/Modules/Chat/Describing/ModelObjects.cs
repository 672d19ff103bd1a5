using System.Text.Json;
using JeanTrail.Chat.Messages;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Kernel.Identity;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Chat.Describing;

/// <summary>Asks the model that has just answered, and no other, for one JSON object: what was said leaves the server no further than it has.</summary>
internal sealed partial class ModelObjects(IModelGateway gateway, ILogger<ModelObjects> logger)
{
    /// <summary>All it answered, to be read with <see cref="Read"/>; null when there was no model to ask, or it did not answer.</summary>
    internal async Task<string?> AskAsync(
        UserId owner, string modelId, string instructions, string material, Microsoft.Extensions.AI.ChatOptions options, CancellationToken cancel)
    {
        var opened = await gateway.OpenAsync(owner, modelId, cancel);
        if (!opened.TryGet(out var model, out _))
            return null;
        using var client = model.Client;
        if (model.BuiltIn)
            return null;
        options.AdditionalProperties = new AdditionalPropertiesDictionary { [ModelOptions.SkillsFirst] = false };
        try
        {
            return (await client.GetResponseAsync([new(ChatRole.System, instructions), new(ChatRole.User, material)], options, cancel)).Text;
        }
        catch (ModelCallException failure)
        {
            LogNoAnswer(logger, failure.Error.Code);
            return null;
        }
    }

    /// <summary>The object in an answer, whatever the model put around it; null when there is none.</summary>
    internal static T? Read<T>(string answer)
        where T : class
    {
        var (from, to) = (answer.IndexOf('{', StringComparison.Ordinal), answer.LastIndexOf('}'));
        if (from < 0 || to < from)
            return null;
        try
        {
            return ChatJson.Read<T>(answer[from..(to + 1)]);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "A model did not give what it was asked for beside its answer: {Code}")]
    static partial void LogNoAnswer(ILogger logger, string code);
}
