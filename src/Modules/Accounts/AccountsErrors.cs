using JeanTrail.Kernel.Errors;

namespace JeanTrail.Accounts;

internal static class AccountsErrors
{
    internal static readonly Error SetupCodeWrong = new("accounts.setup_code_wrong", 403, "This is not the setup code. It is printed on the server's console; start the server again for a new one.");
    internal static readonly Error OwnerExists = new("accounts.owner_exists", 409, "This server already has an owner. Sign in instead.");
    internal static readonly Error CredentialsWrong = new("accounts.credentials_wrong", 401, "The e-mail address or the password is wrong.");
    internal static readonly Error EmailInvalid = Invalid("accounts.email_invalid", "email", "This is not an e-mail address.");

    internal static Error PasswordWeak(string reason) => Invalid("accounts.password_weak", "password", reason);

    internal static Error Invalid(string code, string field, string reason)
        => new Error(code, 400, reason).With("errors", new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [reason] });

    internal static Error TooManyAttempts(TimeSpan wait)
        => (KernelErrors.RateLimited with { Detail = "Too many attempts. Wait a moment and try again." }).With("retryAfterSeconds", Seconds(wait));

    internal static int Seconds(TimeSpan wait) => Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
}
