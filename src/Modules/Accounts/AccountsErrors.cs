using JeanTrail.Kernel.Errors;

namespace JeanTrail.Accounts;

internal static class AccountsErrors
{
    internal static readonly Error SetupCodeWrong = new("accounts.setup_code_wrong", 403, "This is not the setup code. It is printed on the server's console; start the server again for a new one.");
    internal static readonly Error OwnerExists = new("accounts.owner_exists", 409, "This server already has an owner. Sign in instead.");
    internal static readonly Error CredentialsWrong = new("accounts.credentials_wrong", 401, "The e-mail address or the password is wrong.");
    internal static readonly Error EmailInvalid = Invalid("accounts.email_invalid", "email", "This is not an e-mail address.");
    internal static readonly Error TicketEnded = new("accounts.ticket_ended", 401, "This sign-in took too long or met too many wrong codes. Begin it again.");
    internal static readonly Error CodeWrong = Invalid("accounts.code_wrong", "code", "The code is wrong, or was used before. Wait for the next one and try again.");
    internal static readonly Error CodeRequired = Invalid("accounts.code_required", "code", "Two-factor authentication is on: a code of your authenticator app is needed.");
    internal static readonly Error PasswordRequired = Invalid("accounts.password_required", "password", "Your password is needed.");
    internal static readonly Error TwoFactorOn = new("accounts.two_factor_on", 409, "Two-factor authentication is already on.");
    internal static readonly Error TwoFactorOff = new("accounts.two_factor_off", 409, "Two-factor authentication is not on.");

    internal static readonly Error UserProtected = new("accounts.user_protected", 403, "Only the owner may do this to an admin, and nobody to the owner.");
    internal static readonly Error OwnAccount = new("accounts.own_account", 409, "This is your own account. Somebody else has to do it.");
    internal static readonly Error NotImpersonating = new("accounts.not_impersonating", 409, "You are not acting as somebody else.");

    internal static readonly Error SignUpClosed = new("accounts.sign_up_closed", 403, "The owner of this server has not opened it for new accounts.");
    internal static readonly Error LinkInvalid = new("accounts.link_invalid", 400, "This link is no longer good: it was used, replaced by a newer one, or is too old. Ask for a new one.");

    internal static readonly Error EmailSame = Invalid("accounts.email_same", "email", "This is your address already.");

    internal static readonly Error TooManyApiKeys = new("accounts.too_many_api_keys", 409, "There are as many API keys as one person may have. Revoke some first.");
    internal static readonly Error RotationNotDue = new("accounts.rotation_not_due", 409, "No new secret is due for this key, or it was taken already.");
    internal static readonly Error TokenInvalid = new("accounts.token_invalid", 401, "This refresh token is no longer good. Sign in again.");

    internal static readonly Error OwnerStays = new("accounts.owner_stays", 409, "This account owns the server, so it cannot be deleted.");

    internal static Error ApiKeyInvalid(string field, string reason) => Invalid("accounts.api_key_invalid", field, reason);
    internal static readonly Error CeremonyEnded = new("accounts.ceremony_ended", 400, "This took too long, was done already, or was begun in another browser. Begin it again.");
    internal static readonly Error PasskeyRefused = new("accounts.passkey_refused", 400, "This passkey was not accepted. Try again, or use another way.");
    internal static readonly Error PasskeysFull = new("accounts.passkeys_full", 409, "You have as many passkeys as one may have. Remove one first.");
    internal static readonly Error LastWayIn = new("accounts.last_way_in", 409, "This is your only way in. Choose a password or add another way first.");

    internal static readonly Error ExternalUnreachable = new("accounts.external_unreachable", 502, "The identity provider does not answer. Try again in a moment.");
    internal static readonly Error ExternalRefused = new("accounts.external_refused", 400, "The identity provider's answer was not accepted. Begin again.");
    internal static readonly Error ExternalDenied = new("accounts.external_denied", 400, "You did not allow it at the identity provider.");
    internal static readonly Error ExternalUnverified = new("accounts.external_unverified", 403, "Nobody here knows this account, and its provider has not verified its e-mail address.");
    internal static readonly Error ExternalNotLinked = new("accounts.external_not_linked", 409, "There is an account with this e-mail address already. Sign in to it the usual way, then connect the two in the settings.");
    internal static readonly Error ExternalTaken = new("accounts.external_taken", 409, "This account is connected to somebody already, or you have connected another one of this provider.");
    internal static readonly Error ExternalNotFresh = new("accounts.external_not_fresh", 400, "The identity provider does not say that you signed in just now, so this proves nothing.");
    internal static readonly Error ExternalOther = new("accounts.external_other", 400, "This is another account at the identity provider than the one you have connected.");
    internal static readonly Error ExternalProvesNothing = new("accounts.external_proves_nothing", 409, "This identity provider cannot tell when you signed in there. Choose a password or add a passkey.");
    internal static readonly Error StepUpOtherwise = new("accounts.step_up_otherwise", 409, "You have a password, a passkey or a second factor here: confirm with that.");
    internal static readonly Error IssuerNotHttps = new("accounts.issuer_not_https", 400, "The identity provider must be reached by https.");
    internal static readonly Error IssuerInvalid = new("accounts.issuer_invalid", 400, "There is no OpenID Connect provider at this address, or it calls itself something else.");
    internal static readonly Error IdentityProvidersFull = new("accounts.identity_providers_full", 409, "There are as many identity providers as there may be. Remove one first.");
    internal static readonly Error QuotaExhausted = new("accounts.quota_exhausted", 429, "You have used what your plan holds for now. It begins anew at the time given.");
    internal static readonly Error StorageFull = new("accounts.storage_full", 413, "There is no room for this in what your plan lets you keep. Delete something first.");

    internal static readonly Error TeamNameEmpty = Invalid("accounts.team_name_empty", "name", "A name needs at least one letter.");
    internal static readonly Error TeamsTooMany = new("accounts.teams_too_many", 409, "You own as many teams as one person can.");
    internal static readonly Error TeamRoleTooLow = new("accounts.team_role_too_low", 403, "Your role in this team does not allow that.");
    internal static readonly Error TeamOwnerStays = new("accounts.team_owner_stays", 409, "A team has an owner. Make somebody else the owner first.");
    internal static readonly Error TeamMember = new("accounts.team_member", 409, "This person is in the team already.");
    internal static readonly Error InvitationsTooMany = new("accounts.invitations_too_many", 409, "This team has as many open invitations as it can. Withdraw some first.");
    internal static readonly Error InvitationOther = new("accounts.invitation_other", 403, "This invitation is for another e-mail address. Sign in with that one.");
    internal static readonly Error WorkspacesTooMany = new("accounts.workspaces_too_many", 409, "This team has as many workspaces as it can.");

    internal static Error PasswordWrong(string field) => Invalid("accounts.password_wrong", field, "This is not your password.");

    internal static readonly Error PasswordBreached = Invalid(
        "accounts.password_breached", "password", "This password was in a known data breach, so guessing programs try it. Choose another.");

    internal static Error PasswordWeak(string reason) => Invalid("accounts.password_weak", "password", reason);

    internal static Error Invalid(string code, string field, string reason)
        => new Error(code, 400, reason).With("errors", new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [reason] });

    internal static Error TooManyAttempts(TimeSpan wait)
        => (KernelErrors.RateLimited with { Detail = "Too many attempts. Wait a moment and try again." }).With("retryAfterSeconds", Seconds(wait));

    internal static int Seconds(TimeSpan wait) => Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
}
