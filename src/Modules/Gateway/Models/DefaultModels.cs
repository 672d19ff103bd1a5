using JeanTrail.Kernel.Caching;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Gateway.Models;

/// <summary>The model each person gets when they choose none. Until they say otherwise it is the built-in one.</summary>
internal sealed class DefaultModels(Db db, ICache cache, TimeProvider clock)
{
    static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    const string GetSql = "select model_id from gateway.default_model where user_id = @User";

    const string SetSql = """
        insert into gateway.default_model (user_id, model_id, updated_at) values (@User, @Model, @Now)
        on conflict (user_id) do update set model_id = excluded.model_id, updated_at = excluded.updated_at
        """;

    const string ForgetSql = "delete from gateway.default_model where starts_with(model_id, @Prefix) returning user_id";

    internal Task<string> GetAsync(UserId user, CancellationToken cancel)
        => cache.GetOrAddAsync(
            Key(user), Lifetime, async inner => await db.FindAsync<string>(GetSql, new { User = user }, inner) ?? GatewayErrors.BasicModel, cancel);

    internal async Task SetAsync(UserId user, string modelId, CancellationToken cancel)
    {
        await db.ExecuteAsync(SetSql, new { User = user, Model = modelId, Now = clock.GetUtcNow() }, cancel);
        await cache.InvalidateAsync(Key(user), cancel);
    }

    /// <summary>In the transaction that removes a provider: nobody's default may point at nothing.</summary>
    internal static Task<IReadOnlyList<UserId>> ForgetProviderAsync(Tx tx, string slug, CancellationToken cancel)
        => tx.QueryAsync<UserId>(ForgetSql, new { Prefix = ModelName.Of(slug, "") }, cancel);

    internal async Task InvalidateAsync(IEnumerable<UserId> users, CancellationToken cancel)
    {
        foreach (var user in users)
            await cache.InvalidateAsync(Key(user), cancel);
    }

    static string Key(UserId user) => $"gateway.default:{user.Value}";
}
