using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Http;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Http;

namespace JeanTrail.Kernel.Audit;

/// <summary>
/// The record of who did what: only ever added to, in the transaction of the act itself, each entry chained to the one before it by hash.
/// </summary>
public interface IAudit
{
    /// <summary>
    /// Adds an entry. It is there exactly when the act is. Writers stand in line until their transactions end, so write it last, after
    /// every lock the act needs.
    /// </summary>
    Task WriteAsync(Tx transaction, AuditEntry entry, CancellationToken cancel);
}

/// <summary>One act.</summary>
/// <param name="Actor">Who did it; null when nobody is signed in.</param>
/// <param name="Person">In whose name, when that is not the actor.</param>
/// <param name="Address">Where the request came from; empty for acts of the server itself.</param>
/// <param name="Subjects">The ids of what it was done to.</param>
/// <param name="Before">What it was like, as small JSON: ids, numbers and words, never a name, an address or a secret, which could not be erased. Null when that says nothing.</param>
/// <param name="After">What it is like now, in the same way.</param>
public sealed record AuditEntry(
    AuditAct Act, UserId? Actor, UserId? Person, Guid? SessionId, string Address, IReadOnlyList<Guid> Subjects, object? Before = null, object? After = null)
{
    /// <summary>What a signed-in person does. In a session that was opened in somebody's name the actor is whoever opened it.</summary>
    public static AuditEntry Of(AuditAct act, Caller caller, HttpContext context, IReadOnlyList<Guid> subjects, object? before = null, object? after = null)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return new(
            act, caller.ActorId ?? caller.UserId, caller.ActorId is null ? null : caller.UserId, caller.SessionId, ClientAddress.Of(context), subjects, before, after);
    }

    /// <summary>What somebody does who is not signed in.</summary>
    public static AuditEntry OfNobody(AuditAct act, HttpContext context, IReadOnlyList<Guid> subjects, object? after = null)
        => new(act, null, null, null, ClientAddress.Of(context), subjects, null, after);

    /// <summary>What the operator does at the server's command line.</summary>
    public static AuditEntry AtConsole(AuditAct act, IReadOnlyList<Guid> subjects) => new(act, null, null, null, "console", subjects);
}

/// <summary>What can be on the record: a closed set, so that a filter finds all of a kind.</summary>
public sealed class AuditAct
{
    public static readonly AuditAct UserRoleChanged = new("accounts.user.role-changed");
    public static readonly AuditAct UserSuspended = new("accounts.user.suspended");
    public static readonly AuditAct UserRestored = new("accounts.user.restored");
    public static readonly AuditAct UserSignedOut = new("accounts.user.signed-out");
    public static readonly AuditAct ImpersonationStarted = new("accounts.impersonation.started");
    public static readonly AuditAct ImpersonationEnded = new("accounts.impersonation.ended");
    public static readonly AuditAct SignInThrottled = new("accounts.sign-in.throttled");
    public static readonly AuditAct StuffingSuspected = new("accounts.sign-in.stuffing-suspected");
    public static readonly AuditAct PasswordChanged = new("accounts.password.changed");
    public static readonly AuditAct PasswordReset = new("accounts.password.reset");
    public static readonly AuditAct EmailChanged = new("accounts.email.changed");
    public static readonly AuditAct EmailUndone = new("accounts.email.undone");
    public static readonly AuditAct TwoFactorOn = new("accounts.two-factor.on");
    public static readonly AuditAct TwoFactorOff = new("accounts.two-factor.off");
    public static readonly AuditAct PasskeyAdded = new("accounts.passkey.added");
    public static readonly AuditAct PasskeyRemoved = new("accounts.passkey.removed");
    public static readonly AuditAct PasskeyCounterWentBack = new("accounts.passkey.counter-went-back");
    public static readonly AuditAct IdentityProviderAdded = new("accounts.identity-provider.added");
    public static readonly AuditAct IdentityProviderChanged = new("accounts.identity-provider.changed");
    public static readonly AuditAct IdentityProviderRemoved = new("accounts.identity-provider.removed");
    public static readonly AuditAct IdentityLinked = new("accounts.identity.linked");
    public static readonly AuditAct IdentityUnlinked = new("accounts.identity.unlinked");

    public static readonly AuditAct ApiKeyCreated = new("accounts.api-key.created");
    public static readonly AuditAct ApiKeyRotated = new("accounts.api-key.rotated");
    public static readonly AuditAct ApiKeyRevoked = new("accounts.api-key.revoked");
    public static readonly AuditAct ApiKeyLeaked = new("accounts.api-key.leaked");
    public static readonly AuditAct VirtualKeyCreated = new("gateway.key.created");
    public static readonly AuditAct VirtualKeyRotated = new("gateway.key.rotated");
    public static readonly AuditAct VirtualKeyRevoked = new("gateway.key.revoked");
    public static readonly AuditAct VirtualKeyLeaked = new("gateway.key.leaked");
    public static readonly AuditAct TokenReused = new("accounts.token.reused");
    public static readonly AuditAct DeletionAsked = new("accounts.deletion.asked");
    public static readonly AuditAct DeletionCancelled = new("accounts.deletion.cancelled");
    public static readonly AuditAct AccountErased = new("accounts.user.erased");

    public static readonly AuditAct PlanChanged = new("accounts.plan.changed");
    public static readonly AuditAct TeamCreated = new("accounts.team.created");
    public static readonly AuditAct TeamRenamed = new("accounts.team.renamed");
    public static readonly AuditAct TeamDeleted = new("accounts.team.deleted");
    public static readonly AuditAct TeamInvited = new("accounts.team.invited");
    public static readonly AuditAct TeamInvitationWithdrawn = new("accounts.team.invitation-withdrawn");
    public static readonly AuditAct TeamJoined = new("accounts.team.joined");
    public static readonly AuditAct TeamLeft = new("accounts.team.left");
    public static readonly AuditAct TeamMemberRemoved = new("accounts.team.member-removed");
    public static readonly AuditAct TeamRoleChanged = new("accounts.team.role-changed");
    public static readonly AuditAct TeamTransferred = new("accounts.team.transferred");
    public static readonly AuditAct WorkspaceCreated = new("accounts.workspace.created");
    public static readonly AuditAct WorkspaceRenamed = new("accounts.workspace.renamed");
    public static readonly AuditAct WorkspaceDeleted = new("accounts.workspace.deleted");

    AuditAct(string name) => Name = name;

    /// <summary>Such as <c>accounts.user.suspended</c>. It is in stored entries: it never changes.</summary>
    public string Name { get; }

    public static IReadOnlyList<AuditAct> All { get; } =
    [
        UserRoleChanged, UserSuspended, UserRestored, UserSignedOut, ImpersonationStarted, ImpersonationEnded, SignInThrottled, StuffingSuspected,
        ApiKeyCreated, ApiKeyRotated, ApiKeyRevoked, ApiKeyLeaked, VirtualKeyCreated, VirtualKeyRotated, VirtualKeyRevoked, VirtualKeyLeaked, TokenReused, DeletionAsked, DeletionCancelled, AccountErased,
        PasswordChanged, PasswordReset, EmailChanged, EmailUndone, TwoFactorOn, TwoFactorOff, PasskeyAdded, PasskeyRemoved, PasskeyCounterWentBack,
        IdentityProviderAdded, IdentityProviderChanged, IdentityProviderRemoved, IdentityLinked, IdentityUnlinked,
        PlanChanged, TeamCreated, TeamRenamed, TeamDeleted, TeamInvited, TeamInvitationWithdrawn, TeamJoined, TeamLeft, TeamMemberRemoved, TeamRoleChanged,
        TeamTransferred, WorkspaceCreated, WorkspaceRenamed, WorkspaceDeleted,
    ];

    public override string ToString() => Name;
}

/// <summary>Tells the names of people in the audit trail, which holds only their ids so that a name can be erased.</summary>
public interface IAuditNames
{
    /// <summary>The display names of those of <paramref name="ids"/> that are people and still here.</summary>
    Task<IReadOnlyDictionary<Guid, string>> FindAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancel);
}
