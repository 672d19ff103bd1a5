namespace JeanTrail.Architecture.Tests;

public sealed class CompiledReferencesTests
{
    [Fact]
    public void Assemblies_use_only_what_lies_below_them()
    {
        var all = Repository.Modules.Select(Repository.Module)
            .Append(Repository.Kernel).Append(Repository.Contracts).Append(typeof(Host.JeanTrailHost).Assembly);

        all.SelectMany(assembly => CompiledReferences.Violations(CompiledCode.Of(assembly), Repository.Modules)).ShouldBeEmpty();
    }

    [Fact]
    public void The_host_is_seen_to_use_every_module()
    {
        var host = CompiledCode.Of(typeof(Host.JeanTrailHost).Assembly);

        Repository.Modules.ShouldAllBe(module => host.Assemblies.Contains($"JeanTrail.{module}"));
    }

    [Theory]
    [InlineData("JeanTrail.Chat", "JeanTrail.Gateway")]
    [InlineData("JeanTrail.Chat", "jeantrail")]
    [InlineData("JeanTrail.Contracts", "JeanTrail.Chat")]
    [InlineData("JeanTrail.Kernel", "JeanTrail.Contracts")]
    public void A_use_that_points_up_or_sideways_is_found(string user, string used)
        => CompiledReferences.Violations(new CompiledCode(user, new HashSet<string> { used, "System.Runtime" }, new HashSet<string>()), ["Chat", "Gateway"]).ShouldHaveSingleItem();

    [Fact]
    public void A_real_assembly_that_breaks_the_direction_is_found()
    {
        // This test assembly uses the Host; were it a module, that would be a violation.
        var pretended = CompiledCode.Of(typeof(CompiledReferencesTests).Assembly) with { Name = "JeanTrail.Chat" };

        CompiledReferences.Violations(pretended, Repository.Modules).ShouldContain("JeanTrail.Chat uses jeantrail.");
    }
}
