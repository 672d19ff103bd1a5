using JeanTrail.Accounts.ApiKeys;
using JeanTrail.Accounts.Ceremonies;
using JeanTrail.Accounts.Deletion;
using JeanTrail.Accounts.Email;
using JeanTrail.Accounts.External;
using JeanTrail.Accounts.Letters;
using JeanTrail.Accounts.Passkeys;
using JeanTrail.Accounts.Passwords;
using JeanTrail.Accounts.Places;
using JeanTrail.Accounts.Plans;
using JeanTrail.Accounts.Profile;
using JeanTrail.Accounts.Proofs;
using JeanTrail.Accounts.Sessions;
using JeanTrail.Accounts.Settings;
using JeanTrail.Accounts.Setup;
using JeanTrail.Accounts.SignIn;
using JeanTrail.Accounts.SignUp;
using JeanTrail.Accounts.Teams;
using JeanTrail.Accounts.Tokens;
using JeanTrail.Accounts.TwoFactor;
using JeanTrail.Accounts.Users;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Jobs;
using JeanTrail.Kernel.Privacy;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Accounts;

/// <summary>The public face of the Accounts module.</summary>
public static class AccountsModule
{
    /// <summary>
    /// Registers the module with its authentication scheme and the policies of <see cref="Policies"/>.
    /// <paramref name="configuration"/> is its own section.
    /// </summary>
    public static IServiceCollection AddAccounts(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidation();
        services.AddOptions<AccountsOptions>().Bind(configuration).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<PasswordVault>();
        services.AddSingleton<BreachedPasswords>();
        services.AddSingleton<IPlaces, Places.Places>();
        services.AddSingleton<SessionIssuer>();
        services.AddSingleton<LiveSessions>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveSessions>());
        services.AddSingleton<AttemptThrottle>();
        services.AddSingleton<Entrance>();
        services.AddSingleton<EarlierSessions>();
        services.AddSingleton<SignInTickets>();
        services.AddSingleton<SignInAnswers>();
        services.AddSingleton<SecondFactors>();
        services.AddSingleton<SecondFactor.SecondDoor>();
        services.AddSingleton<StepUp.Prover>();
        services.AddSingleton<ConfirmTotp.Confirmation>();
        services.AddSingleton<RemoveTotp.Removal>();
        services.AddSingleton<SignInWithPassword.SignInDoor>();
        services.AddSingleton<CreateOwner.FirstOwner>();
        services.AddSingleton<OwnerSetup>();
        services.AddSingleton<IOwnerSetup>(provider => provider.GetRequiredService<OwnerSetup>());
        AddProofs(services);
        AddPasskeys(services);
        AddExternal(services);
        services.AddSingleton<PreferenceStore>();
        services.AddSingleton<IPreferences>(provider => provider.GetRequiredService<PreferenceStore>());
        services.AddSingleton<IUserAdministration, UserAdministration>();
        services.AddSingleton<IUserDirectory, UserDirectory>();
        services.AddSingleton<IParties, Parties>();
        services.AddSingleton<UserChanges>();
        services.AddSingleton<IAuditNames, PeopleNames>();
        AddTeams(services);
        services.AddSingleton<IQuotas, Quotas>();
        services.AddSingleton<UsageReport>();
        services.AddPeriodicTask<StuffingWatch>("accounts.stuffing", StuffingWatch.Interval);
        services.AddPeriodicTask<AccountsUpkeep>("accounts.upkeep", AccountsUpkeep.Interval);
        AddPrograms(services);
        AddDeletion(services);
        AddSecurity(services);
        return services.AddMigrations("accounts", typeof(AccountsModule).Assembly);
    }

    /// <summary>Maps the endpoints below <c>/api/accounts</c>.</summary>
    public static RouteGroupBuilder MapAccounts(this RouteGroupBuilder routes)
    {
        routes.WithTags("Accounts");
        GetSetup.Map(routes);
        CreateOwner.Map(routes);
        SignInWithPassword.Map(routes);
        SecondFactor.Map(routes);
        SignOut.Map(routes);
        GetSession.Map(routes);
        ListSessions.Map(routes);
        RevokeSession.Map(routes);
        RevokeOtherSessions.Map(routes);
        GetPreferences.Map(routes);
        PutPreferences.Map(routes);
        StepUp.Map(routes);
        GetTwoFactor.Map(routes);
        BeginTotp.Map(routes);
        ConfirmTotp.Map(routes);
        RemoveTotp.Map(routes);
        RenewRecoveryCodes.Map(routes);
        ListPermissions.Map(routes);
        ListUsers.Map(routes);
        GetUser.Map(routes);
        SetRole.Map(routes);
        SuspendUser.Map(routes);
        SignUserOut.Map(routes);
        Impersonate.Map(routes);
        ListPlans.Map(routes);
        SetPlan.Map(routes);
        GetUsage.Map(routes);
        MapTeams(routes);
        MapProofs(routes);
        MapPrograms(routes);
        AskDeletion.Map(routes);
        CancelDeletionByLetter.Map(routes);
        ExportData.Map(routes);
        MapPasskeys(routes);
        MapExternal(routes);
        return routes;
    }

    static void MapPasskeys(RouteGroupBuilder routes)
    {
        GetStepUpWays.Map(routes);
        BeginPasskey.Map(routes);
        AddPasskey.Map(routes);
        ListPasskeys.Map(routes);
        RenamePasskey.Map(routes);
        RemovePasskey.Map(routes);
        BeginPasskeySignIn.Map(routes);
        SignInWithPasskey.Map(routes);
        StepUpWithPasskey.Map(routes);
        StepUpElsewhere.Map(routes);
    }

    /// <summary>Signing in with accounts elsewhere, and the providers the owner allows.</summary>
    static void MapExternal(RouteGroupBuilder routes)
    {
        ListExternalProviders.Map(routes);
        ExternalSignIn.Map(routes);
        ExternalLinks.Map(routes);
        ListIdentityProviders.Map(routes);
        CreateIdentityProvider.Map(routes);
        UpdateIdentityProvider.Map(routes);
        DeleteIdentityProvider.Map(routes);
    }

    /// <summary>Teams, who is in them, and what they share.</summary>
    static void MapTeams(RouteGroupBuilder routes)
    {
        var teams = routes.MapGroup("").ReachesOthers();
        ListTeams.Map(teams);
        CreateTeam.Map(teams);
        GetTeam.Map(teams);
        RenameTeam.Map(teams);
        DeleteTeam.Map(teams);
        SetMemberRole.Map(teams);
        RemoveMember.Map(teams);
        TransferTeam.Map(teams);
        Invite.Map(teams);
        AcceptInvitation.Map(teams);
        Workspaces.Map(teams);
        TeamAnalytics.Map(teams);
    }

    /// <summary>What is proven by letter: making an account, passwords, magic links, addresses.</summary>
    static void MapProofs(RouteGroupBuilder routes)
    {
        AccountSettings.Map(routes);
        StartSignUp.Map(routes);
        FinishSignUp.Map(routes);
        ForgotPassword.Map(routes);
        ResetPassword.Map(routes);
        ChangePassword.Map(routes);
        SendMagicLink.Map(routes);
        EnterByMagicLink.Map(routes);
        GetEmail.Map(routes);
        SendVerification.Map(routes);
        ChangeEmail.Map(routes);
        ConfirmEmail.Map(routes);
        UndoEmail.Map(routes);
    }

    /// <summary>How programs come in: API keys, and tokens for e-mail address and password.</summary>
    static void MapPrograms(RouteGroupBuilder routes)
    {
        ListApiKeys.Map(routes);
        CreateApiKey.Map(routes);
        RotateApiKey.Map(routes);
        RevokeApiKey.Map(routes);
        ReportLeakedApiKey.Map(routes);
        IssueTokens.Map(routes);
        RefreshTokens.Map(routes);
        RevokeTokens.Map(routes);
    }

    static void AddPrograms(IServiceCollection services)
    {
        services.AddSingleton<LiveApiKeys>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveApiKeys>());
        services.AddPeriodicTask<ApiKeyRotation>("accounts.api-key-rotation", ApiKeyRotation.Interval);
        services.AddSingleton<TokenIssuer>();
        services.AddSingleton<IssueTokens.TokenDoor>();
        services.AddSingleton<RefreshTokens.Refresh>();
    }

    static void AddDeletion(IServiceCollection services)
    {
        services.AddPersonTables(AccountsPersonTables.All);
        services.AddSingleton<DeletionStore>();
        services.AddSingleton<AskDeletion.Asking>();
        services.AddPeriodicTask<Erasure>("accounts.erasure", Erasure.Interval);
    }

    static void AddTeams(IServiceCollection services)
    {
        DapperSetup.AddId<TeamId>();
        DapperSetup.AddId<WorkspaceId>();
        services.AddSingleton<ITeams, TeamDirectory>();
        services.AddSingleton<TeamChange>();
        services.AddSingleton<Invitations>();
        services.AddSingleton<Invite.Sender>();
        services.AddSingleton<AcceptInvitation.Acceptance>();
    }

    static void AddProofs(IServiceCollection services)
    {
        services.AddSingleton<ProofStore>();
        services.AddSingleton<ProofDoor>();
        services.AddSingleton<AccountLetters>();
        services.AddSingleton<IKeyLetters, KeyLetters>();
        services.AddSingleton<SecurityNotices>();
        services.AddSingleton<SignInLinks>();
        services.AddSingleton<SignUpPolicy>();
        services.AddSingleton<StartSignUp.Start>();
        services.AddSingleton<FinishSignUp.NewAccount>();
        services.AddSingleton<OwnPassword>();
        services.AddSingleton<ResetPassword.NewPassword>();
        services.AddSingleton<ResetPassword.NewPasswordStore>();
        services.AddSingleton<ChangePassword.Change>();
        services.AddSingleton<EnterByMagicLink.LinkDoor>();
        services.AddSingleton<ChangeEmail.Change>();
        services.AddSingleton<ConfirmEmail.Confirmation>();
        services.AddSingleton<UndoEmail.Undo>();
    }

    static void AddPasskeys(IServiceCollection services)
    {
        services.AddSingleton<CeremonyStore>();
        services.AddSingleton<WaysIn>();
        services.AddSingleton<PasskeyAuthority>();
        services.AddSingleton<PasskeyUses>();
        services.AddSingleton<AddPasskey.Addition>();
        services.AddSingleton<SignInWithPasskey.PasskeyDoor>();
        services.AddSingleton<StepUpWithPasskey.Proof>();
    }

    static void AddExternal(IServiceCollection services)
    {
        services.AddSingleton<IdentityProviders>();
        services.AddSingleton<ExternalHttp>();
        services.AddSingleton<OidcDirectory>();
        services.AddSingleton<OidcDialect>();
        services.AddSingleton<GitHubDialect>();
        services.AddSingleton<ExternalFlow>();
        services.AddSingleton<ExternalSignUp>();
        services.AddSingleton<ExternalSignIn.ExternalDoor>();
        services.AddSingleton<ExternalLinks.Connection>();
        services.AddSingleton<StepUpElsewhere.Proof>();
        services.AddSingleton<CreateIdentityProvider.Creation>();
        services.AddSingleton<UpdateIdentityProvider.Change>();
    }

    static void AddSecurity(IServiceCollection services)
    {
        services.AddAuthentication(SessionAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, SessionAuthentication>(SessionAuthentication.SchemeName, null);
        services.AddPermissions();
    }
}
