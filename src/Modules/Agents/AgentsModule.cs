using JeanTrail.Agents.Arithmetic;
using JeanTrail.Agents.Chance;
using JeanTrail.Agents.Codes;
using JeanTrail.Agents.Notes;
using JeanTrail.Agents.Reminders;
using JeanTrail.Agents.Settings;
using JeanTrail.Agents.Skills;
using JeanTrail.Agents.Talk;
using JeanTrail.Agents.Text;
using JeanTrail.Agents.Time;
using JeanTrail.Agents.Units;
using JeanTrail.Contracts.Agents;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Hosting;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Privacy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JeanTrail.Agents;

/// <summary>The public face of the Agents module: Jean's built-in skills, notes and reminders.</summary>
public static class AgentsModule
{
    /// <summary>Registers the module. <paramref name="configuration"/> is its own section.</summary>
    public static IServiceCollection AddAgents(this IServiceCollection services, IConfiguration configuration)
    {
        _ = configuration;
        services.AddValidation();
        services.TryAddSingleton(TimeProvider.System);
        services.AddMigrations("agents", typeof(AgentsModule).Assembly);
        services.AddPersonTables(AgentsPersonTables.All);
        services.AddSingleton<NoteBook>();
        services.AddSingleton<ReminderBook>();
        services.AddWorkerService<ReminderBell>();
        AddSkills(services);
        services.AddSingleton<ISkillEngine, SkillEngine>();
        return services;
    }

    /// <summary>Maps the endpoints below <c>/api/agents</c>.</summary>
    public static RouteGroupBuilder MapAgents(this RouteGroupBuilder routes)
    {
        routes.WithTags("Agents").OpenToKeys(ApiScopes.AgentsRead, ApiScopes.AgentsWrite);
        ListSkills.Map(routes);
        NoteEndpoints.Map(routes);
        ReminderEndpoints.Map(routes);
        return routes;
    }

    /// <summary>
    /// The order is the precedence: of two skills whose phrases both fit, the first that can make sense of the words answers. What is
    /// narrow stands before what is wide, and free text (notes, reminders) after what names an action on them.
    /// </summary>
    static void AddSkills(IServiceCollection services) => services
        .AddSingleton<ISkill, RepeatSkill>()
        .AddSingleton<ISkill, GreetingSkill>()
        .AddSingleton<ISkill, ThanksSkill>()
        .AddSingleton<ISkill, GoodbyeSkill>()
        .AddSingleton<ISkill, HelpSkill>()
        .AddSingleton<ISkill, AboutSkill>()
        .AddSingleton<ISkill, ThemeSkill>()
        .AddSingleton<ISkill, LanguageSkill>()
        .AddSingleton<ISkill, VoiceSkill>()
        .AddSingleton<ISkill, ConnectModelSkill>()
        .AddSingleton<ISkill, NavigateSkill>()
        .AddSingleton<ISkill, ReminderListSkill>()
        .AddSingleton<ISkill, ReminderCancelSkill>()
        .AddSingleton<ISkill, ReminderSetSkill>()
        .AddSingleton<ISkill, NumberBaseSkill>()
        .AddSingleton<ISkill, NoteListSkill>()
        .AddSingleton<ISkill, NoteDeleteSkill>()
        .AddSingleton<ISkill, NoteFindSkill>()
        .AddSingleton<ISkill, NoteAddSkill>()
        .AddSingleton<ISkill, RandomSkill>()
        .AddSingleton<ISkill, JsonSkill>()
        .AddSingleton<ISkill, ColourSkill>()
        .AddSingleton<ISkill, PickSkill>()
        .AddSingleton<ISkill, SummarySkill>()
        .AddSingleton<ISkill, AskTextSkill>()
        .AddSingleton<ISkill, TextCountSkill>()
        .AddSingleton<ISkill, TextTransformSkill>()
        .AddSingleton<ISkill, SpellingSkill>()
        .AddSingleton<ISkill, EncodeSkill>()
        .AddSingleton<ISkill, PasswordSkill>()
        .AddSingleton<ISkill, BmiSkill>()
        .AddSingleton<ISkill, InterestSkill>()
        .AddSingleton<ISkill, PercentageSkill>()
        .AddSingleton<ISkill, LeapYearSkill>()
        .AddSingleton<ISkill, CalendarSkill>()
        .AddSingleton<ISkill, AgeSkill>()
        .AddSingleton<ISkill, TimeConvertSkill>()
        .AddSingleton<ISkill, TimeInPlaceSkill>()
        .AddSingleton<ISkill, TimeNowSkill>()
        .AddSingleton<ISkill, DaysUntilSkill>()
        .AddSingleton<ISkill, DateMathSkill>()
        .AddSingleton<ISkill, DateTodaySkill>()
        .AddSingleton<ISkill, UnitConversionSkill>()
        .AddSingleton<ISkill, CurrencySkill>()
        .AddSingleton<ISkill, ArithmeticSkill>();
}
