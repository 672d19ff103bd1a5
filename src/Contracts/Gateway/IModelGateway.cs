using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using Microsoft.Extensions.AI;

namespace JeanTrail.Contracts.Gateway;

/// <summary>The one door to models. Modules ask here for a client and never speak to a provider themselves.</summary>
public interface IModelGateway
{
    /// <summary>The id of the model that <paramref name="user"/> gets when nothing else is chosen. Cheap: asked before every turn.</summary>
    Task<string> DefaultModelAsync(UserId user, CancellationToken cancel);

    /// <summary>
    /// A client for <paramref name="modelId"/> (<c>jean/basic</c>, <c>provider/model</c>) on behalf of <paramref name="user"/>;
    /// null asks for the person's default. The error is <c>gateway.model_unknown</c>, or <c>gateway.provider_disabled</c>.
    /// </summary>
    /// <remarks>
    /// Streaming calls fail with <see cref="ModelCallException"/>, never with a transport exception; what arrived before stays valid.
    /// The caller disposes the client.
    /// </remarks>
    Task<Result<ModelClient>> OpenAsync(UserId user, string? modelId, CancellationToken cancel);
}

/// <param name="ModelId">The id that will answer.</param>
/// <param name="BuiltIn">True for <c>jean/basic</c>, which needs no provider.</param>
public sealed record ModelClient(string ModelId, bool BuiltIn, IChatClient Client)
{
    /// <summary>The model that is none: skills only.</summary>
    public const string BuiltInId = "jean/basic";
}

/// <summary>Keys a caller may set in <see cref="ChatOptions.AdditionalProperties"/> for the built-in engine.</summary>
public static class ModelOptions
{
    /// <summary>Interface language, a string.</summary>
    public const string Language = "jean.language";

    /// <summary>IANA time zone, a string.</summary>
    public const string TimeZone = "jean.time_zone";

    /// <summary>False turns off the skills' fast path in front of a connected model (default true).</summary>
    public const string SkillsFirst = "jean.skills_first";

    /// <summary>A <see cref="Task"/> that completes when the request is stored; skills change nothing that lasts before it.</summary>
    public const string Stored = "jean.stored";

    /// <summary>The message of a conversation that is answered: its id, a string.</summary>
    public const string Message = "jean.message";

    /// <summary>
    /// True when nothing of what is said may be kept: no body, no reply for others to be answered with, nothing measured for likeness, and no skill
    /// that keeps things. Counts and cost are booked as ever. What the provider keeps is the provider's to say.
    /// </summary>
    public const string KeepNothing = "jean.keep_nothing";
}

/// <summary>Who broke a model call.</summary>
public enum Blame
{
    /// <summary>The provider answered wrongly, late, or not at all.</summary>
    Upstream,

    /// <summary>JeanTrail itself.</summary>
    Server,

    /// <summary>The request was at fault, for instance a rejected key or too long a context.</summary>
    Client,
}

/// <summary>A model call that ended early, told in the house's words. Never carries keys, prompts or bodies.</summary>
public sealed class ModelCallException(Error error, Blame blame, TimeSpan? retryAfter = null, Exception? inner = null)
    : Exception(error.Detail, inner)
{
    public Error Error { get; } = error;

    /// <summary>Less of it would have been read.</summary>
    public bool ContextTooLong => Error.Code == "gateway.context_too_long";

    public Blame Blame { get; } = blame;

    public TimeSpan? RetryAfter { get; } = retryAfter;
}
