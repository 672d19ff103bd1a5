using System.ComponentModel.DataAnnotations;

namespace JeanTrail.Accounts.Passkeys;

/// <summary>What an authenticator answers a challenge with.</summary>
internal static class PasskeyAnswer
{
    internal const int MaxId = 1400;
    internal const int MaxPart = 4000;

    /// <param name="Ceremony">As it came with the challenge.</param>
    /// <param name="Id">Of the credential, in base64url, as the other members.</param>
    /// <param name="ClientData">Its <c>response.clientDataJSON</c>.</param>
    /// <param name="UserHandle">Null where the authenticator gives none.</param>
    public sealed record Request(
        [Required, StringLength(100)] string Ceremony,
        [Required, StringLength(MaxId)] string Id,
        [Required, StringLength(MaxPart)] string ClientData,
        [Required, StringLength(MaxPart)] string AuthenticatorData,
        [Required, StringLength(MaxPart)] string Signature,
        [StringLength(200)] string? UserHandle = null);

    internal static readonly Request Example = new(
        PasskeyOptions.ExampleForUse.Ceremony, "pXk2vQ8sT1mYb7Rz", "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0", "SZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2MFAAAAAQ",
        "MEUCIQDx2b0n5cY8eK1vR6wTzJ3qHs9fLpUaGmXi7Od4VkQyBwIgW0r2t5u8x1z4C7F9J3L6N0Q2S5V8Y1b4e7h0k3n6p9s", "MDE5Y2FkOWMtOTE0MC03YTMxLThmMDQtNWMyZTliN2Q2YTEw");
}
