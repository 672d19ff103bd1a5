using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Realtime;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Gateway.Costs;

/// <summary>The cost table.</summary>
internal sealed class PriceBook(Db db, IBroadcast broadcast, TimeProvider clock, ILogger<PriceBook> logger)
    : MirroredTable("gateway.prices", "gateway.prices-changed", TimeSpan.FromMinutes(1), broadcast, clock, logger)
{
    const string Sql = $"select {PriceRow.Columns} from gateway.price";

    volatile PriceList current = PriceList.Empty;

    internal PriceRow? Find(string modelId, DateTimeOffset at) => current.Find(modelId, at);

    protected override async Task ReadAsync(CancellationToken cancel) => current = new PriceList(await db.QueryAsync<PriceRow>(Sql, null, cancel));
}
