using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace JeanTrail.Testing.Simulators;

/// <summary>
/// An OpenID Connect provider on loopback: discovery, keys, the code flow with PKCE and client authentication, ID tokens with real
/// signatures, and the faults that such providers have or that attackers wish for.
/// </summary>
/// <remarks>Source: OpenID Connect Core 1.0, OpenID Connect Discovery 1.0, RFC 6749, RFC 7636, RFC 9207.</remarks>
public sealed class OidcIssuer : IAsyncDisposable
{
    public const string ClientId = "jean";
    public const string ClientSecret = "a secret: with / odd & signs";

    readonly Dictionary<string, IReadOnlyDictionary<string, string>> codes = new(StringComparer.Ordinal);
    readonly TimeProvider clock;
    readonly WebApplication app;
    RSA rsa = RSA.Create(2048);
    int generation = 1;

    OidcIssuer(WebApplication app, TimeProvider clock)
    {
        this.app = app;
        this.clock = clock;
    }

    /// <summary>Its issuer identifier, without a slash at the end.</summary>
    public string Issuer { get; private set; } = "";

    public ECDsa Ec { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>RS256 or ES256.</summary>
    public string Algorithm { get; set; } = "RS256";

    public string Subject { get; set; } = "subject-of-zoe";

    public string? Email { get; set; } = "zoe@example.org";

    public bool EmailVerified { get; set; } = true;

    public string? Name { get; set; } = "Zoe";

    /// <summary>Whether it puts <c>iss</c> into its answers and says so.</summary>
    public bool NamesItself { get; set; } = true;

    /// <summary>Whether it takes the client's secret only in the form.</summary>
    public bool PostsSecret { get; set; }

    /// <summary>Where the address is told only by the user info endpoint.</summary>
    public bool TellsAddressLater { get; set; }

    /// <summary>What its discovery document calls it, when that is not its address.</summary>
    public string? CallsItself { get; set; }

    /// <summary>Its answer to the next person who is sent there, instead of a code.</summary>
    public string? Refuses { get; set; }

    /// <summary>Changes the claims of ID tokens before they are signed.</summary>
    public Action<Dictionary<string, object?>>? Claims { get; set; }

    /// <summary>Changes the headers of ID tokens before they are signed.</summary>
    public Action<Dictionary<string, object?>>? Header { get; set; }

    /// <summary>Changes ID tokens after they were signed.</summary>
    public Func<string, string>? Token { get; set; }

    /// <summary>When the person signed in there last; tells it where a client asks for the age of the sign-in.</summary>
    public DateTimeOffset? SignedInAt { get; set; }

    /// <summary>Whether it lets a person pass who is signed in there already, though it was told to ask them anew.</summary>
    public bool IgnoresPrompt { get; set; }

    /// <summary>How far its clock goes ahead.</summary>
    public TimeSpan Ahead { get; set; }

    /// <summary>How often its keys were asked for.</summary>
    public int KeysAsked { get; private set; }

    string KeyName => $"key-{generation}";

    DateTimeOffset Now => clock.GetUtcNow() + Ahead;

    public static async Task<OidcIssuer> StartAsync(TimeProvider clock)
    {
        var app = SimulatorApp.Create();
        var issuer = new OidcIssuer(app, clock);
        // A port is given out again after its time: the name of the issuer must not be, as servers remember the keys of each.
        var path = $"/{Ids.New(clock):N}";
        var routes = app.MapGroup(path);
        routes.MapGet("/.well-known/openid-configuration", () => issuer.Document());
        routes.MapGet("/keys", () => issuer.Keys());
        routes.MapGet("/authorize", issuer.Authorize);
        routes.MapPost("/token", (Delegate)issuer.TokenAsync);
        routes.MapGet("/me", () => Results.Json(new { sub = issuer.Subject, email = issuer.Email, email_verified = issuer.EmailVerified, name = issuer.Name }));
        issuer.Issuer = (await SimulatorApp.StartAsync(app)).TrimEnd('/') + path;
        return issuer;
    }

    /// <summary>New keys; the old ones are gone.</summary>
    public void Rotate()
    {
        rsa.Dispose();
        rsa = RSA.Create(2048);
        generation++;
    }

    /// <summary>What a person's browser does: it goes there, the person agrees, and it comes back with this in its query.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> VisitAsync(string url)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
        using var response = await http.GetAsync(new Uri(url));
        var location = response.Headers.Location ?? throw new InvalidOperationException($"Not sent back: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        return QueryHelpers.ParseQuery(location.Query).ToDictionary(one => one.Key, one => one.Value.ToString(), StringComparer.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await SimulatorApp.StopAsync(app);
        rsa.Dispose();
        Ec.Dispose();
    }

    IResult Document() => Results.Json(new Dictionary<string, object>(StringComparer.Ordinal)
    {
        ["issuer"] = CallsItself ?? Issuer,
        ["authorization_endpoint"] = $"{Issuer}/authorize",
        ["token_endpoint"] = $"{Issuer}/token",
        ["jwks_uri"] = $"{Issuer}/keys",
        ["userinfo_endpoint"] = $"{Issuer}/me",
        ["token_endpoint_auth_methods_supported"] = PostsSecret ? new[] { "client_secret_post" } : ["client_secret_basic", "client_secret_post"],
        ["authorization_response_iss_parameter_supported"] = NamesItself,
    });

    IResult Keys()
    {
        KeysAsked++;
        var modulus = rsa.ExportParameters(includePrivateParameters: false);
        var point = Ec.ExportParameters(includePrivateParameters: false).Q;
        return Results.Json(new
        {
            keys = new object[]
            {
                new { kty = "RSA", use = "enc", kid = "for-other-things", n = Text(modulus.Modulus!), e = Text(modulus.Exponent!) },
                new { kty = "RSA", use = "sig", alg = "RS256", kid = KeyName, n = Text(modulus.Modulus!), e = Text(modulus.Exponent!) },
                new { kty = "EC", use = "sig", crv = "P-256", kid = $"ec-{KeyName}", x = Text(point.X!), y = Text(point.Y!) },
                new { kty = "OKP", crv = "Ed25519", kid = "of-another-kind", x = Text(point.X!) },
            },
        });
    }

    IResult Authorize(HttpContext context)
    {
        var query = context.Request.Query.ToDictionary(one => one.Key, one => one.Value.ToString(), StringComparer.Ordinal);
        if (query.GetValueOrDefault("client_id") != ClientId || query.GetValueOrDefault("response_type") != "code" || query.GetValueOrDefault("code_challenge_method") != "S256"
            || !query.GetValueOrDefault("scope", "").Split(' ').Contains("openid"))
            return Results.BadRequest("The request is not one of this flow.");
        var back = new Dictionary<string, string?>(StringComparer.Ordinal) { ["state"] = query["state"] };
        if (NamesItself)
            back["iss"] = Issuer;
        if (Refuses is { } error)
        {
            Refuses = null;
            back["error"] = error;
        }
        else
        {
            var code = Text(RandomNumberGenerator.GetBytes(16));
            codes[code] = query;
            if (SignedInAt is null || !IgnoresPrompt && (query.GetValueOrDefault("prompt") == "login" || query.GetValueOrDefault("max_age") == "0"))
                SignedInAt = Now;
            back["code"] = code;
        }

        return Results.Redirect(QueryHelpers.AddQueryString(query["redirect_uri"], back));
    }

    async Task<IResult> TokenAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        if (!IsClient(context, form))
            return Results.Json(new { error = "invalid_client" }, statusCode: StatusCodes.Status401Unauthorized);
        // A code is good once.
        if (form["grant_type"] != "authorization_code" || !codes.Remove(form["code"].ToString(), out var asked) || asked["redirect_uri"] != form["redirect_uri"]
            || asked["code_challenge"] != Text(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))))
            return Results.Json(new { error = "invalid_grant" }, statusCode: StatusCodes.Status400BadRequest);
        return Results.Json(new { access_token = "token-of-the-provider", token_type = "Bearer", id_token = MakeToken(asked["nonce"], asked.ContainsKey("max_age")) });
    }

    bool IsClient(HttpContext context, IFormCollection form)
    {
        if (PostsSecret)
            return form["client_id"] == ClientId && form["client_secret"] == ClientSecret;
        if (!AuthenticationHeaderValue.TryParse(context.Request.Headers.Authorization, out var header) || header.Scheme != "Basic")
            return false;
        var pair = Encoding.UTF8.GetString(Convert.FromBase64String(header.Parameter!)).Split(':');
        return Uri.UnescapeDataString(pair[0]) == ClientId && Uri.UnescapeDataString(pair[1]) == ClientSecret;
    }

    /// <summary>Source: OpenID Connect Core 1.0 §2: with <c>max_age</c> the token says when the person signed in.</summary>
    string MakeToken(string nonce, bool tellsAge)
    {
        var now = Now.ToUnixTimeSeconds();
        var header = new Dictionary<string, object?>(StringComparer.Ordinal) { ["alg"] = Algorithm, ["typ"] = "JWT", ["kid"] = Algorithm == "ES256" ? $"ec-{KeyName}" : KeyName };
        var claims = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["iss"] = Issuer,
            ["sub"] = Subject,
            ["aud"] = ClientId,
            ["iat"] = now,
            ["exp"] = now + 300,
            ["nonce"] = nonce,
            ["name"] = Name,
        };
        if (!TellsAddressLater && Email is not null)
        {
            claims["email"] = Email;
            claims["email_verified"] = EmailVerified;
        }

        if (tellsAge)
            claims["auth_time"] = SignedInAt!.Value.ToUnixTimeSeconds();
        Header?.Invoke(header);
        Claims?.Invoke(claims);
        var body = $"{Text(JsonSerializer.SerializeToUtf8Bytes(header))}.{Text(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        var data = Encoding.ASCII.GetBytes(body);
        var signature = Algorithm == "ES256"
            ? Ec.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)
            : rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var token = $"{body}.{Text(signature)}";
        return Token?.Invoke(token) ?? token;
    }

    static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
