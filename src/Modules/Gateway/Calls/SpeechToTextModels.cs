using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Gateway.Exchange;
using JeanTrail.Gateway.Limits;
using JeanTrail.Gateway.Routes;
using JeanTrail.Gateway.Upstream;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Gateway.Calls;

/// <summary>The house's own transcriptions, over the exchange like everything else. Source: OpenAI API reference, "Create transcription"; RFC 7578.</summary>
internal sealed class SpeechToTextModels(ModelExchange exchange, ModelNames names, Consumers consumers) : ISpeechToTextModels
{
    public ValueTask<Error?> ObjectionAsync(string modelId, CancellationToken cancel) => names.ObjectionAsync(modelId, cancel);

    public async Task<string> WriteDownAsync(UserId user, string modelId, ReadOnlyMemory<byte> wav, CancellationToken cancel)
    {
        // What nobody can guess is in no recording.
        var boundary = $"jeantrail-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}";
        var body = Form(boundary, modelId, wav.Span);
        var type = $"multipart/form-data; boundary={boundary}";
        if (!FormShape.Read(body, type).TryGet(out var shape, out var invalid))
            throw new ModelCallException(invalid, Blame.Server);
        var call = new GatewayCall(Surface.Transcriptions, await consumers.FindAsync(user, cancel), body, shape, type, GatewayCall.CurrentTrace(), CacheUse.None);
        return Read((await exchange.AskAsync(call, cancel)).Span) ?? throw UpstreamFaults.Nonsense.ToException();
    }

    static byte[] Form(string boundary, string modelId, ReadOnlySpan<byte> wav)
    {
        var before = Encoding.UTF8.GetBytes(
            $"--{boundary}\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n{modelId}\r\n"
            + $"--{boundary}\r\nContent-Disposition: form-data; name=\"response_format\"\r\n\r\njson\r\n"
            + $"--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"recording.wav\"\r\nContent-Type: audio/wav\r\n\r\n");
        return [.. before, .. wav, .. Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n")];
    }

    static string? Read(ReadOnlySpan<byte> answer)
    {
        try
        {
            return JsonElement.Parse(answer).GetProperty("text").GetString();
        }
        catch (Exception odd) when (odd is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
