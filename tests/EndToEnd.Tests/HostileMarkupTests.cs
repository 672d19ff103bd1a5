using System.Text;
using JeanTrail.Testing;
using JeanTrail.Testing.Simulators;
using static Microsoft.Playwright.Assertions;

namespace JeanTrail.EndToEnd.Tests;

/// <summary>Known attacks on pages that show Markdown and HTML of others, and mixtures of their pieces, as answers in a real browser.</summary>
[Collection(ChromiumCollection.Name)]
public sealed class HostileMarkupTests(Chromium chromium)
{
    const int MixturesPerAnswer = 300;
    const int Answers = 3;

    [Fact]
    public async Task Nothing_a_model_says_runs_in_the_page()
    {
        using var data = new DataFolder();
        await using var server = await JeanTrailProcess.StartAsync(data.Path, settings: new Dictionary<string, string> { ["JEAN_Chat__LabelByModel"] = "false" });
        await using var upstream = await OpenAiServer.StartAsync(new() { ApiKey = "sk-test", Models = ["storyteller"] });
        await using var screen = await chromium.OpenAsync(server.Address);
        await screen.Page.AddInitScriptAsync("window.ran = []; window.pwn = () => window.ran.push(new Error().stack);");
        await screen.CreateOwnerAsync(await server.SetupCodeAsync());
        await screen.TalkWithAsync(upstream.BaseUrl);

        var attacks = HostileMarkup.Attacks;
        var random = new Random(7);
        await ShowAsync(screen, upstream, 1, string.Join("\n\n", attacks));
        for (var round = 2; round <= Answers; round++)
            await ShowAsync(screen, upstream, round, string.Join("\n\n", Enumerable.Range(0, MixturesPerAnswer).Select(_ => Mixture(random, attacks))));

        // The purifier reads it in a document of its own, where nothing runs; Chromium tells what our policy would have refused there.
        screen.Complaints.Where(complaint => !complaint.Contains("Content Security Policy", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    static async Task ShowAsync(Screen screen, OpenAiServer upstream, int round, string markup)
    {
        upstream.NextReply(markup + "\n\n```\n\nThe end of it.");
        await screen.SayAsync("Go on");
        await Expect(screen.Page.Locator("[data-messages]")).ToHaveAttributeAsync("data-messages", $"{2 * round}");
        await Expect(screen.Answers.Last).ToHaveAttributeAsync("data-status", "complete", new() { Timeout = 60_000 });
        await Expect(screen.Answers.Last).ToContainTextAsync("The end of it.", new() { Timeout = 60_000 });
        // It would be read aloud for an hour.
        await screen.Page.GetByLabel("Message to Jean").PressAsync("Escape");
        // Whoever moves the mouse over it, and goes through it with the keyboard.
        var found = await screen.Page.EvaluateAsync<string[]>("""
            async () => {
              const prose = [...document.querySelectorAll(".prose")].at(-1);
              for (const element of prose.querySelectorAll("*")) {
                for (const type of ["mouseover", "pointerenter", "focus", "click", "load", "error", "toggle", "animationstart"])
                  if (!(type === "click" && element.closest("a, button, summary"))) element.dispatchEvent(new Event(type));
              }
              await new Promise((go) => setTimeout(go, 300));
              const banned = prose.querySelectorAll("script, style, iframe, object, embed, form, base, meta, link, svg:not(button svg, .katex svg), math:not(.katex math), img, video, audio, template, textarea, frameset, dialog, select");
              const handlers = [...prose.querySelectorAll("*")].flatMap((e) => e.getAttributeNames().filter((n) => n.startsWith("on")).map((n) => `${e.tagName} ${n}`));
              const addresses = [...prose.querySelectorAll("[href], [src], [action], [formaction]")].map((e) => e.href ?? e.src ?? "?").filter((a) => !/^(https?|mailto|tel):/.test(a));
              return [...window.ran, ...[...banned].map((e) => e.outerHTML.slice(0, 100)), ...handlers, ...addresses];
            }
            """);
        found.ShouldBeEmpty();
    }

    static string Mixture(Random random, IReadOnlyList<string> attacks)
    {
        var text = new StringBuilder();
        string[] between = ["", "\n", " ", "\n> ", "\n- ", "<!--", "`", "**", "\\", "\t"];
        for (var pieces = random.Next(2, 8); pieces > 0; pieces--)
        {
            var attack = attacks[random.Next(attacks.Count)];
            var from = random.Next(2) == 0 ? 0 : random.Next(attack.Length);
            text.Append(attack.AsSpan(from, random.Next(2) == 0 ? attack.Length - from : random.Next(attack.Length - from))).Append(between[random.Next(between.Length)]);
        }

        return text.ToString();
    }
}
