using JeanTrail.Kernel.Privacy;

namespace JeanTrail.Gateway;

/// <summary>What this module holds of a person.</summary>
internal static class GatewayPersonTables
{
    const string EraseKeysSql = "delete from gateway.virtual_key where user_id = @User";

    const string ExportKeysSql = """
        select (to_jsonb(k) - 'user_id' - 'secret_hash' - 'previous_hash')::text from gateway.virtual_key k where k.user_id = @User order by k.created_at
        """;

    const string EraseDefaultModelSql = "delete from gateway.default_model where user_id = @User";
    const string ExportDefaultModelSql = "select (to_jsonb(d) - 'user_id')::text from gateway.default_model d where d.user_id = @User";
    const string EraseBodiesSql = "delete from gateway.call_body where user_id = @User";
    const string EraseRepliesSql = "delete from gateway.reply where tenant = @User";
    const string EraseLimitsSql = "delete from gateway.limit where subject_kind = 'user' and lower(subject) = @User::uuid::text";
    const string ExportUsageSql = "select (to_jsonb(u) - 'user_id')::text from gateway.usage u where u.user_id = @User order by u.started_at";

    internal static readonly PersonTable[] All =
    [
        new("gateway.virtual_key", EraseKeysSql, ExportKeysSql),
        new("gateway.default_model", EraseDefaultModelSql, ExportDefaultModelSql),
        new("gateway.call_body", EraseBodiesSql),
        new("gateway.reply", EraseRepliesSql),
        new("gateway.limit", EraseLimitsSql),
        new("gateway.usage", Export: ExportUsageSql, Kept: "The books of what calls cost name an id and no content, and end with their retention."),
    ];
}
