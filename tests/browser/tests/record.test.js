// The record of a request as the browser prints it: on A4, whole, and with no identifier broken over two lines.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open, startBrowser } from "../lib/browser.js";
import { Person } from "../lib/person.js";
import { startRunner } from "../lib/runner.js";

const CHECKER = "checker@abc.example";
const REMARKS = "Please replace the address of the administrator who left. ".repeat(12).trim();

let browser, runner, request;
before(async () => {
  [browser, runner] = await Promise.all([startBrowser(), startRunner()]);
  const changes = Array.from({ length: 9 }, (_, index) => ({
    userId: `B01234X${index + 1}`, email: `administrator.with.a.long.name.${index + 1}@subsidiary.bank.example`,
  }));
  const claimed = await runner.step(CHECKER, await runner.submitted({ changes, remarks: REMARKS }), "claim");
  request = await runner.step(CHECKER, claimed, "return", "Please see row 9.");
});
after(() => Promise.all([browser?.close(), runner?.stop()]));

/** How many lines each identifier takes, as the page is laid out for paper. */
const lines = (page) => page.evaluate(() => {
  const pieces = [...document.querySelectorAll(".record .nowrap, .record td bdi")];
  const isOne = (text) => /^[A-Z0-9_]{7,26}$/.test(text) || /^[0-9a-f]{16}$/.test(text);
  return pieces.filter((piece) => isOne(piece.textContent.trim())).map((piece) => {
    const range = document.createRange();
    range.selectNodeContents(piece);
    return new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size;
  });
});

for (const [locale, language, words] of [
  ["en-HK", "en", {
    print: "Print", by: "Printed by", at: "Printed on", version: "Version", end: "End of record", as: "HKSCC Participant (B01234)",
  }],
  ["zh-HK", "zh-Hant-HK", {
    print: "列印", by: "列印者", at: "列印時間", version: "版本", end: "記錄完", as: "香港結算參與者（B01234）",
  }],
]) {
  test(`the record is printed whole on A4, in ${language}`, async () => {
    const { page, watch, context } = await open(browser, { locale });
    const person = new Person(page, runner.url);
    await person.signIn("maker@abc.example", locale === "en-HK" ? undefined : (await import("../lib/words.js")).CHINESE);
    await person.go(`/portal/requests/${request.id}/record`);
    // The button does what the browser's own print does.
    await page.evaluate(() => { window.print = () => { document.title = "printed"; }; });
    await person.press("button", words.print);
    assert.equal(await page.title(), "printed");

    await page.emulateMedia({ media: "print" });
    await page.setViewportSize({ width: 680, height: 1000 });
    const counts = await lines(page);
    assert.ok(counts.length > 20, `${counts.length} identifiers`);
    assert.deepEqual(counts.filter((count) => count !== 1), []);
    const text = await page.locator("main").innerText();
    for (const needed of [words.by, words.at, words.end, "A Maker", words.as, "Please see row 9.", REMARKS,
      ...Array.from({ length: 9 }, (_, index) => `B01234X${index + 1}`),
      ...[1, 2, 3, 4].map((version) => `${words.version} ${version}`)]) {
      assert.ok(text.includes(needed), needed);
    }
    assert.equal(await page.getByRole("navigation").filter({ visible: true }).count(), 0, "paper has no navigation");

    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
    const found = [...pdf.matchAll(/\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]/g)];
    const boxes = found.map(([, width, height]) => [width, height].map(Math.round));
    assert.ok(boxes.length >= 2, "more than one page");
    // A4 is 210 by 297 mm: 595 by 842 points.
    for (const [width, height] of boxes) assert.ok(Math.abs(width - 595) <= 1 && Math.abs(height - 842) <= 1, `${width} x ${height}`);
    watch.isClean();
    await context.close();
  });
}

test("the request's page leads to its record, and the record prints without script", async () => {
  const { page, watch, context } = await open(browser, { javaScriptEnabled: false });
  const person = new Person(page, runner.url);
  await person.signIn("maker@abc.example");
  await person.go(`/portal/requests/${request.id}`);
  await page.locator("details.menu summary").click();
  await person.follow("link", "Print record");
  await person.sees("End of record");
  assert.equal(await page.getByRole("button", { name: "Print" }).filter({ visible: true }).count(), 0);
  watch.isClean();
  await context.close();
});
