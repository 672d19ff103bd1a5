namespace JeanTrail.Host;

/// <summary>What the command line decides; everything else is configuration.</summary>
/// <param name="DataFolder">Absolute path.</param>
/// <param name="Url">Address to listen on, or null to leave it to the configuration.</param>
public sealed record HostSettings(string DataFolder, string? Url);
