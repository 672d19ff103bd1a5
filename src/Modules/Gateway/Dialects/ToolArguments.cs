using System.Text;
using System.Text.Json;

namespace JeanTrail.Gateway.Dialects;

/// <summary>OpenAI passes the arguments and the result of a call as text, others as an object.</summary>
internal static class ToolArguments
{
    /// <summary>Text that is a JSON object is written as one; other text is put into one.</summary>
    /// <param name="otherwise">The member that then holds the text.</param>
    internal static void Write(Utf8JsonWriter json, string? text, ReadOnlySpan<byte> otherwise)
    {
        var bytes = Encoding.UTF8.GetBytes(text ?? "");
        if (Json.TryParse(bytes, out var document))
        {
            using (document)
            {
                if (document.RootElement.IsObject())
                {
                    json.WriteRaw(document.RootElement);
                    return;
                }
            }
        }

        json.WriteStartObject();
        if (!string.IsNullOrWhiteSpace(text))
            json.WriteString(otherwise, text);
        json.WriteEndObject();
    }
}
