using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Memory;

/// <summary>Whether Jean keeps anything at all. Off, nothing is proposed or told; what is kept stays until the person clears it.</summary>
internal static class MemorySwitch
{
    public sealed record Setting(bool On);

    const string OffSql = "insert into chat.memory_off (owner_id, since) values (@Owner, @Now) on conflict (owner_id) do nothing";
    const string OnSql = "delete from chat.memory_off where owner_id = @Owner";

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapGet("/memory/setting", GetAsync)
            .WithName("Chat_GetMemorySetting").WithSummary("Whether Jean keeps anything about the person").WithExample(response: new Setting(true));
        routes.MapPut("/memory/setting", PutAsync)
            .WithName("Chat_SetMemorySetting").WithSummary("Turn Jean's memory on or off").WithExample(new Setting(false));
    }

    static async Task<Ok<Setting>> GetAsync(Caller caller, Db db, CancellationToken cancel)
        => TypedResults.Ok(new Setting(await db.FindAsync<bool>(MemorySql.IsOn, new { Owner = caller.UserId }, cancel)));

    static async Task<NoContent> PutAsync(Setting request, Caller caller, Db db, TimeProvider clock, CancellationToken cancel)
    {
        await db.ExecuteAsync(request.On ? OnSql : OffSql, new { Owner = caller.UserId, Now = clock.GetUtcNow() }, cancel);
        return TypedResults.NoContent();
    }
}
