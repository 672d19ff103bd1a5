using System.Security.Cryptography;
using System.Text;

namespace JeanTrail.Chat.Sharing;

/// <summary>How public pages look, and the policy that lets browsers apply this style, show pictures and play sounds of this server, and nothing else.</summary>
internal static class ShareStyle
{
    // The client's colours by day and by night, as sRGB; the page needs nothing of the client's files.
    public const string Css = """
        :root { color-scheme: light dark; --ground: #fbfaf7; --card: #fff; --ink: #1c2230; --soft: #565d6b; --line: #e2ded5; --code: #f3f1ec; --jean: #146c6c; --accent: #a2341d; }
        @media (prefers-color-scheme: dark) {
            :root { --ground: #12161f; --card: #1a1f2b; --ink: #e8eaf0; --soft: #a7afbf; --line: #2c3342; --code: #222938; --jean: #6fd0c8; --accent: #f0937c; }
        }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; }
        body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.6 Inter, system-ui, "Segoe UI", "Noto Sans", "Noto Sans Arabic", sans-serif; }
        main, footer, body > header { max-width: 46rem; margin-inline: auto; padding-inline: 1rem; }
        body > header { padding-block: 2rem 1rem; }
        body > header p, footer p { color: var(--soft); font-size: .875rem; margin: 0; }
        h1 { font-size: 1.5rem; line-height: 1.3; margin: .25rem 0 0; }
        h1, h2, h3, h4, h5, h6, p, li, td, th, blockquote { unicode-bidi: plaintext; text-align: start; overflow-wrap: anywhere; }
        article { padding-block: 1rem; border-block-start: 1px solid var(--line); }
        article > header { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem .75rem; font-size: .875rem; color: var(--soft); }
        article > header b { color: var(--jean); } .user > header b { color: var(--ink); }
        .user > .text { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: .75rem 1rem; margin-block-start: .5rem; white-space: pre-wrap; unicode-bidi: plaintext; }
        .text { overflow-wrap: anywhere; }
        .text h1 { font-size: 1.25rem; } .text h2 { font-size: 1.125rem; } .text h3, .text h4, .text h5, .text h6 { font-size: 1rem; }
        pre { direction: ltr; text-align: left; overflow-x: auto; background: var(--code); border-radius: 10px; padding: .75rem 1rem; font-size: .875rem; }
        code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; } :not(pre) > code { background: var(--code); border-radius: 4px; padding: 0 .25rem; overflow-wrap: anywhere; }
        .table { overflow-x: auto; } table { display: block; max-width: 100%; overflow-x: auto; border-collapse: collapse; } td, th { border: 1px solid var(--line); padding: .375rem .625rem; vertical-align: top; }
        blockquote { margin-inline: 0; padding-inline-start: 1rem; border-inline-start: 3px solid var(--line); color: var(--soft); }
        img { display: block; max-width: 100%; height: auto; border-radius: 10px; margin-block: .75rem; background: var(--code); }
        audio { display: block; width: 24rem; max-width: 100%; } .said { white-space: pre-wrap; margin-block: .75rem; }
        a { color: var(--accent); } summary { cursor: pointer; min-height: 2.75rem; display: list-item; padding-block: .625rem; color: var(--soft); font-size: .875rem; }
        .quiet { color: var(--soft); font-size: .875rem; white-space: pre-wrap; unicode-bidi: plaintext; overflow-wrap: anywhere; }
        .comments { list-style: none; margin: .75rem 0 0; padding: 0 0 0 0; padding-inline-start: 1rem; border-inline-start: 3px solid var(--jean); }
        .comments li { margin-block: .5rem; } .comments p { margin: 0; white-space: pre-wrap; }
        nav { display: flex; flex-wrap: wrap; gap: 1rem; justify-content: space-between; padding-block: 1rem; border-block-start: 1px solid var(--line); }
        nav a, .open { display: inline-flex; align-items: center; min-height: 2.75rem; }
        .open { padding-inline: 1rem; border: 1px solid var(--line); border-radius: 10px; background: var(--card); text-decoration: none; font-weight: 600; margin-block: .5rem; }
        a:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
        footer { padding-block: 1rem 3rem; border-block-start: 1px solid var(--line); }
        """;

    /// <summary>The Content-Security-Policy of the page. Source: W3C Content Security Policy Level 3.</summary>
    public static string Policy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Css.ReplaceLineEndings("\n"))))}'; img-src 'self'; media-src 'self'; "
        + "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}
