using JeanTrail.Chat.Conversations;
using JeanTrail.Chat.Messages;
using JeanTrail.Chat.Together;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using System.ComponentModel.DataAnnotations;

namespace JeanTrail.Chat.Context;

/// <summary>What a person sets for one conversation: instructions, the model, and what it is asked with.</summary>
internal static class ConversationSettings
{
    /// <param name="Instructions">Told to the model before everything that was said.</param>
    /// <param name="ModelId">Null follows the person's default.</param>
    /// <param name="Temporary">Nothing of it is proposed to be remembered, and nothing that is remembered is told in it.</param>
    public sealed record Settings(
        [property: StringLength(8_000)] string Instructions,
        [property: StringLength(200)] string? ModelId,
        Parameters Parameters,
        bool Temporary = false);

    /// <summary>Absent members are left to the model.</summary>
    /// <param name="Temperature">0 is the most predictable.</param>
    /// <param name="TopP">Only the likeliest words that together reach this probability.</param>
    public sealed record Parameters(
        [property: Range(0.0, 2.0)] double? Temperature = null,
        [property: Range(0.0, 1.0)] double? TopP = null,
        [property: Range(1, 1_000_000)] int? MaxOutputTokens = null);

    const string FindSql = $"""
        select c.instructions, c.model_id, c.parameters::text as parameters, c.temporary from chat.conversation c where c.conversation_id = @Id and c.deleted_at is null and {ChatAccess.View}
        """;

    const string SaveSql = $"""
        update chat.conversation c set instructions = @Instructions, model_id = @ModelId, parameters = @Parameters::jsonb, temporary = @Temporary
        where c.conversation_id = @Id and {ChatAccess.Edit}
        """;

    internal static void Map(RouteGroupBuilder routes)
    {
        var example = new Settings("Answer in two sentences at most.", ExampleTalk.ModelId, new Parameters(0.4, null, 800));
        routes.MapGet("/conversations/{id:guid}/settings", GetAsync)
            .WithName("Chat_GetConversationSettings").WithSummary("What is set for a conversation").WithExample(response: example);
        routes.MapPut("/conversations/{id:guid}/settings", PutAsync)
            .WithName("Chat_SetConversationSettings").WithSummary("Set instructions, model and parameters of a conversation").WithExample(example);
    }

    static async Task<Results<Ok<Settings>, ProblemHttpResult>> GetAsync(Guid id, Caller caller, Db db, CancellationToken cancel)
        => await db.FindAsync<Row>(FindSql, new { Id = id, Person = caller.UserId }, cancel) is { } row
            ? TypedResults.Ok(new Settings(row.Instructions, row.ModelId, ChatJson.Read<Parameters>(row.Parameters)!, row.Temporary))
            : ChatErrors.ConversationNotFound.ToProblem();

    static Task<Results<NoContent, ProblemHttpResult>> PutAsync(Guid id, Settings request, Caller caller, ConversationChanges changes, CancellationToken cancel)
        => changes.ApplyAsync(
            SaveSql, ChatRole.Edit, id, caller,
            new { Instructions = request.Instructions.Replace('\0', ' ').Trim(), request.ModelId, Parameters = ChatJson.Write(request.Parameters), request.Temporary }, cancel);

    sealed record Row(string Instructions, string? ModelId, string Parameters, bool Temporary);
}
