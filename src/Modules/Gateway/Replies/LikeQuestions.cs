using System.Buffers;
using System.Text.Json;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Gateway.Exchange;
using JeanTrail.Gateway.Routes;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace JeanTrail.Gateway.Replies;

/// <summary>
/// Finds a reply to a like question: one that differs in nothing but its last message, and in that by little, as an embedding measures it.
/// </summary>
internal sealed partial class LikeQuestions(LikenessIndex index, ReplyStore store, ILogger<LikeQuestions> logger)
{
    /// <summary>Longer texts differ in ways that no single vector tells, and embedding models cut them.</summary>
    const int LongestText = 8000;

    /// <summary>A reply may be gone that is still in the index.</summary>
    const int MostTries = 3;

    /// <summary>Where the question stands, measured on behalf of its consumer; null when it cannot be compared, or could not be measured.</summary>
    internal async Task<LikenessMark?> MeasureAsync(RoutePlan plan, GatewayCall call, RouteCache rule, OpenCall open, CancellationToken cancel)
    {
        if (rule is not { Similarity: not null, EmbeddingModel: { } model } || call.Surface != Surface.ChatCompletions
            || LastMessage.Find(call.Body.Span) is not { Text.Length: > 0 and <= LongestText } last)
            return null;
        var vector = await EmbedAsync(model, last.Text, call, open, cancel);
        return vector is null || !Vectors.Normalize(vector) ? null : new LikenessMark(ReplyKey.OfRest(plan, call, last.At, model), vector);
    }

    internal async Task<StoredReply?> FindAsync(LikenessMark mark, double threshold, CancellationToken cancel)
    {
        try
        {
            for (var tries = 0; tries < MostTries && await index.NearestAsync(mark, threshold, cancel) is { } nearest; tries++)
            {
                if (await store.FindAsync(nearest.Key, cancel) is { } reply)
                    return reply;
                index.Remove(mark.Group, nearest.Key);
            }
        }
        catch (NpgsqlException failure)
        {
            LogUnreadable(logger, failure.Message);
        }

        return null;
    }

    async Task<float[]?> EmbedAsync(string model, string text, GatewayCall call, OpenCall open, CancellationToken cancel)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new { model, input = text, encoding_format = "float" });
        if (!RequestShape.Read(body).TryGet(out var shape, out _))
            return null;
        var (reply, fault) = await open(new GatewayCall(Surface.Embeddings, call.Consumer, body, shape, "application/json", call.TraceId), cancel);
        if (reply is null)
        {
            LogNotMeasured(logger, model, fault!.Error.Code);
            return null;
        }

        await using (reply)
        {
            try
            {
                var whole = new ArrayBufferWriter<byte>();
                await foreach (var frame in reply.FramesAsync(cancel))
                    whole.Write(frame.Span);
                return Read(whole.WrittenSpan);
            }
            catch (Exception failure) when (failure is ModelCallException or JsonException or InvalidOperationException or FormatException)
            {
                LogNotMeasured(logger, model, failure.GetType().Name);
                return null;
            }
        }
    }

    static float[]? Read(ReadOnlySpan<byte> body)
    {
        var json = new Utf8JsonReader(body);
        using var document = JsonDocument.ParseValue(ref json);
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("data", out var data)
            && data.ValueKind == JsonValueKind.Array && data.GetArrayLength() == 1 && data[0].TryGetProperty("embedding", out var values) && values.ValueKind == JsonValueKind.Array
                ? [.. values.EnumerateArray().Select(value => value.GetSingle())]
                : null;
    }

    // Without the measure the question is like no other, and the model answers.
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Model} did not measure a question: {Reason}")]
    static partial void LogNotMeasured(ILogger logger, string model, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Like questions cannot be read: {Reason}")]
    static partial void LogUnreadable(ILogger logger, string reason);
}
