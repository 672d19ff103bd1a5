using System.Diagnostics;

namespace JeanTrail.Bench;

/// <summary>From a known sentence to its audio: the whole performance, and the first bytes of the streamed form.</summary>
internal static class VoiceRun
{
    static readonly (string Language, string Text)[] Sentences =
    [
        ("en", "The train to the coast leaves at nine, and the sea is warm today."),
        ("ar", "يغادر القطار إلى الساحل في الساعة التاسعة والبحر دافئ اليوم."),
        ("vi", "Chuyến tàu ra biển khởi hành lúc chín giờ và hôm nay biển rất ấm."),
        ("ru", "Поезд к морю отправляется в девять, и вода сегодня тёплая."),
    ];

    public static async Task<int> RunAsync(string[] args)
    {
        await using var server = await Server.StartAsync();
        var all = new List<double>();
        var cold = await PerformAsync(server, Sentences[0]);
        foreach (var sentence in Sentences)
        {
            var times = new List<double>();
            for (var i = 0; i < 50; i++)
                times.Add(await PerformAsync(server, sentence));
            Console.WriteLine(Machine.Row($"performance, {sentence.Language}", times));
            all.AddRange(times);
        }

        Console.WriteLine($"first performance after the start: {cold:0.0} ms");
        return Machine.Verdict("first audio under 250 ms (p95 of the whole performance)", Machine.Quantile(all, .95) < 250);
    }

    static async Task<double> PerformAsync(Server server, (string Language, string Text) sentence)
    {
        var started = Stopwatch.GetTimestamp();
        var performance = await server.PostAsync("/api/voice/performances", new { text = sentence.Text, language = sentence.Language, format = "wav" });
        var ms = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        if (performance.GetProperty("durationMs").GetInt32() < 500 || performance.GetProperty("visemes").GetArrayLength() < 5)
            throw new InvalidOperationException("The performance is empty.");
        return ms;
    }
}
