using System.Diagnostics;
using System.Net.Sockets;
using JeanTrail.Testing;

namespace JeanTrail.Bench.Wire;

/// <summary>One of the programs between load and upstream, on a processor of its own.</summary>
internal sealed class Contender(string name, int port, string path, Process? process, string? folder = null, bool owned = true) : IAsyncDisposable
{
    internal string Name { get; } = name;

    internal int Port { get; } = port;

    internal string Path { get; } = path;

    internal string? Key { get; init; }

    internal string Model { get; init; } = "bench";

    /// <summary>Resident megabytes of the process; NaN without one.</summary>
    internal double MegaBytes => process is null ? double.NaN : double.Parse(File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(':')[1].Replace("kB", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture) / 1024;

    internal static async Task<Contender> PassThroughAsync(int upstream)
    {
        var process = Start("dotnet", [typeof(Contender).Assembly.Location, "pass-through", $"http://127.0.0.1:{upstream}"]);
        var address = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The pass-through did not start.");
        return new Contender("bare ASP.NET Core", new Uri(address).Port, "/v1/chat/completions", process);
    }

    /// <summary>Null when nginx is not installed.</summary>
    internal static async Task<Contender?> NginxAsync(int upstream)
    {
        var program = new[] { "/usr/sbin/nginx", "/usr/bin/nginx", "/opt/homebrew/bin/nginx" }.FirstOrDefault(File.Exists);
        if (program is null)
            return null;
        var folder = Directory.CreateTempSubdirectory("jeantrail-nginx-").FullName;
        var port = LoopbackPort.Free();
        await File.WriteAllTextAsync(System.IO.Path.Combine(folder, "nginx.conf"), $$"""
            daemon off; worker_processes 1; pid {{folder}}/pid; error_log {{folder}}/error.log crit;
            events { worker_connections 8192; }
            http {
              access_log off; client_body_temp_path {{folder}}/b; proxy_temp_path {{folder}}/p; fastcgi_temp_path {{folder}}/f; uwsgi_temp_path {{folder}}/u; scgi_temp_path {{folder}}/s;
              upstream up { server 127.0.0.1:{{upstream}}; keepalive 256; keepalive_requests 100000000; }
              server { listen 127.0.0.1:{{port}}; keepalive_requests 100000000;
                location / { proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; } }
            }
            """);
        var process = Start(program, ["-c", System.IO.Path.Combine(folder, "nginx.conf"), "-p", folder]);
        await WaitAsync(port);
        return new Contender("nginx", port, "/v1/chat/completions", process, folder);
    }

    /// <summary>The peer from npm; null when it is not installed beside the bench (<c>npm ci</c> in <c>bench/gateway/peer</c>).</summary>
    internal static async Task<Contender?> PeerAsync(string home)
    {
        var entry = System.IO.Path.Combine(home, "bench/gateway/peer/node_modules/@portkey-ai/gateway/build/start-server.js");
        if (!File.Exists(entry))
            return null;
        var port = LoopbackPort.Free();
        var process = Start("node", [entry, $"--port={port}", "--headless"]);
        await WaitAsync(port);
        return new Contender("Portkey (Node)", port, "/v1/chat/completions", process);
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null && owned)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        if (folder is not null)
            Directory.Delete(folder, recursive: true);
    }

    /// <summary>On the second processor where there is one to pin to; the load has the first.</summary>
    static Process Start(string program, string[] arguments)
    {
        var pinned = File.Exists("/usr/bin/taskset");
        var info = new ProcessStartInfo(pinned ? "/usr/bin/taskset" : program) { RedirectStandardOutput = true, RedirectStandardInput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in pinned ? ["-c", "1", program, .. arguments] : arguments)
            info.ArgumentList.Add(argument);
        info.Environment["DOTNET_PROCESSOR_COUNT"] = "1";
        info.Environment.Remove("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS");
        return Process.Start(info)!;
    }

    static async Task WaitAsync(int port)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var socket = await LoadClient.ConnectAsync(port);
                return;
            }
            catch (SocketException) when (attempt < 100)
            {
                await Task.Delay(100);
            }
        }
    }
}
