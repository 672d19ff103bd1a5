using System.Security.Cryptography;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using QRCoder;

namespace JeanTrail.Accounts.TwoFactor;

internal static class BeginTotp
{
    /// <summary>What an authenticator app takes over. It is told this once.</summary>
    /// <param name="Secret">Base32, for typing it in.</param>
    /// <param name="Uri">The same as an <c>otpauth</c> address, for an app on this device.</param>
    /// <param name="QrCode">The same as an SVG image.</param>
    public sealed record Response(string Secret, string Uri, string QrCode);

    const string EmailSql = "select email from accounts.user where user_id = @User";

    const string BeginSql = """
        insert into accounts.totp (user_id, secret, created_at) values (@User, @Secret, @Now)
        on conflict (user_id) do update set secret = excluded.secret, created_at = excluded.created_at
        where totp.confirmed_at is null
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/two-factor/totp", Handle)
            .WithName("Accounts_BeginTotp")
            .WithSummary("Makes the secret of an authenticator app; it counts once a first code of it was confirmed.")
            .WithExample(response: new Response(
                "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
                "otpauth://totp/JeanTrail:olga%40example.org?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=JeanTrail&algorithm=SHA1&digits=6&period=30",
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 53 53\"></svg>"))
            .RequireAuthorization(Policies.SignedIn)
            .RequireRecentProof();

    static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Caller caller, Db db, SecondFactors factors, TimeProvider clock, CancellationToken cancel)
    {
        var secret = Totp.NewSecret();
        try
        {
            var email = await db.FindAsync<string>(EmailSql, new { User = caller.UserId }, cancel);
            var row = new { User = caller.UserId, Secret = await factors.SealAsync(caller.UserId, secret, cancel), Now = clock.GetUtcNow() };
            if (email is null || await db.ExecuteAsync(BeginSql, row, cancel) == 0)
                return AccountsErrors.TwoFactorOn.ToProblem();
            var uri = Totp.KeyUri(secret, email);
            return TypedResults.Ok(new Response(Totp.Base32(secret), uri, Draw(uri)));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>Dark on light whatever the theme: not every camera reads the inverse.</summary>
    static string Draw(string text)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        using var drawing = new SvgQRCode(data);
        return drawing.GetGraphic(pixelsPerModule: 1, "#000000", "#ffffff", drawQuietZones: true, SvgQRCode.SizingMode.ViewBoxAttribute);
    }
}
