using JeanTrail.Kernel.Data;
using Xunit;

namespace JeanTrail.Testing;

/// <summary>
/// A database for a test class. A test project declares its own in one line:
/// <c>public sealed class ChatDatabase() : DatabaseFixture(new MigrationSource("chat", typeof(ChatModule).Assembly));</c>
/// and its classes take it as <c>IClassFixture&lt;ChatDatabase&gt;</c>.
/// </summary>
public abstract class DatabaseFixture(params MigrationSource[] sources) : IAsyncLifetime
{
    TestDatabase? database;

    public TestDatabase Database => database ?? throw new InvalidOperationException("The fixture was not initialised.");

    public Db Db => Database.Db;

    public virtual async Task InitializeAsync() => database = await TestDatabase.CreateAsync(sources);

    public virtual async Task DisposeAsync()
    {
        if (database is not null)
            await database.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>A database with the Kernel's schema alone.</summary>
public sealed class KernelDatabase() : DatabaseFixture;
