namespace JeanTrail.Kernel.OpenApi;

internal static class ReferenceStyle
{
    internal const string Css = """
        :root { --bg: #fbfaf8; --panel: #fff; --ink: #22252b; --dim: #5d636e; --line: #e4e1dc; --accent: #b5432e; --teal: #0b6f6a; --code: #f4f1ec; }
        @media (prefers-color-scheme: dark) {
          :root { --bg: #14161a; --panel: #1b1e24; --ink: #e7e8ea; --dim: #a0a6b1; --line: #2c3038; --accent: #ff8f78; --teal: #5fd0c5; --code: #22262d; }
        }
        * { box-sizing: border-box; }
        html { scroll-padding-top: 1rem; }
        body { margin: 0; display: grid; grid-template-columns: minmax(14rem, 19rem) minmax(0, 1fr); background: var(--bg); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
        a { color: var(--teal); text-underline-offset: .2em; }
        a:focus-visible, pre:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
        .skip { position: absolute; inset-inline-start: -100vw; }
        .skip:focus { inset-inline-start: 1rem; top: 1rem; background: var(--panel); padding: .5rem 1rem; z-index: 1; }
        nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 1.5rem 1rem; border-inline-end: 1px solid var(--line); background: var(--panel); font-size: .875rem; }
        nav h2 { margin: 1.25rem 0 .25rem; font-size: .75rem; letter-spacing: .06em; text-transform: uppercase; color: var(--dim); }
        nav h2:first-child { margin-top: 0; }
        nav ul { list-style: none; margin: 0; padding: 0; }
        nav li a { display: block; padding: .3rem .4rem; border-radius: 6px; color: var(--ink); text-decoration: none; }
        nav li a:hover { background: var(--code); }
        main { padding: 2.5rem clamp(1rem, 4vw, 4rem); max-width: 66rem; }
        h1 { margin: 0 0 .5rem; font-size: 2rem; letter-spacing: -.02em; }
        h1 small { color: var(--dim); font-size: 1rem; font-weight: 400; }
        main h2 { margin: 3rem 0 1rem; padding-bottom: .4rem; border-bottom: 1px solid var(--line); }
        article { margin: 0 0 1.25rem; padding: 1.1rem 1.35rem; background: var(--panel); border: 1px solid var(--line); border-radius: 12px; }
        article:target { border-color: var(--accent); }
        h3 { margin: 0; font-size: 1rem; overflow-wrap: anywhere; }
        h4 { margin: 1.1rem 0 .4rem; font-size: .8125rem; color: var(--dim); }
        .here { color: var(--dim); text-decoration: none; }
        .m { display: inline-block; min-width: 3.6em; font: 600 .6875rem/1.6 ui-monospace, monospace; text-transform: uppercase; color: var(--dim); }
        .get { color: var(--teal); } .post, .put, .patch { color: var(--accent); } .delete { color: #c0263c; }
        @media (prefers-color-scheme: dark) { .delete { color: #ff8095; } }
        code, pre { font-family: ui-monospace, SFMono-Regular, Consolas, monospace; font-size: .875em; }
        pre { margin: .4rem 0; padding: .8rem 1rem; overflow-x: auto; background: var(--code); border-radius: 8px; }
        table { display: block; overflow-x: auto; border-collapse: collapse; font-size: .875rem; }
        th, td { padding: .35rem 1rem .35rem 0; text-align: start; vertical-align: top; border-bottom: 1px solid var(--line); }
        th { color: var(--dim); font-weight: 500; }
        dl { display: grid; grid-template-columns: 3.5rem minmax(0, 1fr); gap: .25rem .5rem; margin: 0; font-size: .875rem; }
        dd { margin: 0; } .type { margin: .1rem 0; }
        .req { color: var(--accent); font-size: .75rem; } .opt, .lim { color: var(--dim); font-size: .75rem; }
        @media (max-width: 50rem) { body { display: block; } nav { position: static; height: auto; border: 0; border-bottom: 1px solid var(--line); } }
        """;
}
