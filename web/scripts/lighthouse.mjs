// Prints Lighthouse scores of a running server's pages and fails when a category is under its floor.
// BASE=http://127.0.0.1:5080 [JEAN_EMAIL=… JEAN_PASSWORD=…] npm run lighthouse -- /sign-in /
import { launch } from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";

const base = process.env.BASE ?? "http://127.0.0.1:5080";
const paths = process.argv.slice(2).filter((a) => a.startsWith("/"));
const runs = Number(process.env.RUNS ?? 3);
const floors = { performance: 0.95, accessibility: 1, "best-practices": 0.95 };

/** Pages behind the door are measured with the cookie of a real session. */
async function signIn() {
  const { JEAN_EMAIL: email, JEAN_PASSWORD: password } = process.env;
  if (!email || !password) return null;
  const response = await fetch(`${base}/api/accounts/sign-in`, { method: "POST", headers: { "Content-Type": "application/json", Origin: base }, body: JSON.stringify({ email, password }) });
  if (!response.ok) throw new Error(`Sign-in answered ${response.status}.`);
  return response.headers.getSetCookie().map((cookie) => cookie.split(";")[0]).join("; ");
}

const cookie = await signIn();
const chrome = await launch({
  chromePath: process.env.CHROME_PATH ?? "/usr/bin/chromium",
  chromeFlags: ["--headless=new", "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--enable-unsafe-swiftshader"],
});
let bad = 0;
for (const form of (process.env.FORMS ?? "mobile").split(",")) for (const path of paths.length ? paths : ["/sign-in", ...(cookie ? ["/"] : [])]) {
  const extraHeaders = cookie && path !== "/sign-in" ? { Cookie: cookie } : undefined;
  const results = [];
  for (let i = 0; i < runs; i++) results.push((await lighthouse(base + path, { port: chrome.port, logLevel: "error", onlyCategories: Object.keys(floors), extraHeaders }, form === "desktop" ? desktopConfig : undefined)).lhr);
  const lhr = results.sort((a, b) => a.categories.performance.score - b.categories.performance.score)[runs >> 1];
  const scores = Object.fromEntries(Object.keys(floors).map((k) => [k, Math.round(lhr.categories[k].score * 100)]));
  const shown = (audit) => lhr.audits[audit].displayValue;
  console.log(form.padEnd(7), new URL(lhr.finalDisplayedUrl).pathname.padEnd(10), JSON.stringify(scores), "FCP", shown("first-contentful-paint"), "LCP", shown("largest-contentful-paint"), "TBT", shown("total-blocking-time"), "CLS", shown("cumulative-layout-shift"), "bytes", shown("total-byte-weight"));
  for (const [category, floor] of Object.entries(floors)) if (lhr.categories[category].score < floor) {
    bad++;
    console.log("  under", category, lhr.categories[category].auditRefs.filter((r) => lhr.audits[r.id].score !== null && lhr.audits[r.id].score < 0.9 && r.weight > 0).map((r) => `${r.id}=${lhr.audits[r.id].displayValue ?? lhr.audits[r.id].score}`).join("; "));
  }
}
await chrome.kill();
process.exit(bad ? 1 : 0);
