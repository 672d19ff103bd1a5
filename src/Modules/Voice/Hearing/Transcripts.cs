using System.Runtime.CompilerServices;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Contracts.Models;
using JeanTrail.Contracts.Voice;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Voice.Hearing;

/// <summary>Recordings to words: by the recogniser that the person dictates with, by another of this machine, or by the connected model they chose for it.</summary>
internal sealed class Transcripts(ILocalSpeech speech, IPreferences preferences, ISpeechToTextModels models) : ITranscripts
{
    const string OfThisMachine = "local/";

    public async Task<TranscriptWriter?> WriterAsync(UserId user, CancellationToken cancel)
    {
        var set = await preferences.GetAsync(user, cancel);
        var ears = (await speech.ListAsync(cancel)).Where(model => model.Purpose == SpeechPurpose.Recogniser).ToList();
        var chosen = set.Hearing?.StartsWith(OfThisMachine, StringComparison.Ordinal) == true ? ears.Find(ear => ear.Name == set.Hearing[OfThisMachine.Length..]) : null;
        // Those that hear a recording whole know what comes after a word, and are better at it.
        if ((chosen ?? ears.OrderBy(ear => ear.Streams).ThenBy(ear => ear.InstalledAt).FirstOrDefault()) is { } ear)
            return new TranscriptWriter(ear.Name, Local: true);
        return set.RecordingsModel is { } model && await models.ObjectionAsync(model, cancel) is null ? new TranscriptWriter(model, Local: false) : null;
    }

    public IAsyncEnumerable<TranscriptPiece> WriteAsync(UserId user, TranscriptWriter writer, IAsyncEnumerable<ReadOnlyMemory<byte>> audio, CancellationToken cancel)
        => writer.Local ? HereAsync(writer.Model, audio, cancel) : ElsewhereAsync(user, writer.Model, audio, cancel);

    async IAsyncEnumerable<TranscriptPiece> HereAsync(string recogniser, IAsyncEnumerable<ReadOnlyMemory<byte>> audio, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var said = speech.TranscribeAsync(recogniser, audio, cancel).GetAsyncEnumerator(cancel);
        while (await NextAsync(said))
        {
            if (OneLine(said.Current.Text) is { Length: > 0 } text)
                yield return new TranscriptPiece(said.Current.Start, said.Current.End, text);
        }
    }

    static async ValueTask<bool> NextAsync(IAsyncEnumerator<SpokenText> said)
    {
        try
        {
            return await said.MoveNextAsync();
        }
        catch (LocalModelException failure)
        {
            // A model that is not there any more has a successor the next time.
            throw new TranscriptException(failure.Error, passing: failure.Error.Code is "models.busy" or "models.lost" or "models.unknown", failure);
        }
    }

    async IAsyncEnumerable<TranscriptPiece> ElsewhereAsync(
        UserId user, string model, IAsyncEnumerable<ReadOnlyMemory<byte>> audio, [EnumeratorCancellation] CancellationToken cancel)
    {
        var at = TimeSpan.Zero;
        await foreach (var portion in Portions.OfAsync(audio, cancel))
        {
            var end = at + Portions.LengthOf(portion);
            if (!Portions.IsSilent(portion) && OneLine(await AskAsync(user, model, portion, cancel)) is { Length: > 0 } text)
                yield return new TranscriptPiece(at, end, text);
            at = end;
        }
    }

    async Task<string> AskAsync(UserId user, string model, ReadOnlyMemory<byte> samples, CancellationToken cancel)
    {
        try
        {
            return await models.WriteDownAsync(user, model, (byte[])[.. WavHeader.For(HeardSamples.Rate, samples.Length), .. samples.Span], cancel);
        }
        catch (ModelCallException failure)
        {
            throw new TranscriptException(failure.Error, passing: failure.RetryAfter is not null || failure.Error.Status is 429 or >= 500, failure);
        }
    }

    static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
