using System.ComponentModel.DataAnnotations;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Paging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Templates;

internal static class ListTemplates
{
    // What others share is bounded here, so that one busy author does not make everybody's menu slow.
    const string Sql = """
        select t.template_id::text as id, case when t.owner_id = @Owner then 'own' else 'shared' end as origin, t.trade, t.name, t.about, t.body,
            t.variables::text as variables, t.shared, t.owner_id = @Owner or @Manages::boolean as can_edit
        from chat.template t where t.owner_id = @Owner or t.shared
        order by t.owner_id = @Owner desc, t.updated_at desc limit 1000
        """;

    internal static void Map(RouteGroupBuilder routes) => routes.MapGet("/templates", Handle)
        .WithName("Chat_ListTemplates").WithSummary("The person's templates, those that others share, and the built-in starters")
        .WithExample(response: Page.Whole<Template>([Template.Example]));

    static async Task<Ok<Page<Template>>> Handle(
        Caller caller, Db db, IPreferences preferences, CancellationToken cancel, [RegularExpression("^(en|ar|vi|ru)$")] string? language = null)
    {
        var rows = await db.QueryAsync<Row>(Sql, new { Owner = caller.UserId, Manages = caller.May(Permissions.UsersManage) }, cancel);
        language ??= (await preferences.GetAsync(caller.UserId, cancel)).Locale ?? "en";
        return TypedResults.Ok(Page.Whole<Template>([.. rows.Select(row => row.ToTemplate()), .. Starters.In(language)]));
    }

    sealed record Row(string Id, string Origin, string Trade, string Name, string About, string Body, string Variables, bool Shared, bool CanEdit)
    {
        public Template ToTemplate() => new(Id, Origin, Trade, Name, About, Body, Messages.ChatJson.Read<List<SaveTemplate.Variable>>(Variables)!, Shared, CanEdit);
    }
}
