namespace JeanTrail.Accounts.Sessions;

/// <summary>What a User-Agent header says about a device, for a person who is to recognise their own. It may lie: nothing is decided by it.</summary>
internal static class UserAgent
{
    // The first that is found counts: many name others besides themselves.
    static readonly (string Mark, string Name)[] Browsers =
    [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("Opera", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("YaBrowser", "Yandex"), ("Vivaldi", "Vivaldi"),
        ("Firefox/", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("HeadlessChrome", "Chrome"), ("Chromium", "Chromium"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
        ("curl/", "curl"), ("Wget/", "Wget"), ("python-requests", "Python"), ("aiohttp", "Python"), ("okhttp", "OkHttp"), ("Go-http-client", "Go"), ("node", "Node.js"),
    ];

    static readonly (string Mark, string Name)[] Systems =
    [
        ("iPhone", "iOS"), ("iPad", "iPadOS"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Macintosh", "macOS"),
        ("Linux", "Linux"), ("FreeBSD", "FreeBSD"),
    ];

    static readonly string[] Programs = ["curl", "Wget", "Python", "OkHttp", "Go", "Node.js"];

    /// <param name="userAgent">Untrusted, at most 200 characters.</param>
    /// <param name="kind">One of <see cref="SessionKind"/>: a session with tokens is a program's, whatever it says.</param>
    internal static ListSessions.Device DeviceOf(string userAgent, string kind)
    {
        var browser = Find(Browsers, userAgent);
        var system = Find(Systems, userAgent);
        if (kind == SessionKind.Program || Programs.Contains(browser, StringComparer.Ordinal))
            return new ListSessions.Device("program", browser, system);
        var form = system switch
        {
            "iOS" => "phone",
            "iPadOS" => "tablet",
            "Android" => userAgent.Contains("Mobile", StringComparison.Ordinal) ? "phone" : "tablet",
            null => "unknown",
            _ => "desktop",
        };
        return new ListSessions.Device(form, browser, system);
    }

    static string? Find((string Mark, string Name)[] names, string userAgent)
        => Array.Find(names, name => userAgent.Contains(name.Mark, StringComparison.Ordinal)).Name;
}
