namespace JeanTrail.Gateway.Models;

/// <summary>A public model id: the provider's slug, a slash, and the provider's own name for the model, which may hold slashes itself.</summary>
internal static class ModelName
{
    internal const int MaxLength = 300;

    internal static string Of(string slug, string model) => $"{slug}/{model}";

    internal static bool TryParse(string id, out string slug, out string model)
    {
        var slash = id.IndexOf('/');
        (slug, model) = slash > 0 ? (id[..slash], id[(slash + 1)..]) : ("", "");
        return model.Length > 0 && id.Length <= MaxLength;
    }
}
