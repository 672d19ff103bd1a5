namespace JeanTrail.Gateway.Tests.Routing;

/// <summary>When a target may be chosen. It is noon of a November day in Lisbon.</summary>
public sealed class ConditionTests
{
    const string Plain = """{"model":"route","messages":[{"role":"user","content":"Hello there"}]}""";
    const string WithTools = """{"model":"route","tools":[{"type":"function","function":{"name":"look"}}],"messages":[{"role":"user","content":"Hello"}]}""";
    const string WithPicture = """{"model":"route","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AA"}}]}]}""";
    const string InRussian = """{"model":"route","messages":[{"role":"user","content":"Привет, как дела? Расскажи о гавани."}]}""";
    const string InArabic = """{"model":"route","messages":[{"role":"user","content":"مرحبا، كيف حالك؟ حدثني عن الميناء."}]}""";

    readonly PlannerBench bench = new();

    // Of the type object, because the type of the conditions is the module's own.
    public static TheoryData<string, object, string, bool> Conditions => new()
    {
        { "small enough", new RouteConditions(MaxInputTokens: 100), Plain, true },
        { "too large", new RouteConditions(MaxInputTokens: 5), Plain, false },
        { "large enough", new RouteConditions(MinInputTokens: 5), Plain, true },
        { "too small", new RouteConditions(MinInputTokens: 100), Plain, false },
        { "tools are fine", new RouteConditions(Tools: true), WithTools, true },
        { "tools are needed", new RouteConditions(Tools: true), Plain, false },
        { "no tools", new RouteConditions(Tools: false), WithTools, false },
        { "none there", new RouteConditions(Tools: false), Plain, true },
        { "sees", new RouteConditions(Modalities: ["image"]), WithPicture, true },
        { "hears, but is blind", new RouteConditions(Modalities: ["audio", "file"]), WithPicture, false },
        { "text needs nothing", new RouteConditions(Modalities: []), Plain, true },
        { "Russian", new RouteConditions(Languages: ["ru"]), InRussian, true },
        { "Arabic", new RouteConditions(Languages: ["ar"]), InArabic, true },
        { "not for Arabic", new RouteConditions(Languages: ["ru", "other"]), InArabic, false },
        { "other languages", new RouteConditions(Languages: ["other"]), Plain, true },
        { "not for others", new RouteConditions(Languages: ["ru", "ar"]), Plain, false },
        { "the plan", new RouteConditions(Plans: ["premium", "free"]), Plain, true },
        { "another plan", new RouteConditions(Plans: ["owner"]), Plain, false },
        { "noon in Lisbon", new RouteConditions(Hours: new RouteHours(new(9, 0), new(17, 0), "Europe/Lisbon")), Plain, true },
        { "evening in Saigon", new RouteConditions(Hours: new RouteHours(new(9, 0), new(17, 0), "Asia/Ho_Chi_Minh")), Plain, false },
        { "a span over midnight", new RouteConditions(Hours: new RouteHours(new(18, 30), new(6, 0), "Asia/Ho_Chi_Minh")), Plain, true },
        { "the end is not in it", new RouteConditions(Hours: new RouteHours(new(9, 0), new(12, 0), "Europe/Lisbon")), Plain, false },
        { "all must hold", new RouteConditions(MaxInputTokens: 100, Tools: true), Plain, false },
    };

    [Theory]
    [MemberData(nameof(Conditions))]
    public async Task A_target_takes_what_its_conditions_allow(string what, object when, string request, bool takes)
    {
        bench.Route(RouteStrategy.Priority, new RouteTargetRule("a/m", When: (RouteConditions)when), new RouteTargetRule("b/m"));

        var plan = (await bench.PlanAsync(request, "free")).Value;

        plan.Targets.Select(target => target.Id).ShouldBe(takes ? ["a/m", "b/m"] : ["b/m"], what);
        plan.Skipped.Count.ShouldBe(takes ? 0 : 1, what);
        plan.Skipped.ShouldAllBe(skipped => skipped.Model == "a/m" && skipped.Reason.Length > 10);
    }
}
