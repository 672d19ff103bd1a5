using JeanTrail.Contracts.Models;
using JeanTrail.Gateway.Local;
using JeanTrail.Gateway.Providers;
using JeanTrail.Kernel.Caching;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Gateway.Models;

/// <summary>The model each person gets when they choose none. Until they say otherwise it is one on this machine; where there is none, the built-in one.</summary>
internal sealed class DefaultModels(Db db, ICache cache, LocalProvider local, ProviderDirectory providers, TimeProvider clock)
{
    static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    const string GetSql = "select model_id from gateway.default_model where user_id = @User";

    const string SetSql = """
        insert into gateway.default_model (user_id, model_id, updated_at) values (@User, @Model, @Now)
        on conflict (user_id) do update set model_id = excluded.model_id, updated_at = excluded.updated_at
        """;

    const string ForgetSql = "delete from gateway.default_model where starts_with(model_id, @Prefix) returning user_id";

    const string ForgetModelSql = "delete from gateway.default_model where model_id = @Model returning user_id";

    const string RenameSql = "update gateway.default_model set model_id = @After where model_id = @Before returning user_id";

    internal async Task<string> GetAsync(UserId user, CancellationToken cancel)
    {
        var chosen = await cache.GetOrAddAsync(Key(user), Lifetime, async inner => await db.FindAsync<string>(GetSql, new { User = user }, inner) ?? "", cancel);
        if (chosen.Length > 0)
            return chosen;
        return await local.DefaultAsync(LocalPurpose.Chat, await providers.ListAsync(cancel), cancel) ?? GatewayErrors.BasicModel;
    }

    internal async Task SetAsync(UserId user, string modelId, CancellationToken cancel)
    {
        await db.ExecuteAsync(SetSql, new { User = user, Model = modelId, Now = clock.GetUtcNow() }, cancel);
        await cache.InvalidateAsync(Key(user), cancel);
    }

    /// <summary>In the transaction that removes a provider: nobody's default may point at nothing.</summary>
    internal static Task<IReadOnlyList<UserId>> ForgetProviderAsync(Tx tx, string slug, CancellationToken cancel)
        => tx.QueryAsync<UserId>(ForgetSql, new { Prefix = ModelName.Of(slug, "") }, cancel);

    /// <summary>In the transaction that removes a route.</summary>
    internal static Task<IReadOnlyList<UserId>> ForgetModelAsync(Tx tx, string modelId, CancellationToken cancel)
        => tx.QueryAsync<UserId>(ForgetModelSql, new { Model = modelId }, cancel);

    /// <summary>In the transaction that renames a route.</summary>
    internal static Task<IReadOnlyList<UserId>> RenameAsync(Tx tx, string before, string after, CancellationToken cancel)
        => tx.QueryAsync<UserId>(RenameSql, new { Before = before, After = after }, cancel);

    internal async Task InvalidateAsync(IEnumerable<UserId> users, CancellationToken cancel)
    {
        foreach (var user in users)
            await cache.InvalidateAsync(Key(user), cancel);
    }

    static string Key(UserId user) => $"gateway.default:{user.Value}";
}
