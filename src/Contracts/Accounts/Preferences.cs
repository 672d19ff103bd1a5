using JeanTrail.Kernel.Identity;

namespace JeanTrail.Contracts.Accounts;

/// <summary>What a person set for themselves; other modules read it when they act for the person.</summary>
public interface IPreferences
{
    /// <summary>The stored preferences, or the defaults.</summary>
    Task<Preferences> GetAsync(UserId user, CancellationToken cancel);
}

/// <param name="Locale"><c>en ar vi ru</c>, or null to follow the browser.</param>
/// <param name="Theme"><c>system light dark</c>.</param>
/// <param name="Density"><c>comfortable compact</c>.</param>
/// <param name="SpeechRate">1 is normal; 0.5 to 2.</param>
/// <param name="LocalVoice">Name of the voice model of the server that reads in place of the built-in voice; null until the person agrees.</param>
/// <param name="Hearing">What writes down what the person dictates: <c>browser</c>, <c>local/</c> and the name of a recogniser of the server, or null for nothing.</param>
/// <param name="RecordingsModel">Id of the connected model that may be sent recordings to write them down where the server has no recogniser; null keeps them here.</param>
/// <param name="SkillsFirst">Whether recognised commands answer before a connected model is asked.</param>
/// <param name="TimeZone">IANA zone, or null for the browser's.</param>
public sealed record Preferences(
    string? Locale = null,
    string Theme = "system",
    string Density = "comfortable",
    bool SpeakReplies = true,
    string? VoiceId = null,
    double SpeechRate = 1,
    bool ShowAvatar = true,
    bool SkillsFirst = true,
    string? TimeZone = null,
    string? LocalVoice = null,
    string? Hearing = null,
    string? RecordingsModel = null);
