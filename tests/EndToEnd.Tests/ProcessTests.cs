using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using JeanTrail.Testing;

namespace JeanTrail.EndToEnd.Tests;

/// <summary>How the program starts, fails to start, and stands when its database does not.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task A_second_server_on_the_same_data_is_refused_in_words()
    {
        var data = JeanTrailProcess.NewDataFolder();
        await using (await JeanTrailProcess.StartAsync(data))
        {
            var refused = await Should.ThrowAsync<InvalidOperationException>(() => JeanTrailProcess.StartAsync(data));
            refused.Message.ShouldContain(data);
            refused.Message.ShouldNotContain("   at ", Case.Sensitive, "a person needs a sentence, not a stack trace");
        }

        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task A_taken_port_is_told_in_words()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var data = JeanTrailProcess.NewDataFolder();
        var refused = await Should.ThrowAsync<InvalidOperationException>(() => JeanTrailProcess.StartAsync(data, port));
        refused.Message.ShouldContain($"Port {port} is taken");
        refused.Message.ShouldNotContain("   at ");
        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task Data_that_cannot_be_written_is_told_in_words()
    {
        // A file where the folder should be: not even root can write into it.
        var file = Path.GetTempFileName();
        var refused = await Should.ThrowAsync<InvalidOperationException>(() => JeanTrailProcess.StartAsync(Path.Combine(file, "data")));
        refused.Message.ShouldContain(file);
        refused.Message.ShouldNotContain("   at ");
        File.Delete(file);
    }

    [Fact]
    public async Task A_killed_database_comes_back_and_meanwhile_requests_fail_cleanly()
    {
        var data = JeanTrailProcess.NewDataFolder();
        await using (var server = await JeanTrailProcess.StartAsync(data))
        {
            using var client = new HttpClient { BaseAddress = server.Address };
            var seen = new HashSet<HttpStatusCode>();
            async Task<HttpStatusCode> AskAsync()
            {
                using var answer = await client.GetAsync(new Uri("/api/accounts/setup", UriKind.Relative));
                seen.Add(answer.StatusCode);
                return answer.StatusCode;
            }

            (await AskAsync()).ShouldBe(HttpStatusCode.OK);
            // A connection that is just being taken still has the command line of its parent.
            Process? killed = null;
            await Eventually.BeTrueAsync(() => (killed = Postmasters(data).ToList() is [var only] ? only : null) is not null, "there is one database");
            killed!.Kill();
            // The outage may be shorter than a request: what counts is that another database answers, and nothing but these two before.
            await Eventually.BeTrueAsync(
                async () => await AskAsync() == HttpStatusCode.OK && Postmasters(data).Any(process => process.Id != killed.Id), "the database comes back", TimeSpan.FromSeconds(60));
            seen.ShouldBeSubsetOf([HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable]);
        }

        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task A_stop_signal_ends_the_program_in_order()
    {
        var data = JeanTrailProcess.NewDataFolder();
        await using var server = await JeanTrailProcess.StartAsync(data);
        (await server.StopAsync()).ShouldBe(0);
        Postmasters(data).ShouldBeEmpty("its database ends with it");
        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task A_stop_waits_for_the_requests_under_way()
    {
        var data = JeanTrailProcess.NewDataFolder();
        await using var server = await JeanTrailProcess.StartAsync(data);
        using var caller = new TcpClient();
        await caller.ConnectAsync(IPAddress.Loopback, server.Address.Port);
        var stream = caller.GetStream();
        await stream.WriteAsync("POST /api/accounts/sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"u8.ToArray());
        using var answer = new StreamReader(stream);
        // Somebody reads the body: the request is under way.
        (await answer.ReadLineAsync()).ShouldBe("HTTP/1.1 100 Continue");
        (await answer.ReadLineAsync()).ShouldBe("");

        var stopping = server.StopAsync();
        // Longer than a command line waits that knows nothing of servers.
        await Task.Delay(TimeSpan.FromSeconds(3));
        stopping.IsCompleted.ShouldBeFalse();
        await stream.WriteAsync("{}"u8.ToArray());
        (await answer.ReadLineAsync()).ShouldStartWith("HTTP/1.1 4");
        (await stopping).ShouldBe(0);
        Directory.Delete(data, recursive: true);
    }

    static IEnumerable<Process> Postmasters(string data) => Process.GetProcessesByName("postgres").Where(process => IsPostmasterOf(process, data));

    static bool IsPostmasterOf(Process process, string data)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/cmdline").Contains(data, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
