using System.Text;

namespace JeanTrail.EndToEnd.Tests;

/// <summary>PDF files as people and attackers write them.</summary>
internal static class PdfFiles
{
    const string Script = "window.ran.push('script'); app.alert('script');";

    /// <summary>Each page says which it is, and all of the ways in which a PDF can carry a script say <see cref="Script"/>.</summary>
    public static byte[] Hostile(int pages)
    {
        var objects = new List<string>
        {
            $"<< /Type /Catalog /Pages 2 0 R /OpenAction {Action} /AA << /WC {Action} >> /Names << /JavaScript << /Names [(run) {Action}] >> >> /AcroForm << /Fields [4 0 R] /CO [4 0 R] >> >>",
            $"<< /Type /Pages /Count {pages} /Kids [{string.Join(' ', Enumerable.Range(0, pages).Select(page => $"{6 + (2 * page)} 0 R"))}] >>",
            // A matrix is numbers; a reader that puts it into code of its own would run these words.
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /FontMatrix [1 2 3 4 5 (0\\); window.ran.push\\('matrix'\\))] >>",
            $"<< /Type /Annot /Subtype /Widget /FT /Tx /T (field) /V (</div><img src=x onerror=window.ran.push\\('field'\\)>) /Rect [20 20 200 60] /AA << /F {Action} /C {Action} /E {Action} >> >>",
            $"<< /Type /Annot /Subtype /Link /Rect [0 0 300 400] /A << /S /URI /URI (javascript:window.ran.push\\('link'\\)) >> >>",
        };
        for (var page = 0; page < pages; page++)
        {
            var text = $"BT /F1 18 Tf 20 300 Td (High tide on day {page + 1}) Tj ET BT /F1 12 Tf 20 200 Td (<img src=x onerror=window.ran.push\\('text'\\)>) Tj ET";
            objects.Add($"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 400] /Contents {7 + (2 * page)} 0 R /Annots [4 0 R 5 0 R] /AA << /O {Action} >> /Resources << /Font << /F1 3 0 R >> >> >>");
            objects.Add($"<< /Length {text.Length} >>\nstream\n{text}\nendstream");
        }

        return File(objects, "");
    }

    /// <summary>Nobody knows its password.</summary>
    public static byte[] Locked()
    {
        var bytes = string.Concat(Enumerable.Range(1, 32).Select(each => $"{each:X2}"));
        return File(
            ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 1 /Kids [3 0 R] >>", "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 400] >>",
                $"<< /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O <{bytes}> /U <{bytes}> >>"],
            $" /Encrypt 4 0 R /ID [<{bytes[..32]}> <{bytes[..32]}>]");
    }

    /// <summary>It begins well.</summary>
    public static byte[] Broken() => Encoding.ASCII.GetBytes("%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\nand then the disk was full");

    static string Action => $"<< /S /JavaScript /JS ({Script.Replace("(", "\\(", StringComparison.Ordinal).Replace(")", "\\)", StringComparison.Ordinal)}) >>";

    static byte[] File(IReadOnlyList<string> objects, string trailer)
    {
        var file = new StringBuilder("%PDF-1.7\n");
        var table = new StringBuilder($"xref\n0 {objects.Count + 1}\n0000000000 65535 f \n");
        for (var i = 0; i < objects.Count; i++)
        {
            table.Append($"{file.Length:D10} 00000 n \n");
            file.Append($"{i + 1} 0 obj\n{objects[i]}\nendobj\n");
        }

        var start = file.Length;
        return Encoding.ASCII.GetBytes($"{file}{table}trailer << /Size {objects.Count + 1} /Root 1 0 R{trailer} >>\nstartxref\n{start}\n%%EOF");
    }
}
