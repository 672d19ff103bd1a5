using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace JeanTrail.Chat.Tests;

/// <summary>Exports as other programs write them.</summary>
internal static class ExportSamples
{
    /// <summary>A hidden beginning, a question with an image, a call of a tool, two answers, and a word of thanks; and a conversation without any.</summary>
    internal static byte[] ChatGptZip()
    {
        const string Json = """
            [{"title":"Old harbour","create_time":1767323045.5,"update_time":1767323145.0,"current_node":"n5","conversation_id":"c-1","mapping":{
              "root":{"id":"root","message":null,"parent":null,"children":["sys"]},
              "sys":{"id":"sys","message":{"id":"sys","author":{"role":"system"},"create_time":null,"content":{"content_type":"text","parts":[""]},"metadata":{"is_visually_hidden_from_conversation":true}},"parent":"root","children":["n1"]},
              "n1":{"id":"n1","message":{"id":"n1","author":{"role":"user"},"create_time":1767323046.25,"content":{"content_type":"multimodal_text","parts":[
                {"content_type":"image_asset_pointer","asset_pointer":"file-service://file-AbC123xyz","size_bytes":70,"width":1,"height":1},"What is this?"]},
                "metadata":{"attachments":[{"id":"file-AbC123xyz","name":"photo.png"}]},"recipient":"all"},"parent":"sys","children":["t1","n3"]},
              "t1":{"id":"t1","message":{"id":"t1","author":{"role":"assistant"},"create_time":1767323047.0,"content":{"content_type":"code","language":"json","text":"{}"},"metadata":{},"recipient":"browser"},"parent":"n1","children":["n2"]},
              "n2":{"id":"n2","message":{"id":"n2","author":{"role":"assistant"},"create_time":1767323048.0,"content":{"content_type":"text","parts":["A lighthouse."]},"metadata":{"model_slug":"gpt-4o"},"recipient":"all"},"parent":"t1","children":[]},
              "n3":{"id":"n3","message":{"id":"n3","author":{"role":"assistant"},"create_time":1767323060.0,"content":{"content_type":"text","parts":["A lantern room."]},"metadata":{"model_slug":"gpt-4o"},"recipient":"all"},"parent":"n1","children":["n5"]},
              "n5":{"id":"n5","message":{"id":"n5","author":{"role":"user"},"create_time":1767323070.0,"content":{"content_type":"text","parts":["Thanks"]},"metadata":{}},"parent":"n3","children":[]}}},
             {"title":"Nothing said","create_time":1767323000,"conversation_id":"c-2","mapping":{"root":{"id":"root","message":null,"parent":null,"children":[]}}}]
            """;
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            using (var writer = new StreamWriter(zip.CreateEntry("conversations.json").Open()))
                writer.Write(Json);
            using (var image = zip.CreateEntry("file-AbC123xyz-photo.png").Open())
                image.Write(TransferTalk.Png);
            using var page = new StreamWriter(zip.CreateEntry("chat.html").Open());
            page.Write("<html></html>");
        }

        return file.ToArray();
    }

    internal static string OpenWebUi() => """
        [{"id":"w-1","user_id":"u","title":"A dot","created_at":1767323045,"updated_at":1767323050,"archived":false,"chat":{"title":"A dot","models":["qwen3:8b"],"history":{"currentId":"m3","messages":{
          "m1":{"id":"m1","parentId":null,"childrenIds":["m2","m3"],"role":"user","content":"What is this?","timestamp":1767323046,"models":["qwen3:8b"],
            "files":[{"type":"image","url":"data:image/png;base64,PIXEL"},{"type":"collection","name":"Books"}]},
          "m2":{"id":"m2","parentId":"m1","childrenIds":[],"role":"assistant","content":"A dot.","model":"qwen3:8b","timestamp":1767323047,"done":true},
          "m3":{"id":"m3","parentId":"m1","childrenIds":[],"role":"assistant","content":"A pixel.","model":"qwen3:8b","timestamp":1767323047,"done":true}}}}}]
        """.Replace("PIXEL", Convert.ToBase64String(TransferTalk.Png), StringComparison.Ordinal);

    internal static string LibreChat(bool recursive)
    {
        const string Root = "00000000-0000-0000-0000-000000000000";
        object Message(string id, string parent, string text, bool user, int second, params object[] children) => new
        {
            messageId = id,
            parentMessageId = parent,
            text = user ? text : "",
            content = user ? null : new[] { new { type = "text", text = new { value = text } } },
            sender = user ? "User" : "Lighthouse",
            isCreatedByUser = user,
            createdAt = $"2026-01-02T03:04:{second:D2}.000Z",
            model = user ? null : "lighthouse",
            children = recursive ? children : null,
        };
        var more = Message("l3", "l2", "More", true, 12);
        var hi = Message("l2", "l1", "Hi", false, 11, more);
        var day = Message("l4", "l1", "Good day", false, 20);
        var hello = Message("l1", Root, "Hello", true, 10, hi, day);
        return JsonSerializer.Serialize(new
        {
            conversationId = "l-1",
            endpoint = "openAI",
            title = "Greetings",
            exportAt = "12:00:00 GMT",
            branches = true,
            recursive,
            options = new { model = "lighthouse" },
            messages = recursive ? new[] { hello } : [hello, hi, more, day],
        });
    }

    /// <summary>An Open WebUI export of one conversation without branches, as an array of one.</summary>
    internal static string Line(string id, params string[] texts)
    {
        var messages = texts.Select((text, i) => (Name: $"m{i}", Value: new
        {
            id = $"m{i}",
            parentId = i == 0 ? null : $"m{i - 1}",
            role = i % 2 == 0 ? "user" : "assistant",
            content = text,
            timestamp = 1767323046 + i,
        })).ToDictionary(message => message.Name, message => message.Value);
        return JsonSerializer.Serialize(new[] { new { id, title = id, created_at = 1767323045, chat = new { history = new { messages, currentId = $"m{texts.Length - 1}" } } } });
    }

    /// <summary>A ChatGPT export of about so many bytes, made while it is read.</summary>
    internal static IEnumerable<byte[]> Large(long bytes)
    {
        var words = string.Join(' ', Enumerable.Range(0, 120).Select(i => $"word{i * 7919 % 1000}"));
        yield return "["u8.ToArray();
        long written = 0;
        for (var i = 0; written < bytes; i++)
        {
            var nodes = Enumerable.Range(0, 20).ToDictionary(n => $"n{n}", n => (object)new
            {
                id = $"n{n}",
                parent = n == 0 ? null : $"n{n - 1}",
                message = new
                {
                    author = new { role = n % 2 == 0 ? "user" : "assistant" },
                    create_time = 1767323046.0 + i + n,
                    content = new { content_type = "text", parts = new[] { $"{i} {n} {words}" } },
                    metadata = new { model_slug = "gpt-4o" },
                },
            });
            var piece = JsonSerializer.SerializeToUtf8Bytes(new { conversation_id = $"large-{i}", title = $"Talk {i}", create_time = 1767323045.0 + i, current_node = "n19", mapping = nodes });
            if (i > 0)
                yield return ","u8.ToArray();
            yield return piece;
            written += piece.Length;
        }

        yield return Encoding.UTF8.GetBytes("]");
    }
}
