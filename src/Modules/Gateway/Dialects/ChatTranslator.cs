using System.Buffers;
using System.Text.Json;
using JeanTrail.Gateway.Exchange;

namespace JeanTrail.Gateway.Dialects;

/// <summary>What the translators of chat replies share. A stream that was cut gets no end: half an answer must not pass for a whole one.</summary>
internal abstract class ChatTranslator : IReplyTranslator
{
    protected ChatTranslator(DialectRequest request)
    {
        Request = request;
        Chunks = new ChatChunkWriter(request, Facts);
    }

    public ReplyFacts Facts { get; } = new();

    protected DialectRequest Request { get; }

    protected ChatChunkWriter Chunks { get; }

    public void TakeWhole(ReadOnlyMemory<byte> body, IBufferWriter<byte> output) => Read(body, root =>
    {
        var reply = new ChatReply();
        ReadWhole(root, reply);
        reply.WriteTo(output, Request, Facts);
    });

    public void TakeEvent(ReadOnlyMemory<byte> data, IBufferWriter<byte> output)
    {
        var before = Chunks.Count;
        Read(data, root => ReadEvent(root, output));
        if (Chunks.Count > before)
            Facts.Pieces++;
    }

    public void End(IBufferWriter<byte> output)
    {
        if (!Facts.Finished)
            return;
        WriteFinish(output);
        Chunks.Done(output);
    }

    protected abstract void ReadWhole(JsonElement root, ChatReply reply);

    protected abstract void ReadEvent(JsonElement root, IBufferWriter<byte> output);

    /// <summary>Why each answer ended.</summary>
    protected abstract void WriteFinish(IBufferWriter<byte> output);

    static void Read(ReadOnlyMemory<byte> json, Action<JsonElement> read)
    {
        if (!TryRead(json, read))
            throw new InvalidDataException("It is not JSON, or not in Unicode.");
    }

    static bool TryRead(ReadOnlyMemory<byte> json, Action<JsonElement> read)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Json.Reading);
            read(document.RootElement);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
        catch (InvalidOperationException) when (!Json.IsUnicode(json.Span))
        {
            return false;
        }
    }
}
