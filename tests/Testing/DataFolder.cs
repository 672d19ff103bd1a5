namespace JeanTrail.Testing;

/// <summary>An empty data folder for a <see cref="JeanTrailProcess"/>, gone with all that came into it when this is disposed: after the server.</summary>
public sealed class DataFolder : IDisposable
{
    public string Path { get; } = JeanTrailProcess.NewDataFolder();

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
