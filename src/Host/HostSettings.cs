namespace JeanTrail.Host;

/// <summary>What the command line decides; everything else is configuration.</summary>
/// <param name="DataFolder">Absolute path.</param>
/// <param name="Endpoint">Address and port to listen on, as <c>127.0.0.1:5326</c>, or null to leave it to the configuration.</param>
public sealed record HostSettings(string DataFolder, string? Endpoint);
