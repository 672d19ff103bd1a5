namespace JeanTrail.Accounts.Ceremonies;

/// <summary>What is begun and finished. One kind finishes nothing of another.</summary>
internal sealed record Ceremony(string Kind)
{
    /// <summary>A signed-in person adds a passkey.</summary>
    internal static readonly Ceremony AddPasskey = new("passkey-add");

    /// <summary>Somebody signs in with a passkey.</summary>
    internal static readonly Ceremony PasskeySignIn = new("passkey-sign-in");

    /// <summary>A signed-in person proves anew who they are with a passkey.</summary>
    internal static readonly Ceremony PasskeyStepUp = new("passkey-step-up");

    /// <summary>Somebody signs in at an identity provider.</summary>
    internal static readonly Ceremony ExternalSignIn = new("external-sign-in");

    /// <summary>A signed-in person connects their account at an identity provider.</summary>
    internal static readonly Ceremony ExternalLink = new("external-link");

    /// <summary>A signed-in person proves anew who they are at an identity provider.</summary>
    internal static readonly Ceremony ExternalStepUp = new("external-step-up");
}
