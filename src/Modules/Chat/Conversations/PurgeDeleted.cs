using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Jobs;
using Microsoft.Extensions.Options;

namespace JeanTrail.Chat.Conversations;

/// <summary>Removes conversations for good once they can no longer be restored.</summary>
internal sealed class PurgeDeleted(Db db, TimeProvider clock, IOptions<ChatOptions> options) : IPeriodicTask
{
    const string Sql = """
        delete from chat.conversation where conversation_id in
            (select conversation_id from chat.conversation where deleted_at < @Before order by deleted_at limit 100)
        """;

    public async Task RunAsync(CancellationToken cancel)
    {
        // In steps, so that a large clean-up never holds its locks for long.
        while (await db.ExecuteAsync(Sql, new { Before = clock.GetUtcNow() - options.Value.KeepDeletedFor }, cancel) > 0)
            cancel.ThrowIfCancellationRequested();
    }
}
