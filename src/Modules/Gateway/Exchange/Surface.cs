namespace JeanTrail.Gateway.Exchange;

/// <summary>The endpoints of OpenAI's API that the gateway serves. Source: OpenAI API reference; rerank follows Cohere's and Jina's.</summary>
internal enum Surface
{
    ChatCompletions,
    Responses,
    Embeddings,
    ImageGenerations,
    ImageEdits,
    Speech,
    Transcriptions,
    Rerank,
    Moderations,
}

internal static class Surfaces
{
    internal static readonly Surface[] All = Enum.GetValues<Surface>();

    /// <summary>The path below <c>/v1</c>, at our door and at an upstream that speaks OpenAI's API.</summary>
    internal static string Path(this Surface surface) => surface switch
    {
        Surface.ChatCompletions => "chat/completions",
        Surface.Responses => "responses",
        Surface.Embeddings => "embeddings",
        Surface.ImageGenerations => "images/generations",
        Surface.ImageEdits => "images/edits",
        Surface.Speech => "audio/speech",
        Surface.Transcriptions => "audio/transcriptions",
        Surface.Rerank => "rerank",
        Surface.Moderations => "moderations",
        _ => throw new ArgumentOutOfRangeException(nameof(surface)),
    };

    /// <summary>As keys, limits, traces and metrics name it.</summary>
    internal static string Name(this Surface surface) => surface switch
    {
        Surface.ChatCompletions => "chat",
        Surface.Responses => "responses",
        Surface.Embeddings => "embeddings",
        Surface.ImageGenerations => "images",
        Surface.ImageEdits => "image-edits",
        Surface.Speech => "speech",
        Surface.Transcriptions => "transcriptions",
        Surface.Rerank => "rerank",
        Surface.Moderations => "moderations",
        _ => throw new ArgumentOutOfRangeException(nameof(surface)),
    };

    /// <summary>Whether its requests are forms with files and not JSON.</summary>
    internal static bool IsForm(this Surface surface) => surface is Surface.ImageEdits or Surface.Transcriptions;
}
