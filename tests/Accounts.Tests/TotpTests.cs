using System.Text;
using JeanTrail.Accounts.TwoFactor;

namespace JeanTrail.Accounts.Tests;

public sealed class TotpTests
{
    static readonly byte[] Secret = Encoding.ASCII.GetBytes("12345678901234567890");

    /// <summary>Source: RFC 6238, appendix B, the rows of SHA-1.</summary>
    [Theory]
    [InlineData(59L, "94287082")]
    [InlineData(1111111109L, "07081804")]
    [InlineData(1111111111L, "14050471")]
    [InlineData(1234567890L, "89005924")]
    [InlineData(2000000000L, "69279037")]
    [InlineData(20000000000L, "65353130")]
    public void Codes_are_those_of_the_standard(long seconds, string code)
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(seconds);

        Totp.Code(Secret, Totp.StepAt(time), digits: 8).ShouldBe(code);
        Totp.Code(Secret, Totp.StepAt(time)).ShouldBe(code[2..]);
        Totp.FindStep(Secret, code[2..], time).ShouldBe(Totp.StepAt(time));
    }

    [Theory]
    [InlineData(-60, false)]
    [InlineData(-30, true)]
    [InlineData(0, true)]
    [InlineData(30, true)]
    [InlineData(60, false)]
    public void A_clock_may_be_half_a_minute_off_and_no_more(int offSeconds, bool accepted)
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(1111111111);
        var code = Totp.Code(Secret, Totp.StepAt(time.AddSeconds(offSeconds)));

        (Totp.FindStep(Secret, code, time) is not null).ShouldBe(accepted);
    }

    [Theory]
    [InlineData("123456", "123456")]
    [InlineData(" 123 456 ", "123456")]
    [InlineData("12345", null)]
    [InlineData("1234567", null)]
    [InlineData("12345a", null)]
    [InlineData("１２３４５６", null)]
    [InlineData("8K3QD-0XW7M-V2T9H", null)]
    public void A_code_is_six_digits_however_they_are_grouped(string typed, string? code) => Totp.Parse(typed).ShouldBe(code);

    /// <summary>Source: RFC 4648 §10, without padding.</summary>
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Secrets_are_written_in_base_32(string text, string written) => Totp.Base32(Encoding.ASCII.GetBytes(text)).ShouldBe(written);

    [Fact]
    public void The_address_names_the_account_and_escapes_it()
        => Totp.KeyUri(Secret, "a&b?@example.org").ShouldBe(
            "otpauth://totp/JeanTrail:a%26b%3F%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=JeanTrail&algorithm=SHA1&digits=6&period=30");
}
