using System.Buffers;
using System.Text.Json;
using JeanTrail.Kernel.Errors;

namespace JeanTrail.Gateway.Dialects;

/// <summary>What every rewriting of a request shares: read it, write it anew, and turn what cannot be said into an error.</summary>
internal static class RequestTranslation
{
    internal static Result<UpstreamCall> Write(DialectRequest request, string path, Action<JsonElement, Utf8JsonWriter> write)
    {
        try
        {
            using var document = JsonDocument.Parse(request.Body, Json.Reading);
            if (!document.RootElement.IsObject())
                return GatewayErrors.RequestInvalid("The body must be a JSON object.", null);
            var body = new ArrayBufferWriter<byte>(request.Body.Length + 512);
            using var json = new Utf8JsonWriter(body, Json.Writing);
            write(document.RootElement, json);
            json.Flush();
            return new UpstreamCall(path, body.WrittenMemory);
        }
        catch (ErrorException refused)
        {
            return refused.Error;
        }
        catch (JsonException)
        {
            return GatewayErrors.RequestInvalid("The body is not JSON.", null);
        }
        catch (InvalidOperationException) when (!Json.IsUnicode(request.Body.Span))
        {
            return GatewayErrors.RequestInvalid("The body holds text that is not Unicode.", null);
        }
    }

    /// <summary>Refuses the request from deep within its writing: the upstream has no word for something in it.</summary>
    /// <param name="param">The member at fault.</param>
    internal static ErrorException CannotSay(string what, string param) => new(GatewayErrors.NotTranslatable(what, param));

    /// <summary>Refuses a request that is wrong in itself.</summary>
    internal static ErrorException Invalid(string why, string param) => new(GatewayErrors.RequestInvalid(why, param));

    /// <summary>Refuses what no other upstream than OpenAI's own kind can give: more than tuning, for the reply would lack what was asked for.</summary>
    internal static void RefuseForeign(JsonElement request, string upstream)
    {
        if (request.Member("logprobs"u8).IsTrue())
            throw CannotSay($"{upstream} gives no log probabilities.", "logprobs");
        if (request.Member("web_search_options"u8).IsObject())
            throw CannotSay($"{upstream} cannot search the web in this way.", "web_search_options");
        if (request.Member("functions"u8).HasItems())
            throw CannotSay("Functions are given as tools here.", "functions");
        foreach (var modality in request.Items("modalities"u8))
        {
            if (modality.Text() == "audio")
                throw CannotSay($"{upstream} does not answer with sound.", "modalities");
        }
    }
}
