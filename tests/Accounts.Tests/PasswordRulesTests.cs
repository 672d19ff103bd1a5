using JeanTrail.Accounts.Passwords;
using JeanTrail.Accounts.Users;
using Microsoft.Extensions.Options;

namespace JeanTrail.Accounts.Tests;

public sealed class PasswordRulesTests
{
    static readonly EmailAddress Email = EmailAddress.Parse("grace.hopper@example.org")!;

    [Theory]
    [InlineData("correct tractor stapler")]
    [InlineData("một dòng sông êm đềm")]
    [InlineData("тихая река вечером")]
    [InlineData("نهر هادئ عند الغروب")]
    [InlineData("7f!Kq2#pLw")]
    [InlineData("grace loves quiet compilers")]
    public void A_password_that_is_long_and_not_common_may_be_used(string password)
        => PasswordRules.Check(password, Email, "Grace").ShouldBeNull();

    [Theory]
    [InlineData("пароль1234")]
    [InlineData("matkhau12345")]
    [InlineData("!!iloveyou!!")]
    [InlineData("passwordpassword")]
    [InlineData("abcabcabcabc")]
    [InlineData("9876543210")]
    [InlineData("abcdefghijkl")]
    [InlineData("grace.hopper")]
    [InlineData("gracehopper123")]
    [InlineData("Grace Brewster 1")]
    public void What_is_guessed_first_may_not(string password)
        => PasswordRules.Check(password, Email, "Grace Brewster").ShouldNotBeNull().Code.ShouldBe("accounts.password_weak");

    [Fact]
    public void Length_is_counted_in_characters_and_not_in_code_units()
    {
        PasswordRules.Check("🐙🦑🐚🐬🐳", Email, "Grace").ShouldNotBeNull();
        PasswordRules.Check("🐙🦑🐚🐬🐳🦀🦞🦐🐡🐠", Email, "Grace").ShouldBeNull();
    }

    [Fact]
    public async Task A_hash_of_fewer_rounds_is_known_for_what_it_is()
    {
        using var weaker = Vault(210_000);
        using var stronger = Vault(220_000);
        var hash = await weaker.HashAsync("a quiet river", CancellationToken.None);

        (await weaker.VerifyAsync(hash, "a quiet river", CancellationToken.None)).ShouldBe(PasswordVerdict.Right);
        (await stronger.VerifyAsync(hash, "a quiet river", CancellationToken.None)).ShouldBe(PasswordVerdict.RightButOld);
        (await stronger.VerifyAsync(hash, "a loud river", CancellationToken.None)).ShouldBe(PasswordVerdict.Wrong);
        (await stronger.VerifyAsync(null, "a quiet river", CancellationToken.None)).ShouldBe(PasswordVerdict.Wrong);
    }

    [Theory]
    [InlineData("Ada@Example.ORG", "ada@example.org")]
    [InlineData("  ada@example.org ", "ada@example.org")]
    [InlineData("ada@пример.рф", "ada@xn--e1afmkfd.xn--p1ai")]
    public void Addresses_that_reach_the_same_mailbox_have_the_same_key(string typed, string key)
        => EmailAddress.Parse(typed).ShouldNotBeNull().Key.ShouldBe(key);

    static PasswordVault Vault(int iterations) => new(Options.Create(new AccountsOptions { PasswordIterations = iterations }));
}
