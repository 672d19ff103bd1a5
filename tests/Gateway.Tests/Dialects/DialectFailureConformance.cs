using JeanTrail.Contracts.Gateway;

namespace JeanTrail.Gateway.Tests.Dialects;

/// <summary>What goes wrong at a vendor, and what must be made of it whoever the vendor is.</summary>
public abstract class DialectFailureConformance : DialectSuite
{
    [Fact]
    public async Task Each_failure_of_the_vendor_has_its_name_its_blame_and_its_patience()
    {
        foreach (var expected in Faults)
        {
            expected.Prepare();

            var fault = (await AskAsync("Hello", true)).Fault.ShouldNotBeNull(expected.Name);

            fault.Error.Code.ShouldBe(expected.Code, expected.Name);
            fault.Blame.ShouldBe(expected.Blame, expected.Name);
            fault.MayRetry.ShouldBe(expected.MayRetry, expected.Name);
            (fault.RetryAfter?.TotalSeconds).ShouldBe(expected.RetryAfterSeconds, expected.Name);
            fault.ToException().ToString().ShouldNotContain("simulator");
        }
    }

    [Fact]
    public async Task A_wrong_key_is_told_as_such_and_not_repeated()
    {
        using var stranger = new DialectDriver(Dialect, BaseUrl, "sk-wrong-9876543210");

        var fault = (await stranger.SendAsync(Request("""[{"role":"user","content":"Hi"}]"""), Model)).Fault.ShouldNotBeNull();

        fault.Error.Code.ShouldBe("gateway.upstream_unauthorized");
        fault.Blame.ShouldBe(Blame.Client);
        fault.ToException().ToString().ShouldNotContain("sk-wrong");
    }

    [Fact]
    public async Task A_model_the_vendor_does_not_know_is_told_as_such()
        => (await SendAsync(Request("""[{"role":"user","content":"Hi"}]"""), "no-such-model")).Fault.ShouldNotBeNull().Error.Code.ShouldBe("gateway.model_unknown");

    [Theory]
    [InlineData(Interruption.Error, typeof(ModelCallException))]
    [InlineData(Interruption.Close, typeof(IOException))]
    [InlineData(Interruption.Nonsense, null)]
    public async Task A_stream_that_breaks_keeps_the_text_so_far_and_has_no_end(Interruption how, Type? failure)
    {
        NextInterrupted("one two three four five", how, 3);

        var reply = await AskAsync("Count", true);

        reply.Failure.ShouldNotBeNull();
        if (failure is not null)
            reply.Failure.ShouldBeAssignableTo(failure);
        reply.Text.ShouldBe("one two three");
        reply.Done.ShouldBeFalse();
        reply.Finish.ShouldBeNull();
    }

    [Fact]
    public async Task A_whole_answer_that_is_nonsense_is_no_answer()
    {
        NextInterrupted("one two three", Interruption.Nonsense, 0);

        (await AskAsync("Count", false)).Failure.ShouldNotBeNull();
    }
}
