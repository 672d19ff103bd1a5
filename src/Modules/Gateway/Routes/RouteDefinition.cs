global using GuardrailRule = JeanTrail.Gateway.Routes.Route.Guardrail;
global using RouteCache = JeanTrail.Gateway.Routes.Route.Cache;
global using RouteConditions = JeanTrail.Gateway.Routes.Route.Conditions;
global using RouteDefinition = JeanTrail.Gateway.Routes.Route.Definition;
global using RouteHours = JeanTrail.Gateway.Routes.Route.Hours;
global using RouteStrategy = JeanTrail.Gateway.Routes.Route.Strategy;
global using RouteTargetRule = JeanTrail.Gateway.Routes.Route.TargetRule;
using System.ComponentModel.DataAnnotations;

namespace JeanTrail.Gateway.Routes;

/// <summary>The shapes of a route, as requests bring them and the database keeps them.</summary>
internal static class Route
{
    /// <summary>How a route chooses among its targets.</summary>
    public enum Strategy
    {
        /// <summary>The first that can, in the order they are listed.</summary>
        Priority,

        /// <summary>At random, by weight.</summary>
        Weighted,

        /// <summary>The one that lately began to answer soonest; old measurements fade.</summary>
        LeastLatency,

        /// <summary>The one with the fewest calls under way for its weight.</summary>
        LeastBusy,

        /// <summary>The one this call costs least at, by the cost table.</summary>
        Cheapest,
    }

    /// <summary>The rule of a route: a public model name that stands for one of several models.</summary>
    /// <param name="Targets">At least one; the order counts for <see cref="Strategy.Priority"/> and breaks ties elsewhere.</param>
    /// <param name="MaxAttempts">Over all targets, the first try included.</param>
    /// <param name="DeadlineSeconds">No further attempt begins so long after the call did.</param>
    /// <param name="Hedge">Ask a second target when the first took longer than it does nineteen times in twenty, and take who answers first.</param>
    /// <param name="Sticky">Keep a conversation on one target, so that its prompt cache is used.</param>
    /// <param name="FirstTokenSeconds">Who has not begun to answer after so long is given up, and the next is asked. Null: as patient as the server is with all.</param>
    public sealed record Definition(
        Strategy Strategy,
        [Required, MinLength(1), MaxLength(50)] IReadOnlyList<TargetRule> Targets,
        [Range(1, 10)] int MaxAttempts = 3,
        [Range(1, 600)] int DeadlineSeconds = 30,
        bool Hedge = false,
        bool Sticky = false,
        Cache? Cache = null,
        [MaxLength(50)] IReadOnlyList<Guardrail>? Guardrails = null,
        bool KeepBodies = false,
        [Range(1, 600)] int? FirstTokenSeconds = null);

    /// <param name="Model"><c>provider/model</c>.</param>
    /// <param name="Thinking">Turns a model's thinking on or off whatever the request says; null leaves it to the request.</param>
    public sealed record TargetRule(
        [Required, StringLength(300, MinimumLength = 3)] string Model,
        [Range(0, 1000)] int Weight = 1,
        Conditions? When = null,
        bool? Thinking = null);

    /// <summary>When a target may be chosen. Everything that is set must hold.</summary>
    /// <param name="MinInputTokens">By the gateway's estimate of about four bytes a token.</param>
    /// <param name="Modalities">What the target understands besides text (<c>image audio file</c>): a request with another goes elsewhere. Null: all.</param>
    /// <param name="Tools">False: requests with tools go elsewhere. True: only those come.</param>
    /// <param name="Languages">Of the text, by its script: <c>ar ru</c>, and <c>other</c> for the rest.</param>
    /// <param name="Plans">Of the caller: <c>owner admin premium free</c>.</param>
    /// <param name="Hours">A span of the day; it may pass midnight.</param>
    public sealed record Conditions(
        [Range(0, int.MaxValue)] int? MinInputTokens = null,
        [Range(1, int.MaxValue)] int? MaxInputTokens = null,
        IReadOnlyList<string>? Modalities = null,
        bool? Tools = null,
        IReadOnlyList<string>? Languages = null,
        IReadOnlyList<string>? Plans = null,
        Hours? Hours = null);

    /// <param name="From">Local time of day.</param>
    /// <param name="Until">Not included.</param>
    /// <param name="TimeZone">IANA name.</param>
    public sealed record Hours(TimeOnly From, TimeOnly Until, [Required, StringLength(64)] string TimeZone);

    /// <param name="Mode"><c>off</c>; <c>deterministic</c>: only requests with temperature 0; <c>always</c>.</param>
    /// <param name="LifetimeSeconds">Of a kept reply.</param>
    /// <param name="Similarity">Cosine similarity from which a reply to a like question is given; null for exact matches only.</param>
    /// <param name="EmbeddingModel"><c>provider/model</c> that measures likeness; needed with <paramref name="Similarity"/>.</param>
    public sealed record Cache(
        [RegularExpression("off|deterministic|always")] string Mode = "deterministic",
        [Range(1, 30 * 24 * 3600)] int LifetimeSeconds = 3600,
        [Range(0.5, 1)] double? Similarity = null,
        [StringLength(300)] string? EmbeddingModel = null);

    /// <summary>One step of a route's guardrails, in their order.</summary>
    /// <param name="Kind"><c>max-size</c> (refuses above <paramref name="Limit"/> characters), <c>mask</c> (replaces personal data), <c>block</c> (refuses).</param>
    /// <param name="Applies"><c>input</c>, <c>output</c> or <c>both</c>.</param>
    /// <param name="Data">What <c>mask</c> looks for: <c>email phone card iban ip key</c>; null for all.</param>
    /// <param name="Patterns">What <c>block</c> and <c>mask</c> look for besides: regular expressions.</param>
    /// <param name="Words">Words and phrases, in any case, as whole words.</param>
    /// <param name="Message">What the caller is told when a step refuses.</param>
    public sealed record Guardrail(
        [RegularExpression("max-size|mask|block")] string Kind,
        [RegularExpression("input|output|both")] string Applies = "both",
        [Range(1, int.MaxValue)] int? Limit = null,
        IReadOnlyList<string>? Data = null,
        [MaxLength(100)] IReadOnlyList<string>? Patterns = null,
        [MaxLength(1000)] IReadOnlyList<string>? Words = null,
        [StringLength(300)] string? Message = null);
}
