using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Jobs;

namespace JeanTrail.Kernel.Mail;

/// <summary>Removes letters after a month: by then they were read, or their links ended long ago.</summary>
internal sealed class MailUpkeep(Db db, TimeProvider clock) : IPeriodicTask
{
    internal static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    const string Sql = "delete from kernel.mail where created_at < @Before";

    public Task RunAsync(CancellationToken cancel) => db.ExecuteAsync(Sql, new { Before = clock.GetUtcNow() - KeptFor }, cancel);
}
