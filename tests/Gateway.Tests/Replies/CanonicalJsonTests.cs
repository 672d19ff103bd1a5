using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using JeanTrail.Gateway.Replies;

namespace JeanTrail.Gateway.Tests.Replies;

public sealed class CanonicalJsonTests
{
    static string Canonical(string json)
    {
        using var canonical = new CanonicalJson();
        return Encoding.UTF8.GetString(canonical.Write(Encoding.UTF8.GetBytes(json)));
    }

    [Theory]
    [InlineData("""{ "b" : 1 , "a" : [ true , null , "x" ] }""", """{"a":[true,null,"x"],"b":1}""")]
    [InlineData("""{"a":{"z":1,"y":{"b":2,"a":3}},"Z":[]}""", """{"Z":[],"a":{"y":{"a":3,"b":2},"z":1}}""")]
    [InlineData("""{"a":"\u0041\/\u00e9\n\u0001\"\\"}""", """{"a":"A/é\u000a\u0001\"\\"}""")]
    [InlineData("""{"\u0061":1}""", """{"a":1}""")]
    [InlineData("""[{},[],""]""", """[{},[],""]""")]
    [InlineData("""{"ab":1,"a":2}""", """{"a":2,"ab":1}""")]
    public void Members_are_sorted_white_space_is_gone_and_strings_have_one_spelling(string json, string canonical) => Canonical(json).ShouldBe(canonical);

    [Theory]
    [InlineData("1", "1")]
    [InlineData("1.0", "1")]
    [InlineData("10e-1", "1")]
    [InlineData("0.01E2", "1")]
    [InlineData("100", "1e2")]
    [InlineData("1E+2", "1e2")]
    [InlineData("0", "0")]
    [InlineData("-0.000", "0")]
    [InlineData("0e7", "0")]
    [InlineData("-1.50", "-15e-1")]
    [InlineData("0.1", "1e-1")]
    [InlineData("123456789012345678901234567890.5", "1234567890123456789012345678905e-1")]
    public void Numbers_have_one_spelling_and_keep_all_their_digits(string number, string canonical) => Canonical(number).ShouldBe(canonical);

    [Fact]
    public void What_does_not_change_the_answer_is_left_out_at_the_top_and_kept_below()
        => Canonical("""{"stream":true,"model":"m","stream_options":{"include_usage":true},"user":"u","prompt_cache_key":"k","metadata":{"a":1},"store":false,"x":{"user":"u"}}""")
            .ShouldBe("""{"model":"m","x":{"user":"u"}}""");

    [Fact]
    public void Half_a_surrogate_pair_does_no_harm() => Canonical("""{"a":"\ud83d","b":"\ud83d\ude42"}""").ShouldBe("""{"a":"\ud83d","b":"🙂"}""");

    [Fact]
    public void Depth_is_no_trouble()
    {
        var deep = string.Concat(Enumerable.Repeat("""{"b":1,"a":""", 100)) + "1" + new string('}', 100);
        Canonical(deep).ShouldBe(string.Concat(Enumerable.Repeat("""{"a":""", 100)) + "1" + string.Concat(Enumerable.Repeat(""","b":1}""", 100)));
    }

    [Fact]
    public void Neither_the_order_of_members_nor_white_space_nor_escapes_change_it()
        => Check.QuickThrowOnFailure(Prop.ForAll((int seed) =>
        {
            var value = Value(new System.Random(seed), depth: 4);
            Canonical(Spell(value, new System.Random(seed + 1))).ShouldBe(Canonical(Spell(value, new System.Random(seed + 2))));
        }));

    [Fact]
    public void It_means_what_the_original_means()
        => Check.QuickThrowOnFailure(Prop.ForAll((int seed) =>
        {
            var value = Value(new System.Random(seed), depth: 4);
            JsonNode.DeepEquals(JsonNode.Parse(Canonical(value!.ToJsonString())), value).ShouldBeTrue();
        }));

    [Fact]
    public void Any_other_value_changes_it()
        => Check.QuickThrowOnFailure(Prop.ForAll((int seed) =>
        {
            var random = new System.Random(seed);
            var value = Value(random, depth: 4);
            var other = value!.DeepClone();
            var places = Leaves(other).ToList();
            if (places.Count == 0)
                return;
            var (parent, name) = places[random.Next(places.Count)];
            Change(parent, name, random);
            Canonical(other.ToJsonString()).ShouldNotBe(Canonical(value.ToJsonString()));
        }));

    static JsonNode Value(System.Random random, int depth) => random.Next(depth == 0 ? 4 : 7) switch
    {
        0 => JsonValue.Create(random.Next(2) == 0),
        1 => JsonValue.Create((decimal)random.Next(-1000, 1000)),
        2 => JsonValue.Create(random.Next(-100_000, 100_000) / 100m),
        3 => JsonValue.Create(Text(random)),
        4 => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth - 1))]),
        _ => new JsonObject(Enumerable.Range(0, random.Next(5)).Select(_ => Text(random) + random.Next(1000)).Distinct(StringComparer.Ordinal).Select(name => KeyValuePair.Create(name, (JsonNode?)Value(random, depth - 1)))),
    };

    static string Text(System.Random random)
    {
        const string Letters = "abc \"\\/\n\té\u0001مЖ<&'";
        return string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(12) == 0 ? "🙂" : Letters[random.Next(Letters.Length)].ToString()));
    }

    static IEnumerable<(JsonNode Parent, object Name)> Leaves(JsonNode? node) => node switch
    {
        JsonObject item => item.SelectMany(member => member.Value is JsonValue ? [((JsonNode)item, (object)member.Key)] : Leaves(member.Value)),
        JsonArray items => items.SelectMany((element, index) => element is JsonValue ? [((JsonNode)items, (object)index)] : Leaves(element)),
        _ => [],
    };

    static void Change(JsonNode parent, object name, System.Random random)
    {
        var old = name is string key ? parent[key]! : parent[(int)name]!;
        JsonNode changed = old.GetValueKind() switch
        {
            JsonValueKind.Number => JsonValue.Create(old.GetValue<decimal>() + 1),
            JsonValueKind.String => random.Next(2) == 0 ? JsonValue.Create(old.GetValue<string>() + "x") : new JsonArray(old.DeepClone()),
            _ => JsonValue.Create("changed"),
        };
        if (name is string member)
            parent[member] = changed;
        else
            parent[(int)name] = changed;
    }

    /// <summary>One of the many ways to write a value.</summary>
    static string Spell(JsonNode? node, System.Random random)
    {
        return node switch
        {
            JsonObject item => "{" + string.Join(',', item.OrderBy(_ => random.Next()).Select(member => Blank() + Quote(member.Key) + Blank() + ":" + Blank() + Spell(member.Value, random) + Blank())) + "}",
            JsonArray items => "[" + string.Join(',', items.Select(element => Blank() + Spell(element, random) + Blank())) + "]",
            JsonValue value when value.GetValueKind() == JsonValueKind.String => Quote(value.GetValue<string>()),
            JsonValue value when value.GetValueKind() == JsonValueKind.Number => Number(value.GetValue<decimal>()),
            _ => node!.ToJsonString(),
        };

        string Blank() => random.Next(3) switch { 0 => " ", 1 => "\n\t", _ => "" };

        // Either half of a surrogate pair is escaped, or neither.
        string Quote(string text) => "\"" + string.Concat(text.Select(letter
            => letter is '"' or '\\' or < ' ' || (!char.IsSurrogate(letter) && random.Next(3) == 0) ? "\\u" + ((int)letter).ToString(random.Next(2) == 0 ? "x4" : "X4", CultureInfo.InvariantCulture) : letter.ToString())) + "\"";

        string Number(decimal number) => random.Next(3) switch
        {
            0 => number.ToString(CultureInfo.InvariantCulture),
            1 => (number * 1000).ToString("0", CultureInfo.InvariantCulture) + "e-3",
            _ => number.ToString("0.0000", CultureInfo.InvariantCulture),
        };
    }
}
