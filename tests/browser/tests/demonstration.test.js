// The pages of the demonstration: signing in with one click, the mailbox and the schedules, without script.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import axe from "axe-core";
import { open, startBrowser } from "../lib/browser.js";
import { Person } from "../lib/person.js";
import { startRunner } from "../lib/runner.js";
import { screenshot } from "../lib/screens.js";
import { CHINESE, ENGLISH } from "../lib/words.js";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

let browser, runner;
before(async () => {
  [browser, runner] = await Promise.all([startBrowser(), startRunner()]);
  await runner.submitted();
  while ((await mails()).length === 0) await new Promise((again) => { setTimeout(again, 50); });
});
after(() => Promise.all([browser?.close(), runner?.stop()]));

async function mails() {
  const answer = await fetch(`${runner.url}/mailbox`, { headers: { accept: "application/json" } });
  return answer.json();
}

/** A page that axe finds nothing wrong with, in pictures at both widths. */
async function look(page, name) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate((tags) => axe.run(document, { runOnly: tags }), TAGS);
  assert.deepEqual(violations.map(({ id, nodes }) => `${name} ${id}: ${nodes.map(({ html }) => html)}`), []);
  await screenshot(page, name);
}

for (const words of [ENGLISH, CHINESE]) {
  test(`one click on a person signs them in, and the footer leads to the mailbox, ${words.locale}`, async () => {
    const { page, watch, context } = await open(browser, { locale: words.locale, javaScriptEnabled: false });
    const person = new Person(page, runner.url);
    await person.go("/");
    await person.follow("button", words.start);
    await person.follow("button", /^A Maker /);
    await page.getByText("A Maker").first().waitFor();
    assert.equal(new URL(page.url()).pathname, "/");
    await page.getByRole("contentinfo").locator('a[href="/mailbox"]').click();
    await person.seesHeading("Mailbox");
    watch.isClean();
    await context.close();
  });
}

for (const colorScheme of ["light", "dark"]) {
  test(`a mail opens on its HTML, with its other parts in tabs, ${colorScheme}`, async () => {
    const { page, watch, context } = await open(browser, { colorScheme });
    const person = new Person(page, runner.url);
    await person.go("/mailbox");
    await look(page, `mailbox-${colorScheme}`);
    await page.locator("tbody a").first().click();
    const frame = page.frameLocator("iframe");
    await frame.getByText("DA3_").first().waitFor();
    await look(page, `mail-${colorScheme}`);
    for (const [tab, shown] of [["Text", /DA3_/], ["Headers", "Message-ID"], ["Source", /MIME-Version/]]) {
      await person.follow("link", tab);
      await person.sees(shown);
      assert.equal(await page.locator('[aria-current="page"]').innerText(), tab);
      assert.equal(await page.locator("iframe").count(), 0);
    }
    await look(page, `mail-source-${colorScheme}`);
    await person.follow("link", "Reply");
    await look(page, `reply-${colorScheme}`);
    watch.isClean();
    await context.close();
  });

  test(`a schedule that is run by its button says on a page what it did, ${colorScheme}`, async () => {
    const { page, watch, context } = await open(browser, { colorScheme });
    const person = new Person(page, runner.url);
    await person.go("/schedules");
    const row = page.getByRole("row").filter({ hasText: "reminders" });
    await row.getByRole("button", { name: "Run now" }).click();
    const status = page.getByRole("status");
    await status.waitFor();
    assert.match(await status.innerText(), /The schedule reminders ran at .* HKT/);
    assert.match(await status.innerText(), /Day\s+2023-02-07/);
    await look(page, `schedule-ran-${colorScheme}`);
    watch.isClean();
    await context.close();
  });

  test(`the sign-in page with people to click on, ${colorScheme}`, async () => {
    for (const words of [ENGLISH, CHINESE]) {
      const { page, watch, context } = await open(browser, { colorScheme, locale: words.locale });
      const person = new Person(page, runner.url);
      await person.go("/");
      await person.follow("button", words.start);
      await look(page, `log-in-${words.locale.slice(0, 2)}-${colorScheme}`);
      watch.isClean();
      await context.close();
    }
  });
}

/** The last one, since it decides on the request. */
test("a link of a mail opens a new mail with its command, which is sent with a reason below it", async () => {
  const { page, watch, context } = await open(browser);
  const person = new Person(page, runner.url);
  const asks = (await mails()).find(({ replyTo }) => replyTo.length > 0);
  await person.go(`/mailbox/${asks.id}`);
  const opened = context.waitForEvent("page");
  await page.frameLocator("iframe").getByRole("link", { name: "Return by e-mail" }).click();
  const written = await opened;
  await written.waitForLoadState();
  const text = written.getByLabel("Text");
  assert.match(await text.inputValue(), /^RETURN DA3_\d{8}\n$/);
  for (const colorScheme of ["light", "dark"]) {
    await written.emulateMedia({ colorScheme });
    await look(written, `new-mail-${colorScheme}`);
  }
  await text.fill(`${await text.inputValue()}The address is not ours.`);
  await written.getByRole("button", { name: "Send" }).click();
  await written.getByRole("heading", { name: "Handed over" }).waitFor();
  while (!(await mails()).some(({ subject }) => subject.endsWith("you returned it by e-mail"))) {
    await new Promise((again) => { setTimeout(again, 50); });
  }
  watch.isClean();
  await context.close();
});
