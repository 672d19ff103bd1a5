using System.ComponentModel.DataAnnotations;
using Dapper;
using JeanTrail.Chat.Memory;
using JeanTrail.Chat.Turns;
using JeanTrail.Contracts.Chat;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace JeanTrail.Chat.Context;

/// <summary>Explains what a model would be told if something were said now: the same choice a turn makes, without making one.</summary>
internal static class GetContext
{
    const int MostListed = 50;

    const string ReadSql = $"{TurnSql.FindConversation}; {TurnSql.Branch}; {TurnSql.Summaries}; {TurnSql.PinnedOnBranch}; {ToldMemory.Sql}";

    /// <param name="BudgetTokens">What one request may hold.</param>
    /// <param name="UsedTokens">What it would hold, corrected by what the model reported before.</param>
    /// <param name="ErrorShare">By how much that is likely to be off: 0.1 is a tenth.</param>
    /// <param name="Calibrated">Whether the model has reported counts yet.</param>
    /// <param name="Pruning"><c>summary recent</c>.</param>
    /// <param name="LeftOut">The newest of them.</param>
    public sealed record Response(
        string ModelId, int BudgetTokens, int UsedTokens, double ErrorShare, bool Calibrated, string Pruning,
        IReadOnlyList<Section> Sections, IReadOnlyList<LeftOutMessage> LeftOut, int LeftOutCount);

    /// <param name="Kind"><c>instructions summary pinned relevant recent files images</c>.</param>
    public sealed record Section(string Kind, int Count, int Tokens);

    /// <param name="Why"><c>summarised too-old pinned-too-long</c>.</param>
    /// <param name="Excerpt">Its first words.</param>
    public sealed record LeftOutMessage(MessageId MessageId, string Why, int Tokens, string Excerpt);

    internal static void Map(RouteGroupBuilder routes) => routes.MapGet("/conversations/{id:guid}/context", Handle)
        .WithName("Chat_GetContext").WithSummary("What the model would be told now, and what would be left out and why")
        .WithExample(response: new Response(
            ExampleTalk.ModelId, 30_000, 1_240, 0.06, true, "summary",
            [new Section("instructions", 1, 96), new Section("recent", 8, 1_144)],
            [new LeftOutMessage(ExampleTalk.QuestionId, "too-old", 18, ExampleTalk.Question)], 1));

    /// <param name="modelId">For another model than the conversation's.</param>
    static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid id, Caller caller, Db db, IModelGateway gateway, ContextBuilder builder, ModelTokens tokens, IOptions<ContextOptions> options, TimeProvider clock,
        CancellationToken cancel,
        [StringLength(200)] string? modelId = null)
    {
        var keys = new { Id = id, Owner = caller.UserId, Person = caller.UserId, Beside = (Guid?)null, Parent = (Guid?)null, TurnStarter.MaxMessages, Now = clock.GetUtcNow() };
        var (conversation, branch, summaries, pinned, facts) = await db.InTransactionAsync(tx => tx.QueryManyAsync(ReadSql, keys, async results => (
            await results.ReadSingleOrDefaultAsync<LockedConversation>(),
            (await results.ReadAsync<BranchLine>()).AsList(),
            (await results.ReadAsync<KnownSummary>()).AsList(),
            (await results.ReadAsync<BranchLine>()).AsList(),
            (await results.ReadAsync<ToldFact>()).AsList()), cancel), cancel);
        if (conversation is null)
            return ChatErrors.ConversationNotFound.ToProblem();

        var model = modelId ?? conversation.ModelId ?? await gateway.DefaultModelAsync(caller.UserId, cancel);
        var count = await tokens.OfAsync(model, cancel);
        var setting = conversation.SettingWith(summaries, branch, pinned, facts);
        var fixedTokens = TokenEstimate.Of(TurnContext.Persona("en", setting)) + (2 * TokenEstimate.PerMessage);
        var plan = builder.Plan(branch, setting, count, fixedTokens, []);
        return TypedResults.Ok(new Response(
            model, plan.Budget, count.Corrected(plan.Estimated), Math.Round(count.Error, 3), count.Samples > 0, options.Value.Pruning,
            Sections(plan, fixedTokens, count),
            [.. plan.LeftOut.Take(MostListed).Select(each => new LeftOutMessage(each.Line.Id, each.Why, count.Corrected(each.Tokens), Excerpt(each.Line.Text)))],
            plan.LeftOut.Count));
    }

    static List<Section> Sections(ContextPlan plan, int fixedTokens, ModelCount count)
    {
        var sections = new List<Section> { new("instructions", 1, count.Corrected(fixedTokens)) };
        if (plan.Summary is { } summary)
            sections.Add(new("summary", 1, count.Corrected(TokenEstimate.Of(summary.Text))));
        foreach (var group in plan.Lines.GroupBy(line => line.Why, StringComparer.Ordinal))
            sections.Add(new(group.Key, group.Count(), count.Corrected(group.Sum(line => line.Tokens - line.TextRoom - Pictures(line)))));
        var files = plan.Recent.Where(line => line.TextRoom > 0).ToList();
        if (files.Count > 0)
            sections.Add(new("files", files.Sum(line => line.Line.Files.Count(file => file.TextLength > 0)), count.Corrected(files.Sum(line => line.TextRoom))));
        var images = plan.Lines.Sum(line => line.Images.Count);
        if (images > 0)
            sections.Add(new("images", images, count.Corrected(plan.Lines.Sum(Pictures))));
        return sections;
    }

    static int Pictures(PlannedLine line) => line.Images.Sum(file => TokenEstimate.OfImage(file.Width, file.Height));

    static string Excerpt(string text)
    {
        var line = string.Join(' ', text[..Math.Min(text.Length, 400)].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= 120 ? line : new System.Globalization.StringInfo(line).SubstringByTextElements(0, Math.Min(110, new System.Globalization.StringInfo(line).LengthInTextElements)) + "…";
    }
}
