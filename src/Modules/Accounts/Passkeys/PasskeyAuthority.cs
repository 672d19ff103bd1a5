using System.Net;
using System.Text.Json.Nodes;
using JeanTrail.Accounts.Ceremonies;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Http;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JeanTrail.Accounts.Passkeys;

/// <summary>
/// Makes the challenges and verifies what authenticators answer, with the framework's handler: origin, relying party, user presence and
/// verification, signature. Each challenge is used once, in the browser that asked for it.
/// </summary>
/// <remarks>Source: W3C Web Authentication Level 3, §7.1 and §7.2.</remarks>
internal sealed partial class PasskeyAuthority(Db db, CeremonyStore ceremonies, PublicAddress address, ILogger<PasskeyAuthority> logger)
{
    /// <summary>A challenge for a new passkey.</summary>
    internal async Task<PasskeyOptions.Response> BeginAddAsync(UserId user, string email, string displayName, HttpContext context, CancellationToken cancel)
    {
        using var people = People();
        var made = await Handler(people).MakeCreationOptionsAsync(
            new PasskeyUserEntity { Id = PasskeyOwner.Of(user.Value).Handle, Name = email, DisplayName = displayName }, context);
        var token = await ceremonies.BeginAsync(Ceremony.AddPasskey, user, made.AttestationState ?? "", context, cancel);
        return new PasskeyOptions.Response(token, PasskeyOptions.ForCreation(made.CreationOptionsJson));
    }

    /// <summary>A challenge for a passkey that is there.</summary>
    /// <param name="user">Whose; null lets the authenticator tell.</param>
    internal async Task<PasskeyOptions.Response> BeginUseAsync(Ceremony ceremony, UserId? user, HttpContext context, CancellationToken cancel)
    {
        using var people = People();
        var made = await Handler(people).MakeRequestOptionsAsync(user is { } known ? PasskeyOwner.Of(known.Value) : null!, context);
        var token = await ceremonies.BeginAsync(ceremony, user, made.AssertionState ?? "", context, cancel);
        return new PasskeyOptions.Response(token, PasskeyOptions.ForUse(made.RequestOptionsJson));
    }

    /// <summary>The new passkey, verified but not stored.</summary>
    internal async Task<Result<UserPasskeyInfo>> FinishAddAsync(UserId user, AddPasskey.Request request, HttpContext context, CancellationToken cancel)
    {
        if (await ceremonies.FinishAsync(Ceremony.AddPasskey, user, request.Ceremony, context, cancel) is not { } state)
            return AccountsErrors.CeremonyEnded;
        var credential = Credential(request.Id, new JsonObject
        {
            ["clientDataJSON"] = request.ClientData,
            ["attestationObject"] = request.Attestation,
            ["transports"] = new JsonArray([.. request.Transports.Select(transport => JsonValue.Create(transport))]),
        });
        using var people = People();
        var result = await Handler(people).PerformAttestationAsync(new() { HttpContext = context, CredentialJson = credential, AttestationState = state });
        if (result.Succeeded)
            return result.Passkey;
        LogRefused(logger, result.Failure.Message);
        return AccountsErrors.PasskeyRefused;
    }

    /// <summary>Whose passkey answered, verified in all but its counter.</summary>
    /// <param name="user">Whose it must be; null lets the authenticator tell.</param>
    internal async Task<Result<UsedPasskey>> FinishUseAsync(Ceremony ceremony, UserId? user, PasskeyAnswer.Request request, HttpContext context, CancellationToken cancel)
    {
        if (await ceremonies.FinishAsync(ceremony, user, request.Ceremony, context, cancel) is not { } state)
            return AccountsErrors.CeremonyEnded;
        var credential = Credential(request.Id, new JsonObject
        {
            ["clientDataJSON"] = request.ClientData,
            ["authenticatorData"] = request.AuthenticatorData,
            ["signature"] = request.Signature,
            ["userHandle"] = request.UserHandle,
        });
        using var people = People();
        var result = await Handler(people).PerformAssertionAsync(new() { HttpContext = context, CredentialJson = credential, AssertionState = state });
        if (result.Succeeded)
            return new UsedPasskey(UserId.From(result.User.UserId), result.Passkey.CredentialId, result.Passkey.SignCount, result.Passkey.IsBackedUp);
        LogRefused(logger, result.Failure.Message);
        return AccountsErrors.PasskeyRefused;
    }

    /// <summary>As the handler reads it: the JSON of the browser's PublicKeyCredential.</summary>
    static string Credential(string id, JsonObject response) => new JsonObject
    {
        ["id"] = id,
        ["type"] = "public-key",
        ["clientExtensionResults"] = new JsonObject(),
        ["response"] = response,
    }.ToJsonString();

    // The one class of the framework that the handler asks; nothing of it but finding is used.
    UserManager<PasskeyOwner> People()
        => new(new PasskeyDirectory(db), Options.Create(new IdentityOptions()), null!, [], [], null!, null!, null!, Microsoft.Extensions.Logging.Abstractions.NullLogger<UserManager<PasskeyOwner>>.Instance);

    PasskeyHandler<PasskeyOwner> Handler(UserManager<PasskeyOwner> people)
    {
        var site = Site();
        // As browsers write it: a name in its ASCII form, the port only where it is not the scheme's own.
        var origin = site.IsDefaultPort ? $"{site.Scheme}://{site.IdnHost}" : $"{site.Scheme}://{site.IdnHost}:{site.Port}";
        return new PasskeyHandler<PasskeyOwner>(people, Options.Create(new IdentityPasskeyOptions
        {
            ServerDomain = site.IdnHost,
            UserVerificationRequirement = "required",
            ResidentKeyRequirement = "required",
            AttestationConveyancePreference = "none",
            AuthenticatorTimeout = CeremonyStore.Lifetime,
            ValidateOrigin = seen => ValueTask.FromResult(!seen.CrossOrigin && seen.Origin == origin),
        }));
    }

    /// <summary>The site that passkeys belong to. No browser makes one for an address in numbers: on this machine it is called localhost.</summary>
    Uri Site()
    {
        var root = address.Root();
        return IPAddress.TryParse(root.IdnHost, out var literal) && IPAddress.IsLoopback(literal) ? new UriBuilder(root) { Host = "localhost" }.Uri : root;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A passkey was refused: {Reason}")]
    static partial void LogRefused(ILogger logger, string reason);
}

/// <param name="SignCount">As the authenticator told it; <see cref="PasskeyUses"/> compares it.</param>
internal sealed record UsedPasskey(UserId User, byte[] CredentialId, uint SignCount, bool IsBackedUp);
