namespace JeanTrail.Avatar.Tests;

/// <summary>Jean built once for all tests of a class.</summary>
public sealed class JeanFixture
{
    internal byte[] File { get; } = JeanBody.BuildVrm();

    internal Glb Glb { get; }

    internal Face.FaceMesh Face { get; } = JeanTrail.Avatar.Face.FaceMesh.Build();

    public JeanFixture() => Glb = new Glb(File);
}
