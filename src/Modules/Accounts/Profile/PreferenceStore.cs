using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Caching;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Accounts.Profile;

internal sealed class PreferenceStore(Db db, ICache cache) : IPreferences
{
    static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    const string GetSql = """
        select locale, theme, density, speak_replies, voice_id, speech_rate, show_avatar, skills_first, time_zone, local_voice, hearing, recordings_model
        from accounts.preference where user_id = @User
        """;

    const string SaveSql = """
        insert into accounts.preference
            (user_id, locale, theme, density, speak_replies, voice_id, speech_rate, show_avatar, skills_first, time_zone, local_voice, hearing, recordings_model, updated_at)
        values (@User, @Locale, @Theme, @Density, @SpeakReplies, @VoiceId, @SpeechRate, @ShowAvatar, @SkillsFirst, @TimeZone, @LocalVoice, @Hearing, @RecordingsModel, @Now)
        on conflict (user_id) do update set
            locale = excluded.locale, theme = excluded.theme, density = excluded.density, speak_replies = excluded.speak_replies,
            voice_id = excluded.voice_id, speech_rate = excluded.speech_rate, show_avatar = excluded.show_avatar,
            skills_first = excluded.skills_first, time_zone = excluded.time_zone, local_voice = excluded.local_voice,
            hearing = excluded.hearing, recordings_model = excluded.recordings_model, updated_at = excluded.updated_at
        """;

    /// <summary>From memory: they are asked for with every turn and change once in a while.</summary>
    public Task<Preferences> GetAsync(UserId user, CancellationToken cancel)
        => cache.GetOrAddAsync(
            Key(user), Lifetime, async inner => await db.FindAsync<Preferences>(GetSql, new { User = user }, inner) ?? new Preferences(), cancel);

    /// <summary>Call it after a change is committed.</summary>
    internal Task InvalidateAsync(UserId user, CancellationToken cancel) => cache.InvalidateAsync(Key(user), cancel);

    static string Key(UserId user) => $"accounts.preferences:{user.Value}";

    internal static Task<int> SaveAsync(IDbSession session, UserId user, Preferences preferences, DateTimeOffset now, CancellationToken cancel)
        => session.ExecuteAsync(
            SaveSql,
            new
            {
                User = user,
                preferences.Locale,
                preferences.Theme,
                preferences.Density,
                preferences.SpeakReplies,
                preferences.VoiceId,
                preferences.SpeechRate,
                preferences.ShowAvatar,
                preferences.SkillsFirst,
                preferences.TimeZone,
                preferences.LocalVoice,
                preferences.Hearing,
                preferences.RecordingsModel,
                Now = now,
            },
            cancel);
}
