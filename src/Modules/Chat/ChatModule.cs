using JeanTrail.Chat.Attachments;
using JeanTrail.Chat.Context;
using JeanTrail.Chat.Conversations;
using JeanTrail.Chat.Describing;
using JeanTrail.Chat.Marks;
using JeanTrail.Chat.Memory;
using JeanTrail.Chat.Messages;
using JeanTrail.Chat.Private;
using JeanTrail.Chat.Projects;
using JeanTrail.Chat.Recordings;
using JeanTrail.Chat.Search;
using JeanTrail.Chat.Sharing;
using JeanTrail.Chat.Templates;
using JeanTrail.Chat.Together;
using JeanTrail.Chat.Transfer.Export;
using JeanTrail.Chat.Transfer.Import;
using JeanTrail.Chat.Trees;
using JeanTrail.Chat.Turns;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Hosting;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Jobs;
using JeanTrail.Kernel.Messaging;
using JeanTrail.Kernel.Privacy;
using JeanTrail.Kernel.Realtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JeanTrail.Chat;

/// <summary>The public face of the Chat module: conversations as trees, and turns that no crash loses.</summary>
public static class ChatModule
{
    /// <summary>Registers the module. <paramref name="configuration"/> is its own section.</summary>
    public static IServiceCollection AddChat(this IServiceCollection services, IConfiguration configuration)
    {
        DapperSetup.AddId<ConversationId>();
        DapperSetup.AddId<MessageId>();
        DapperSetup.AddId<TurnId>();
        DapperSetup.AddId<AttachmentId>();
        DapperSetup.AddId<MarkId>();
        DapperSetup.AddId<ShareId>();
        DapperSetup.AddId<CommentId>();
        DapperSetup.AddId<MemoryId>();
        DapperSetup.AddId<InvitationId>();
        services.AddOptions<ChatOptions>().Bind(configuration).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<AttachmentOptions>().Bind(configuration.GetSection("Attachments")).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ContextOptions>().Bind(configuration.GetSection("Context")).ValidateDataAnnotations().ValidateOnStart();
        services.AddValidation();
        return services
            .AddMigrations("chat", typeof(ChatModule).Assembly)
            .AddSingleton<ConversationChanges>()
            .AddSingleton<PruneBranch.Pruning>()
            .AddSingleton<BoundedProgram>()
            .AddSingleton<AttachmentContents>()
            .AddSingleton<AttachmentStore>()
            .AddSingleton<AttachmentDelivery>()
            .AddSingleton<SharedTalks>()
            .AddSingleton<TurnRegistry>()
            .AddSingleton<TurnContext>()
            .AddSingleton<TurnContents>()
            .AddSingleton<TurnAnswerer>()
            .AddSingleton<ContextBuilder>()
            .AddSingleton<ModelTokens>()
            .AddSingleton<EarlierMessages>()
            .AddSingleton<SummaryWriter>()
            .AddHostedService(provider => provider.GetRequiredService<SummaryWriter>())
            .AddSingleton<TurnCloser>()
            .AddSingleton<TurnSurroundings>()
            .AddSingleton<TurnStarter>()
            .AddSingleton<TurnFollower>()
            .AddSingleton<TurnRunner>()
            // Order matters when stopping (the reverse): the runner waits for its turns while the flusher still writes.
            .AddSingleton<ITurnLog, TurnLog>()
            .AddHostedService<TurnFlusher>()
            .AddWorkerService<TurnReaper>()
            .AddPersonTables(ChatPersonTables.All)
            .AddHostedService<StopListener>()
            .AddHostedService(provider => provider.GetRequiredService<TurnRunner>())
            .AddRecordings()
            .AddFinding()
            .AddTogether()
            .AddPrivate()
            .AddMemory()
            .AddPeriodicTask<PurgeDeleted>("chat.purge-deleted", TimeSpan.FromHours(6))
            .AddPeriodicTask<MakeWebPCopies>("chat.webp-copies", TimeSpan.FromSeconds(20))
            .AddPeriodicTask<CleanAttachments>("chat.clean-attachments", TimeSpan.FromHours(1))
            .AddTransfer();
    }

    static IServiceCollection AddRecordings(this IServiceCollection services) => services
        .AddSingleton<RecordingDecoder>()
        .AddSingleton<TranscriptQueue>()
        .AddSingleton<TranscriptWait>()
        .AddJobHandler<TranscribeRecording, TranscribeRecording.Arguments>(new JobPolicy(TranscribeRecording.MostAttempts) { FirstRetry = TimeSpan.FromSeconds(2), AtOnce = TranscribeRecording.AtOnce })
        .AddPeriodicTask<TranscriptUpkeep>("chat.transcripts", TimeSpan.FromSeconds(30));

    static IServiceCollection AddFinding(this IServiceCollection services) => services
        .AddSingleton<Stems>()
        .AddSingleton<SearchedConversations>()
        .AddSingleton<SegmentWalk>()
        .AddSingleton<FoundMessages>()
        .AddSingleton<Snippets>()
        .AddSingleton<MessageSearch>()
        .AddSingleton<MeaningSearch>()
        .AddSingleton<WordsInConversation>()
        .AddPeriodicTask<MeaningIndex>("chat.measure-meaning", MeaningIndex.Interval)
        .AddSingleton<MessageIndex>()
        .AddWorkerService<SearchIndexer>()
        .AddEventConsumer<TurnCompleted, WakeIndexer>("chat.wake-indexer")
        .AddSingleton<ModelObjects>()
        .AddSingleton<ModelLabels>()
        .AddJobHandler<DescribeConversation, DescribeConversation.Arguments>(new JobPolicy(MaxAttempts: 3))
        .AddEventConsumer<TurnCompleted, DescribeWhenAnswered>("chat.describe");

    static IServiceCollection AddTogether(this IServiceCollection services) => services
        .AddSingleton<ConversationNews>()
        .AddSingleton<ITopicAuthorizer, LiveTopic>()
        .AddSingleton<ProjectNews>()
        .AddEventConsumer<WorkspaceDeleted, KeepProjects>("chat.keep-projects")
        .AddSingleton<OpenReaders>()
        .AddHostedService(provider => provider.GetRequiredService<OpenReaders>());

    static IServiceCollection AddPrivate(this IServiceCollection services) => services
        .AddSingleton<PrivateNews>()
        .AddSingleton<SealedTurns>()
        .AddSingleton<ITurnLog, SealedLog>()
        .AddSingleton<PrivateTurnStarter>()
        .AddSingleton<PrivateTurnReader>();

    static IServiceCollection AddMemory(this IServiceCollection services) => services
        .AddSingleton<MemoryBook>()
        .AddSingleton<IMemory>(provider => provider.GetRequiredService<MemoryBook>())
        .AddSingleton<MemoryProposals>()
        .AddJobHandler<ProposeMemory, ProposeMemory.Arguments>(new JobPolicy(MaxAttempts: 3))
        .AddEventConsumer<TurnCompleted, ProposeWhenAnswered>("chat.propose-memory")
        .AddPeriodicTask<MemoryUpkeep>("chat.memory-upkeep", TimeSpan.FromMinutes(15));

    static IServiceCollection AddTransfer(this IServiceCollection services) => services
        .AddSingleton<ExportSource>()
        .AddSingleton<ExportFonts>()
        .AddSingleton<MarkdownExport>()
        .AddSingleton<JsonExport>()
        .AddSingleton<CsvExport>()
        .AddSingleton<HtmlExport>()
        .AddSingleton<PdfPrinter>()
        .AddSingleton<ExportWriter>()
        .AddSingleton<ImportUpload>()
        .AddSingleton<ImportFiles>()
        .AddSingleton<ImportWriter>()
        .AddJobHandler<ImportJob, ImportArguments>()
        .AddPeriodicTask<PurgeImports>("chat.purge-imports", TimeSpan.FromHours(6));

    /// <summary>Maps the endpoints below <c>/api/chat</c>.</summary>
    public static RouteGroupBuilder MapChat(this RouteGroupBuilder routes)
    {
        routes.WithTags("Chat").RequireAuthorization(Policies.SignedIn).OpenToKeys(ApiScopes.ChatRead, ApiScopes.ChatWrite);
        ListConversations.Map(routes);
        CreateConversation.Map(routes);
        GetConversation.Map(routes);
        ChangeConversation.Map(routes);
        SortConversation.Map(routes);
        ListTags.Map(routes);
        ListRelated.Map(routes);
        ListProjects.Map(routes);
        CreateProject.Map(routes);
        ChangeProject.Map(routes);
        ListMessages.Map(routes);
        ListSiblings.Map(routes);
        GetTree.Map(routes);
        CopyBranch.Map(routes);
        TakeBranch.Map(routes);
        PruneBranch.Map(routes);
        SearchMessages.Map(routes);
        FindPlace.Map(routes);
        StartTurn.Map(routes);
        ContinueTurn.Map(routes);
        StopTurn.Map(routes);
        FollowTurn.Map(routes);
        UploadAttachment.Map(routes);
        ReadAttachment.Map(routes);
        DeleteAttachment.Map(routes);
        Transcript.Map(routes);
        ConversationSettings.Map(routes);
        PinMessage.Map(routes);
        GetContext.Map(routes);
        AddMark.Map(routes);
        ChangeMark.Map(routes);
        ListMarks.Map(routes);
        ListTemplates.Map(routes);
        SaveTemplate.Map(routes);
        ExportConversations.Map(routes);
        CreateShare.Map(routes);
        ManageShares.Map(routes);
        ReadShared.Map(routes);
        CommentOnShared.Map(routes);
        ManageComments.Map(routes);
        CopyShared.Map(routes);
        ListMemory.Map(routes);
        WriteMemory.Map(routes);
        DecideMemory.Map(routes);
        MemorySwitch.Map(routes);
        People.Map(routes);
        Invitations.Map(routes);
        Presence.Map(routes);
        SharedDrafts.Map(routes);
        ConversationHistory.Map(routes);
        PrivateKeys.Map(routes);
        PrivateConversations.Map(routes);
        PrivateMessages.Map(routes);
        StartPrivateTurn.Map(routes);
        FollowPrivateTurn.Map(routes);
        Imports.Map(routes, ((IEndpointRouteBuilder)routes).ServiceProvider.GetRequiredService<IOptions<ChatOptions>>().Value);
        return routes;
    }

    /// <summary>Maps the pages of shared conversations below <c>/share</c>, which everybody may open who has the link.</summary>
    public static IEndpointRouteBuilder MapSharedPages(this IEndpointRouteBuilder routes)
    {
        SharePage.Map(routes);
        return routes;
    }
}
