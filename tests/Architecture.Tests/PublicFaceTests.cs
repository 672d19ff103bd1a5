namespace JeanTrail.Architecture.Tests;

public sealed class PublicFaceTests
{
    public static TheoryData<string> Modules => [.. Repository.Modules];

    [Theory]
    [MemberData(nameof(Modules))]
    public void A_module_shows_only_its_face(string module)
    {
        var types = Repository.Module(module).GetTypes();

        types.ShouldContain(type => type.Name == $"{module}Module");
        PublicFace.Violations(module, types).ShouldBeEmpty();
    }

    [Fact]
    public void A_public_class_is_found()
        => PublicFace.Violations("Sample", [typeof(LeakedService), typeof(SampleModule)]).ShouldBe([$"{typeof(LeakedService).FullName} is public."]);

    [Fact]
    public void A_face_that_can_be_constructed_is_found()
        => PublicFace.Violations("Leaked", [typeof(LeakedModule)]).ShouldHaveSingleItem();

    [Fact]
    public void A_public_class_inside_an_endpoint_is_found()
        => PublicFace.Violations("Sample", [typeof(SampleEndpoint.Service), typeof(SampleEndpoint.Request), typeof(SampleEndpoint.Answer), typeof(SampleEndpoint.Kind)])
            .ShouldBe([$"{typeof(SampleEndpoint.Service).FullName} is public, but neither a record nor an enum."]);

    internal static class SampleEndpoint
    {
        public enum Kind
        {
            One,
        }

        public sealed record Request(string Text);

        public readonly record struct Answer(string Text);

        public sealed class Service;
    }
}

/// <summary>Deliberately wrong: what a module must not show.</summary>
public sealed class LeakedService;

/// <summary>Deliberately wrong: a face is static.</summary>
public sealed class LeakedModule;

/// <summary>As a module's face should be.</summary>
public static class SampleModule;
