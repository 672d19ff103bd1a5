using System.Net;
using System.Text;
using JeanTrail.Accounts.Places;
using JeanTrail.Accounts.Sessions;
using JeanTrail.Testing;

namespace JeanTrail.Accounts.Tests;

/// <summary>What the list of devices says about where a session is and what with.</summary>
public sealed class PlaceTests(AccountsDatabase database) : IClassFixture<AccountsDatabase>, IAsyncLifetime
{
    public Task InitializeAsync() => database.EmptyAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData(24, 4)]
    [InlineData(28, 4)]
    [InlineData(32, 4)]
    [InlineData(24, 6)]
    [InlineData(28, 6)]
    [InlineData(32, 6)]
    public async Task A_database_of_places_is_read_in_all_its_shapes(int recordBits, int version)
    {
        using var places = new MaxMindDatabase(await WriteAsync(recordBits, version));

        CityOf(places.Find(IPAddress.Parse("81.198.4.9"))).ShouldBe("Riga");
        CityOf(places.Find(IPAddress.Parse("81.198.255.255"))).ShouldBe("Riga");
        CityOf(places.Find(IPAddress.Parse("14.160.0.1"))).ShouldBe("Hanoi");
        places.Find(IPAddress.Parse("81.199.0.0")).ShouldBeNull();
        places.Find(IPAddress.Parse("8.8.8.8")).ShouldBeNull();
        CityOf(places.Find(IPAddress.Parse("::ffff:14.160.0.1"))).ShouldBe("Hanoi");
        places.Find(IPAddress.Parse("2a00::1")).ShouldBeNull();
    }

    [Fact]
    public async Task Any_damage_is_told_and_nothing_worse()
    {
        var whole = await File.ReadAllBytesAsync(await WriteAsync(24, 4));
        var path = Path.Combine(database.Folder, "damaged.mmdb");
        for (var at = 0; at < whole.Length; at++)
        {
            foreach (var change in new byte[] { 0x00, 0xff, 0x3f })
            {
                var damaged = whole.ToArray();
                damaged[at] = change;
                await File.WriteAllBytesAsync(path, damaged);
                Read(path);
            }
        }

        for (var length = 0; length < whole.Length; length += 3)
        {
            await File.WriteAllBytesAsync(path, whole[..length]);
            Read(path);
        }

        static void Read(string path)
        {
            try
            {
                using var places = new MaxMindDatabase(path);
                places.Find(IPAddress.Parse("81.198.4.9"));
            }
            catch (Exception failure) when (failure is InvalidDataException or IOException)
            {
                // What is asked for: not a hang, not a crash.
            }
        }
    }

    [Fact]
    public async Task The_list_of_devices_tells_kind_browser_and_place()
    {
        await using var app = await AccountsApp.StartAsync(database, new FakeClock(), new NodeLink(), ("Accounts:PlaceDatabase", await WriteAsync(28, 6)));
        using var owner = await app.NewOwnerAsync();
        foreach (var from in new[] { "81.198.4.9", "192.168.1.5", "8.8.8.8" })
        {
            using var elsewhere = app.NewBrowser();
            elsewhere.From = from;
            await elsewhere.SignInAsync();
        }

        var devices = (await owner.GetAsync("sessions"))["items"].EnumerateArray().ToDictionary(item => item.GetProperty("address").GetString()!, StringComparer.Ordinal);

        devices["81.198.4.9"].GetProperty("place").GetProperty("city").GetString().ShouldBe("Riga");
        devices["81.198.4.9"].GetProperty("place").GetProperty("country").GetString().ShouldBe("LV");
        devices["192.168.1.5"].GetProperty("place").GetProperty("network").GetString().ShouldBe("private");
        devices["8.8.8.8"].GetProperty("place").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        devices["127.0.0.1"].GetProperty("place").GetProperty("network").GetString().ShouldBe("this-machine");
        devices["127.0.0.1"].GetProperty("device").GetProperty("system").GetString().ShouldBe("Linux");
    }

    [Theory]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:148.0) Gecko/20100101 Firefox/148.0", "desktop", "Firefox", "Linux")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36 Edg/148.0.0.0", "desktop", "Edge", "Windows")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15", "desktop", "Safari", "macOS")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1", "phone", "Safari", "iOS")]
    [InlineData("Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Mobile Safari/537.36", "phone", "Chrome", "Android")]
    [InlineData("Mozilla/5.0 (Linux; Android 16; SM-X910) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36", "tablet", "Chrome", "Android")]
    [InlineData("curl/8.14.1", "program", "curl", null)]
    [InlineData("", "unknown", null, null)]
    [InlineData("something new", "unknown", null, null)]
    public void A_device_is_known_by_its_user_agent(string userAgent, string kind, string? browser, string? system)
        => UserAgent.DeviceOf(userAgent, "browser").ShouldBe(new ListSessions.Device(kind, browser, system));

    static string? CityOf(object? found)
        => found is Dictionary<string, object?> map && map["city"] is Dictionary<string, object?> city && city["names"] is Dictionary<string, object?> names ? names["en"] as string : null;

    async Task<string> WriteAsync(int recordBits, int version)
    {
        var path = Path.Combine(database.Folder, $"places-{recordBits}-{version}.mmdb");
        if (!File.Exists(path))
            await File.WriteAllBytesAsync(path, PlaceDatabase.Write(recordBits, version, ("81.198.0.0", 16, "LV", "Riga"), ("14.160.0.0", 11, "VN", "Hanoi")));
        return path;
    }
}

/// <summary>Writes small databases after the specification of the format.</summary>
static class PlaceDatabase
{
    internal static byte[] Write(int recordBits, int version, params (string Network, int Prefix, string Country, string City)[] networks)
    {
        var data = new List<byte>();
        var names = (int)Pointed(data, "names");
        var places = networks.Select(network => Put(data, network.Country, network.City, names)).ToArray();
        var nodes = new List<int[]> { new[] { -1, -1 } };
        for (var index = 0; index < networks.Length; index++)
        {
            var bytes = IPAddress.Parse(networks[index].Network).GetAddressBytes();
            var skipped = version == 6 ? 96 : 0;
            var (node, depth) = (0, networks[index].Prefix + skipped);
            for (var bit = 0; bit < depth; bit++)
            {
                var side = bit >= skipped && (bytes[(bit - skipped) / 8] & (0x80 >> ((bit - skipped) % 8))) != 0 ? 1 : 0;
                if (bit == depth - 1)
                {
                    nodes[node][side] = -2 - index;
                    break;
                }

                if (nodes[node][side] < 0)
                {
                    nodes.Add([-1, -1]);
                    nodes[node][side] = nodes.Count - 1;
                }

                node = nodes[node][side];
            }
        }

        var file = new List<byte>();
        foreach (var pair in nodes)
        {
            var (left, right) = (Record(pair[0]), Record(pair[1]));
            switch (recordBits)
            {
                case 24:
                    file.AddRange([(byte)(left >> 16), (byte)(left >> 8), (byte)left, (byte)(right >> 16), (byte)(right >> 8), (byte)right]);
                    break;
                case 28:
                    file.AddRange([(byte)(left >> 16), (byte)(left >> 8), (byte)left, (byte)(((left >> 20) & 0xf0) | ((right >> 24) & 0x0f)), (byte)(right >> 16), (byte)(right >> 8), (byte)right]);
                    break;
                default:
                    file.AddRange([(byte)(left >> 24), (byte)(left >> 16), (byte)(left >> 8), (byte)left, (byte)(right >> 24), (byte)(right >> 16), (byte)(right >> 8), (byte)right]);
                    break;
            }
        }

        file.AddRange(new byte[16]);
        file.AddRange(data);
        file.AddRange([0xab, 0xcd, 0xef, .. "MaxMind.com"u8]);
        Map(file, 3);
        Text(file, "node_count");
        Number(file, nodes.Count);
        Text(file, "record_size");
        Number(file, recordBits);
        Text(file, "ip_version");
        Number(file, version);
        return [.. file];

        int Record(int child) => child switch { -1 => nodes.Count, < -1 => nodes.Count + 16 + places[-2 - child], _ => child };
    }

    static int Put(List<byte> data, string country, string city, int names)
    {
        var at = data.Count;
        Map(data, 3);
        Text(data, "country");
        Map(data, 1);
        Text(data, "iso_code");
        Text(data, country);
        Text(data, "city");
        Map(data, 1);
        // A pointer instead of the text, as real files have for what repeats.
        data.AddRange([(byte)(0x20 | (names >> 8)), (byte)names]);
        Map(data, 1);
        Text(data, "en");
        Text(data, city);
        Text(data, "location");
        Map(data, 1);
        Text(data, "latitude");
        data.Add(0x68);
        data.AddRange([0x40, 0x4c, 0x73, 0x33, 0x33, 0x33, 0x33, 0x33]);
        return at;
    }

    static long Pointed(List<byte> data, string text)
    {
        var at = data.Count;
        Text(data, text);
        return at;
    }

    static void Map(List<byte> data, int size) => data.Add((byte)(0xe0 | size));

    static void Text(List<byte> data, string text)
    {
        data.Add((byte)(0x40 | text.Length));
        data.AddRange(Encoding.UTF8.GetBytes(text));
    }

    static void Number(List<byte> data, int number) => data.AddRange([0xc4, (byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number]);
}
