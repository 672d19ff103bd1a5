namespace JeanTrail.Architecture.Tests;

public sealed class ProjectReferencesTests
{
    [Fact]
    public void Projects_reference_downwards_only()
    {
        var projects = Repository.Files("*.csproj", "src", "workers", "tools", "tests", "bench")
            .Select(path => ProjectFile.Parse(path, Repository.Read(path))).ToList();

        projects.Count(project => project.Layer == "Module").ShouldBe(Repository.Modules.Count);
        ProjectReferences.Violations(projects).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("src/Modules/Chat/Chat.csproj", "../Gateway/Gateway.csproj")]
    [InlineData("src/Modules/Chat/Chat.csproj", "../../Host/Host.csproj")]
    [InlineData("src/Modules/Chat/Chat.csproj", "..\\Gateway\\Gateway.csproj")]
    [InlineData("src/Contracts/Contracts.csproj", "../Modules/Chat/Chat.csproj")]
    [InlineData("src/Kernel/Kernel.csproj", "../Contracts/Contracts.csproj")]
    [InlineData("src/Host/Host.csproj", "../../tests/Testing/Testing.csproj")]
    [InlineData("workers/voice/Voice.csproj", "../../src/Kernel/Kernel.csproj")]
    [InlineData("elsewhere/Thing/Thing.csproj", "../../src/Kernel/Kernel.csproj")]
    public void A_reference_that_points_up_or_sideways_is_found(string project, string reference)
        => ProjectReferences.Violations([ProjectFile.Parse(project, $"""<Project><ItemGroup><ProjectReference Include="{reference}" /></ItemGroup></Project>""")]).ShouldHaveSingleItem();

    [Theory]
    [InlineData("""<Compile Include="../Gateway/Rules.cs" />""")]
    [InlineData("""<Reference Include="JeanTrail.Gateway" />""")]
    public void A_way_around_the_references_is_found(string item)
        => ProjectReferences.Violations([ProjectFile.Parse("src/Modules/Chat/Chat.csproj", $"<Project><ItemGroup>{item}</ItemGroup></Project>")]).ShouldHaveSingleItem();

    [Theory]
    [InlineData("../../src/Kernel/Workers/Frame.cs", 0)]
    [InlineData("../../src/Kernel/Data/Db.cs", 1)]
    public void A_worker_may_compile_the_workers_protocol_and_nothing_else(string include, int violations)
        => ProjectReferences.Violations([ProjectFile.Parse("workers/voice/voice.csproj", $"""<Project><ItemGroup><Compile Include="{include}" /></ItemGroup></Project>""")]).Count().ShouldBe(violations);

    [Theory]
    [InlineData("src/Modules/Chat/Chat.csproj", "../../Contracts/Contracts.csproj")]
    [InlineData("src/Host/Host.csproj", "../Modules/Chat/Chat.csproj")]
    [InlineData("tests/Chat.Tests/Chat.Tests.csproj", "../../src/Modules/Chat/Chat.csproj")]
    public void A_reference_that_points_down_is_right(string project, string reference)
        => ProjectReferences.Violations([ProjectFile.Parse(project, $"""<Project><ItemGroup><ProjectReference Include="{reference}" /></ItemGroup></Project>""")]).ShouldBeEmpty();
}
