using System.Text.Json;
using System.Text.Json.Nodes;
using JeanTrail.Testing.Simulators;

namespace JeanTrail.Gateway.Tests.Dialects;

/// <summary>What must come out the same whoever answers: every dialect, over the wire, against the simulator of its vendor.</summary>
public abstract class DialectConformance : DialectFailureConformance
{
    [Theory, InlineData(false), InlineData(true)]
    public async Task Text_arrives(bool streamed)
    {
        NextAnswer("Good morning, Jean. The trail begins here.");

        var reply = await AskAsync("Hello", streamed);

        reply.Text.ShouldBe("Good morning, Jean. The trail begins here.");
        reply.Finish.ShouldBe("stop");
        reply.Done.ShouldBeTrue();
        reply.First.Calls.ShouldBeEmpty();
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Every_script_arrives_unharmed_however_it_is_torn(bool streamed)
    {
        string[] pieces = ["مرحبا بك", " Xin chào các bạn", " Привет, \"мир\"\n", "👩🏽", "\u200D🚀", " <&> \\ \u2028 e\u0301"];
        NextTorn(1);
        NextAnswer(new ScriptedAnswer { Pieces = pieces });

        var reply = await AskAsync("مرحبا — Xin chào — Привет — 👩🏽‍🚀", streamed);

        reply.Text.ShouldBe(string.Concat(pieces));
        TurnsOf(LastBody).Last().Text.ShouldBe("مرحبا — Xin chào — Привет — 👩🏽‍🚀");
    }

    [Fact]
    public async Task System_and_developer_messages_reach_the_model_as_its_instructions()
    {
        await SendAsync(Request("""[{"role":"system","content":"You are Jean."},{"role":"developer","content":"Be brief."},{"role":"user","content":"Hi"}]"""));

        var system = SystemOf(LastBody).ShouldNotBeNull();
        system.ShouldContain("You are Jean.");
        system.ShouldContain("Be brief.");
    }

    [Fact]
    public async Task Turns_keep_their_order_and_their_speakers()
    {
        await SendAsync(Request("""
            [{"role":"user","content":"One"},{"role":"assistant","content":"Two"},{"role":"user","content":[{"type":"text","text":"Three"}]},
             {"role":"assistant","content":[{"type":"text","text":"Four"}]},{"role":"user","content":"Five"}]
            """));

        TurnsOf(LastBody).ShouldBe([("user", "One"), ("assistant", "Two"), ("user", "Three"), ("assistant", "Four"), ("user", "Five")]);
    }

    [Fact]
    public async Task A_system_prompt_alone_is_answered()
        => (await SendAsync(Request("""[{"role":"system","content":"Say hello."}]"""))).Fault.ShouldBeNull();

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_call_of_a_tool_arrives_with_its_arguments(bool streamed)
    {
        NextAnswer(new ScriptedAnswer { Pieces = ["Let me look."], Calls = [new("get_weather", """{"city":"Thành phố Hồ Chí Minh","days":[1,2]}""")] });

        var reply = await AskAsync("How is the weather?", streamed, WithTools());

        var call = reply.First.Calls.ShouldHaveSingleItem();
        call.Name.ShouldBe("get_weather");
        call.Id.ShouldNotBeEmpty();
        JsonNode.DeepEquals(JsonNode.Parse(call.Arguments), JsonNode.Parse("""{"city":"Thành phố Hồ Chí Minh","days":[1,2]}""")).ShouldBeTrue(call.Arguments);
        reply.Text.ShouldBe("Let me look.");
        reply.Finish.ShouldBe("tool_calls");
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_call_without_arguments_has_an_empty_object(bool streamed)
    {
        NextAnswer(new ScriptedAnswer { Calls = [new("now", "{}")] });

        var reply = await AskAsync("What time is it?", streamed, """{"tools":[{"type":"function","function":{"name":"now"}}]}""");

        reply.First.Calls.ShouldHaveSingleItem().Arguments.ShouldBe("{}");
        reply.Text.ShouldBeEmpty();
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Two_calls_at_once_are_answered_in_one_turn(bool streamed)
    {
        NextAnswer(new ScriptedAnswer { Thinking = "Two cities.", Calls = [new("get_weather", """{"city":"Hanoi"}"""), new("get_weather", """{"city":"Kazan"}""")] });
        var request = Request("""[{"role":"user","content":"Hanoi or Kazan?"}]""", Merge(WithTools(), """{"reasoning_effort":"low"}"""), streamed);
        var first = await SendAsync(request, ThinkingModel);
        first.First.Calls.Select(call => call.Arguments).ShouldBe(["""{"city":"Hanoi"}""", """{"city":"Kazan"}"""]);
        first.First.Calls.Select(call => call.Id).Distinct().Count().ShouldBe(2);

        var messages = request["messages"]!.AsArray();
        messages.Add(first.First.Message);
        foreach (var call in first.First.Calls)
            messages.Add(new JsonObject { ["role"] = "tool", ["tool_call_id"] = call.Id, ["content"] = call.Arguments.Contains("Hanoi", StringComparison.Ordinal) ? "31 degrees" : """{"celsius":4}""" });
        NextAnswer("Hanoi is warmer.");
        var second = await SendAsync(request, ThinkingModel);

        second.Fault.ShouldBeNull();
        second.Text.ShouldBe("Hanoi is warmer.");
        LastBody.GetRawText().ShouldContain("31 degrees");
    }

    [Fact]
    public async Task Calls_that_another_model_made_are_accepted()
    {
        var reply = await SendAsync(Request("""
            [{"role":"user","content":"Weather?"},
             {"role":"assistant","content":null,"tool_calls":[{"id":"call:1/x","type":"function","function":{"name":"get_weather","arguments":"{\"city\":\"Hue\"}"}}]},
             {"role":"tool","tool_call_id":"call:1/x","content":"Rain."},
             {"role":"user","content":"And tomorrow?"}]
            """, Merge(WithTools(), """{"reasoning_effort":"medium"}""")), ThinkingModel);

        reply.Fault.ShouldBeNull();
    }

    [Fact]
    public async Task A_tool_can_be_forced()
    {
        NextAnswer(new ScriptedAnswer { Calls = [new("get_weather", """{"city":"Hue"}""")] });

        var reply = await AskAsync("Hue", false, Merge(WithTools(), """{"tool_choice":{"type":"function","function":{"name":"get_weather"}},"parallel_tool_calls":false,"reasoning_effort":"high"}"""), ThinkingModel);

        reply.Fault.ShouldBeNull();
        ForcedToolOf(LastBody).ShouldBe("get_weather");
        reply.First.Calls.ShouldHaveSingleItem();
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_answer_after_a_schema_is_the_content(bool streamed)
    {
        NextAnswer(JsonAnswer("""{"city":"Đà Nẵng","degrees":29}"""));

        var reply = await AskAsync("Where?", streamed, """
            {"response_format":{"type":"json_schema","json_schema":{"name":"place","strict":true,"schema":
              {"type":"object","properties":{"city":{"type":"string"},"degrees":{"type":"integer"}},"required":["city","degrees"],"additionalProperties":false}}}}
            """);

        reply.Fault.ShouldBeNull();
        JsonNode.DeepEquals(JsonNode.Parse(reply.Text), JsonNode.Parse("""{"city":"Đà Nẵng","degrees":29}""")).ShouldBeTrue(reply.Text);
        reply.Finish.ShouldBe("stop");
        reply.First.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Pictures_reach_the_model_as_data_and_as_addresses()
    {
        var reply = await SendAsync(Request($$$"""
            [{"role":"user","content":[{"type":"text","text":"Compare."},
              {"type":"image_url","image_url":{"url":"data:image/png;base64,{{{Png}}}","detail":"high"}},
              {"type":"image_url","image_url":{"url":"https://pictures.example/cat.png"}}]}]
            """));

        reply.Fault.ShouldBeNull();
        ImagesOf(LastBody).ShouldBe(["image/png " + Png, "https://pictures.example/cat.png"]);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Reasoning_stands_apart_from_the_answer(bool streamed)
    {
        NextAnswer(new ScriptedAnswer { Thinking = "Think of the hills first.", Pieces = ["The ", "hills."], ThinkingTokens = 7 });

        var reply = await AskAsync("Where to?", streamed, """{"reasoning_effort":"medium","stream_options":{"include_usage":true}}""", ThinkingModel);

        reply.Fault.ShouldBeNull();
        reply.First.Reasoning.ToString().ShouldBe("Think of the hills first.");
        reply.Text.ShouldBe("The hills.");
        reply.Usage.GetProperty("completion_tokens_details").GetProperty("reasoning_tokens").GetInt32().ShouldBe(7);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task The_limit_of_tokens_ends_an_answer_with_length(bool streamed)
    {
        NextAnswer("one two three four five");

        var reply = await AskAsync("Count", streamed, """{"max_tokens":2}""");

        reply.Text.ShouldBe("one two");
        reply.Finish.ShouldBe("length");
    }

    [Theory, InlineData("\"three\""), InlineData("[\"never\",\"three\"]")]
    public async Task A_stop_sequence_ends_an_answer(string stop)
    {
        NextAnswer("one two three four five");

        var reply = await AskAsync("Count", true, $$"""{"stop":{{stop}}}""");

        reply.Text.ShouldBe("one two ");
        reply.Finish.ShouldBe("stop");
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Tokens_are_counted_with_those_from_the_cache(bool streamed)
    {
        NextAnswer(new ScriptedAnswer { Pieces = ["one", " two", " three"], InputTokens = 40, CachedTokens = 1000 });

        var reply = await AskAsync("Count", streamed, """{"stream_options":{"include_usage":true}}""");

        reply.Usage.GetProperty("prompt_tokens").GetInt32().ShouldBe(1040);
        reply.Usage.GetProperty("completion_tokens").GetInt32().ShouldBe(3);
        reply.Usage.GetProperty("total_tokens").GetInt32().ShouldBe(1043);
        reply.Usage.GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32().ShouldBe(1000);
        if (reply.Facts is not { } facts)
            return;
        facts.InputTokens.ShouldBe(1040);
        facts.CachedInputTokens.ShouldBe(1000);
        facts.OutputTokens.ShouldBe(3);
        facts.OutputBytes.ShouldBe("one two three".Length);
        facts.FinishReason.ShouldBe("stop");
    }

    [Fact]
    public async Task Tokens_are_not_counted_in_a_stream_unless_asked_for()
    {
        NextAnswer("one two three");

        var reply = await AskAsync("Count", true);

        reply.Usage.ValueKind.ShouldBe(JsonValueKind.Undefined);
        reply.Events.ShouldAllBe(item => !item.GetRawText().Contains("\"usage\""));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task What_the_vendor_holds_back_ends_with_content_filter(bool streamed)
    {
        NextAnswer(new ScriptedAnswer { Pieces = ["I "], Filtered = true });

        var reply = await AskAsync("Something", streamed);

        reply.Finish.ShouldBe("content_filter");
        reply.Text.ShouldBe("I ");
    }
}
