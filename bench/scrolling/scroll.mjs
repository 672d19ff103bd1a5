// Opens a long conversation in Chromium, scrolls back through it with the wheel for ten seconds, and tells from the trace how the frames came.
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { categories, framesOf, shortened } from "./frames.mjs";
import { startServer } from "./server.mjs";
import { longTalk } from "./talk.mjs";

const { chromium } = createRequire(new URL("../../web/package.json", import.meta.url))("playwright-core");
const messages = Number(process.argv[2] ?? 10_000);
const seconds = 10, pixelsPerSecond = 3_000;
const sizes = { desktop: { viewport: { width: 1280, height: 800 } }, phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true } };
const scroller = "[data-messages]";
/** Of the p95 beside that of the empty page, and of frames that were not drawn. */
const goal = { ratio: 1.25, dropped: 0.01 };

async function seed(context, base, code) {
  const sent = async (path, data, headers = {}) => {
    const answer = await context.request.fetch(base + path, { method: path.endsWith("preferences") ? "PUT" : "POST", data, headers: { Origin: base, ...headers } });
    if (!answer.ok()) throw new Error(`${path} answered ${answer.status()}: ${await answer.text()}`);
    return answer;
  };
  const { csrfToken } = await (await sent("/api/accounts/setup", { code, email: "olga@example.org", displayName: "Olga", password: "correct horse battery staple", locale: "en" })).json();
  const headers = { "X-CSRF-Token": csrfToken };
  await sent("/api/accounts/preferences", { locale: "en", showAvatar: false, timeZone: "Europe/London" }, headers);
  await sent("/api/chat/imports?name=conversations.json", Buffer.from(JSON.stringify(longTalk(messages))), { ...headers, "Content-Type": "application/octet-stream" });
  for (;;) {
    const [one] = (await (await context.request.get(`${base}/api/chat/imports`)).json()).items;
    if (one.state === "succeeded" && one.report.messages === messages) break;
    if (!["queued", "running"].includes(one.state)) throw new Error(`The import ended as ${JSON.stringify(one)}.`);
    await new Promise((go) => setTimeout(go, 500));
  }
  return (await (await context.request.get(`${base}/api/chat/conversations`)).json()).items[0].id;
}

/** What is to be scrolled stands at its end; the wheel goes towards its beginning. */
async function measure(browser, page, place) {
  const box = await page.locator(place).boundingBox();
  const cdp = await page.context().newCDPSession(page);
  await browser.startTracing(page, { categories });
  await page.evaluate(() => { performance.mark("scrolling"); });
  const before = await page.locator(place).evaluate((e) => e.scrollHeight - e.scrollTop);
  await cdp.send("Input.synthesizeScrollGesture", {
    x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 2), yDistance: seconds * pixelsPerSecond, speed: pixelsPerSecond,
    gestureSourceType: "mouse", preventFling: true,
  });
  await page.evaluate(() => { performance.mark("scrolled"); });
  const trace = await browser.stopTracing();
  const after = await page.locator(place).evaluate((e) => e.scrollHeight - e.scrollTop);
  return { trace, figures: { ...framesOf(trace), scrolledPx: Math.round(after - before) } };
}

const server = await startServer();
const browser = await chromium.launch({ executablePath: process.env.CHROME_PATH ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-background-networking", "--no-first-run", "--enable-unsafe-swiftshader"] });
const result = { machine: `${cpus()[0].model}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Chromium ${browser.version()}, software rendering`, messages, seconds, pixelsPerSecond, sizes: {} };
const traces = process.env.TRACES;
if (traces) mkdirSync(traces, { recursive: true });
try {
  const first = await browser.newContext();
  const id = await seed(first, server.base, server.code);
  const storageState = await first.storageState();
  for (const [name, size] of Object.entries(sizes)) {
    const context = await browser.newContext({ ...size, storageState });
    const page = await context.newPage();
    await page.setContent(`<meta name="viewport" content="width=device-width"><body style="margin:0;overflow:hidden"><div data-messages style="height:100vh;overflow-y:auto"><div style="height:2000000px;background:repeating-linear-gradient(white 0 24px,silver 24px 48px)">Nothing</div></div>`);
    await page.locator(scroller).evaluate((e) => { e.scrollTop = e.scrollHeight; });
    const empty = await measure(browser, page, scroller);
    const began = performance.now();
    await page.goto(`${server.base}/chat/${id}`);
    await page.locator("article").last().waitFor();
    const openMs = Math.round(performance.now() - began);
    // What follows the first sight of a page, such as its service worker, is over.
    await page.waitForTimeout(5_000);
    const talk = await measure(browser, page, scroller);
    const nodes = await page.evaluate(() => document.querySelectorAll("*").length);
    const ratio = Math.round((talk.figures.p95Ms / empty.figures.p95Ms) * 100) / 100;
    result.sizes[name] = { openMs, nodes, conversation: talk.figures, emptyPage: empty.figures, p95Ratio: ratio };
    for (const [what, { figures: f }] of [["conversation", talk], ["empty page", empty]]) console.log(`${name.padEnd(8)} ${what.padEnd(13)} ${String(f.frames).padStart(4)} frames  p50 ${f.p50Ms} ms  p95 ${f.p95Ms} ms  longest ${f.longestMs} ms  dropped ${(f.droppedShare * 100).toFixed(1)} %  late ${(f.lateShare * 100).toFixed(1)} %  longest task ${f.longestTaskMs} ms  main thread busy ${(f.mainThreadBusyShare * 100).toFixed(0)} %  ${f.scrolledPx} px`);
    console.log(`${name.padEnd(8)} p95 × ${ratio}, opened in ${openMs} ms, ${nodes} elements`);
    if (traces) {
      const kept = gzipSync(shortened(talk.trace), { level: 9 });
      writeFileSync(join(traces, `${name}.json.gz`), kept);
      writeFileSync(join(traces, `${name}-whole.json`), talk.trace);
    }
    await context.close();
  }
} finally {
  await browser.close();
  await server.stop();
}
if (traces) writeFileSync(join(traces, "result.json"), `${JSON.stringify(result, null, 2)}\n`);
console.log(result.machine);
const reached = Object.values(result.sizes).every(({ p95Ratio, conversation }) => p95Ratio <= goal.ratio && conversation.droppedShare <= goal.dropped);
console.log(`${reached ? "reached " : "MISSED  "} p95 within ${goal.ratio} times the empty page's, at most ${goal.dropped * 100} % of frames dropped`);
process.exitCode = reached ? 0 : 1;
