// What ten pages cost in Chromium: prints the table of BENCHMARKS.md. Nothing passes or fails.
//   node tests/browser/measure.js
import { open, startBrowser } from "./lib/browser.js";
import { Person } from "./lib/person.js";
import { startRunner } from "./lib/runner.js";

const MAKER = "maker@abc.example";
const CHECKER = "checker@abc.example";
const ROWS = 50;
const TURNS = 7;
/** A processor this many times slower than the one at hand. */
const SLOWED = 4;

const median = (numbers) => numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)];

/** Fifty requests on the desk, one of which has fifty rows and is claimed, and a draft of fifty rows. */
async function seed(runner) {
  const cards = Array.from({ length: ROWS }, (_, row) => ({ userId: `B01234M${row}`, holder: "Chan Tai Man" }));
  const form = { eService: "SCard1", maintenanceRequest: "Issue", changes: undefined };
  const draft = await runner.draft({ ...form, cards });
  const large = await runner.step(CHECKER, await runner.submitted({ ...form, cards }), "claim");
  for (let number = 1; number < ROWS; number += 1) {
    await runner.submitted({ ...form, cards: [{ userId: `B01234N${number}`, holder: "Chan Tai Man" }] });
  }
  return { draft, large };
}

async function measure(page, address) {
  await page.goto(address, { waitUntil: "load" });
  await page.waitForTimeout(300);
  // What a key costs: from the press to the next frame, as the browser times it.
  await page.keyboard.press("Tab");
  const field = page.locator("main").locator("input:visible, textarea:visible").first();
  if (await field.count()) {
    await field.focus();
    await page.keyboard.press("x");
  }
  await page.waitForTimeout(300);
  return page.evaluate(() => {
    const [load] = performance.getEntriesByType("navigation");
    const { shift, delays } = globalThis.seen;
    return { shift, delay: Math.max(0, ...delays), server: load.responseStart - load.requestStart };
  });
}

const [browser, runner] = await Promise.all([startBrowser(), startRunner()]);
const { draft, large } = await seed(runner);
const pages = [
  ["sign-in page", null, "/sign-in"],
  ["home", MAKER, "/"],
  ["catalogue", MAKER, "/portal/user-maintenance"],
  ["form, 50 rows", MAKER, `/portal/requests/${draft.id}/edit`],
  ["preview, 50 rows", MAKER, `/portal/requests/${draft.id}`],
  ["My requests, 50 rows", MAKER, "/portal/requests?of=all"],
  ["Tasks, 50 rows", CHECKER, "/portal/tasks"],
  ["review, 50 rows", CHECKER, `/portal/requests/${large.id}`],
  ["User Profile Listing", CHECKER, "/portal/delegated-administrators"],
  ["2FA readiness", CHECKER, "/portal/readiness"],
];
const opened = new Map();
for (const user of [null, MAKER, CHECKER]) {
  const { context, page } = await open(browser);
  await context.addInitScript(() => {
    globalThis.seen = { shift: 0, delays: [] };
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.seen.shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) globalThis.seen.delays.push(entry.processingStart - entry.startTime);
    }).observe({ type: "event", durationThreshold: 16, buffered: true });
  });
  if (user) await new Person(page, runner.url).signIn(user);
  const wire = await context.newCDPSession(page);
  await wire.send("Emulation.setCPUThrottlingRate", { rate: SLOWED });
  opened.set(user, page);
}
const found = new Map(pages.map(([name]) => [name, []]));
for (let turn = 0; turn < TURNS; turn += 1) {
  for (const [name, user, path] of pages) found.get(name).push(await measure(opened.get(user), runner.url + path));
}
const server = (name) => median(found.get(name).map((one) => one.server));
const least = server("sign-in page");
console.log("| page | layout shift, worst | input delay, worst (ms) | server time, ratio to the sign-in page |");
console.log("| --- | ---: | ---: | ---: |");
for (const [name, turns] of found) {
  const worst = (what) => Math.max(...turns.map((turn) => turn[what]));
  console.log(`| ${name} | ${worst("shift").toFixed(3)} | ${worst("delay").toFixed(0)} | ${(server(name) / least).toFixed(1)} |`);
}
await Promise.all([browser.close(), runner.stop()]);
