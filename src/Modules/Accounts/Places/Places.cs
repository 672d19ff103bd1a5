using System.Net;
using JeanTrail.Accounts.Sessions;
using JeanTrail.Kernel.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JeanTrail.Accounts.Places;

/// <summary>Roughly where an address is. Nothing is asked over the network.</summary>
internal interface IPlaces
{
    /// <summary>Null when nothing is known.</summary>
    ListSessions.Place? Find(string address);
}

/// <summary>Says what an address says by itself, and besides what the owner's database says, if there is one.</summary>
internal sealed partial class Places(IOptions<AccountsOptions> options, ILogger<Places> logger) : IPlaces, IDisposable
{
    readonly Lazy<MaxMindDatabase?> database = new(() => Open(options.Value.PlaceDatabase, logger));

    public ListSessions.Place? Find(string address)
    {
        if (!IPAddress.TryParse(address, out var parsed))
            return null;
        if (IPAddress.IsLoopback(parsed))
            return new ListSessions.Place("this-machine");
        if (!AddressRules.IsAllowed(parsed, OutboundPolicy.Public) && AddressRules.IsAllowed(parsed, OutboundPolicy.OwnerConfigured))
            return new ListSessions.Place("private");
        return Look(parsed);
    }

    public void Dispose()
    {
        if (database.IsValueCreated)
            database.Value?.Dispose();
    }

    ListSessions.Place? Look(IPAddress address)
    {
        try
        {
            if (database.Value?.Find(address) is not Dictionary<string, object?> found)
                return null;
            var country = Text(Member(found, "country"), "iso_code");
            var city = Text(Member(Member(found, "city"), "names"), "en");
            return country is null && city is null ? null : new ListSessions.Place("public", country, city);
        }
        catch (InvalidDataException failure)
        {
            LogDamaged(logger, failure);
            return null;
        }
    }

    static object? Member(object? map, string name) => (map as Dictionary<string, object?>)?.GetValueOrDefault(name);

    static string? Text(object? map, string name) => Member(map, name) as string;

    static MaxMindDatabase? Open(string? path, ILogger logger)
    {
        if (string.IsNullOrWhiteSpace(path))
            return null;
        try
        {
            return new MaxMindDatabase(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            LogDamaged(logger, failure);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database of places cannot be used")]
    static partial void LogDamaged(ILogger logger, Exception failure);
}
