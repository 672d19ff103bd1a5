using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.FileProviders;

namespace JeanTrail.Chat.Transfer.Export;

/// <summary>
/// The client's own fonts inside the printed page, so that it looks the same on every server, one without Arabic letters too. Each file is a
/// family of its own: the browser takes each letter from the first that has it.
/// </summary>
internal sealed class ExportFonts(IWebHostEnvironment environment)
{
    string? style;

    /// <summary>What begins the style sheet. Without a built client the system's fonts have to do.</summary>
    public async Task<string> StyleAsync(CancellationToken cancel) => style ??= await BuildAsync(cancel);

    async Task<string> BuildAsync(CancellationToken cancel)
    {
        var css = new StringBuilder();
        var families = new List<string>();
        foreach (var file in environment.WebRootFileProvider.GetDirectoryContents("assets").Where(IsText).OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            await using var from = file.CreateReadStream();
            using var bytes = new MemoryStream();
            await from.CopyToAsync(bytes, cancel);
            families.Add($"Print{families.Count}");
            css.Append($"@font-face{{font-family:{families[^1]};font-weight:100 900;src:url(data:font/woff2;base64,{Convert.ToBase64String(bytes.GetBuffer(), 0, (int)bytes.Length)})}}\n");
        }

        families.AddRange(["\"Noto Sans\"", "\"Noto Sans Arabic\"", "sans-serif"]);
        return css.Append($"body{{font-family:{string.Join(',', families)}}}\n").ToString();
    }

    static bool IsText(IFileInfo file)
        => file.Name.EndsWith(".woff2", StringComparison.Ordinal)
            && (file.Name.StartsWith("inter-", StringComparison.Ordinal) || file.Name.StartsWith("noto-sans-arabic-", StringComparison.Ordinal));
}
