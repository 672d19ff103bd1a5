using JeanTrail.Testing;

namespace JeanTrail.Chat.Tests;

internal static class ChatPeople
{
    const string Sql = """
        insert into accounts.user (user_id, email, email_key, display_name, role, password_hash, created_at)
        select @Id, @Email, @Email, 'Mia', @Role, password_hash, now() from accounts.user where role = 'owner'
        """;

    /// <summary>Somebody besides the owner, signed in.</summary>
    internal static async Task<HttpClient> PersonAsync(this TestHost host, string role = "free")
    {
        var id = Guid.CreateVersion7();
        var email = $"{id:N}@example.org";
        await host.Db.ExecuteAsync(Sql, new { Id = id, Email = email, Role = role }, CancellationToken.None);
        return await host.SignInAsync(email);
    }
}
