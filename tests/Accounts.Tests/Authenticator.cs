using JeanTrail.Accounts.TwoFactor;
using JeanTrail.Testing;

namespace JeanTrail.Accounts.Tests;

/// <summary>An authenticator app, on a clock that may go a few steps wrong.</summary>
sealed class Authenticator(string secret, FakeClock clock)
{
    readonly byte[] key = Decode(secret);

    internal string Secret => secret;

    internal IReadOnlyList<string> RecoveryCodes { get; private set; } = [];

    internal string Code(int stepsOff = 0) => Totp.Code(key, Totp.StepAt(clock.GetUtcNow()) + stepsOff);

    /// <summary>Six digits that are none of the codes accepted now.</summary>
    internal string WrongCode() => Enumerable.Range(0, 10).Select(n => $"{n}00000").First(code => Enumerable.Range(-1, 3).All(step => Code(step) != code));

    /// <summary>Turns the second factor on in a browser whose person was just proved, and moves time on to the next code.</summary>
    internal static async Task<Authenticator> TurnOnAsync(Browser browser, FakeClock clock)
    {
        var begun = await browser.PostAsync("two-factor/totp");
        begun.Status.ShouldBe(System.Net.HttpStatusCode.OK);
        var app = new Authenticator(begun["secret"].GetString()!, clock);
        var confirmed = await browser.PostAsync("two-factor/totp/confirm", new { code = app.Code() });
        confirmed.Status.ShouldBe(System.Net.HttpStatusCode.OK);
        app.RecoveryCodes = [.. confirmed["recoveryCodes"].EnumerateArray().Select(code => code.GetString()!)];
        clock.Advance(Totp.Step);
        return app;
    }

    static byte[] Decode(string text)
    {
        var (bytes, bits, count) = (new List<byte>(), 0, 0);
        foreach (var c in text)
        {
            (bits, count) = ((bits << 5) | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal), count + 5);
            if (count >= 8)
                bytes.Add((byte)(bits >> (count -= 8)));
            bits &= (1 << count) - 1;
        }

        return [.. bytes];
    }
}
