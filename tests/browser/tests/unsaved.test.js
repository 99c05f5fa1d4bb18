// What was typed survives a reload and a lost connection, and nobody leaves it behind unasked.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import axe from "axe-core";
import { open, startBrowser } from "../lib/browser.js";
import { Person } from "../lib/person.js";
import { startRunner } from "../lib/runner.js";

const ROW = { within: "Request 1" };

let browser, runner;
before(async () => { [browser, runner] = await Promise.all([startBrowser(), startRunner()]); });
after(() => Promise.all([browser?.close(), runner?.stop()]));

async function typing() {
  const opened = await open(browser);
  const person = new Person(opened.page, runner.url);
  await person.signIn("maker@abc.example");
  await person.go("/portal/requests/new");
  await person.choose("HKSCC Participant (B01234)");
  await person.type("User ID", "B01234X1", ROW);
  await person.type("Email Address", "ABC@bank.com.hk", ROW);
  await person.press("button", "+ Request");
  await person.type("User ID", "B01234X2", { within: "Request 2" });
  await person.type("Remarks", "typed on a train");
  await person.expand("Paste or upload several at once");
  await person.type("Lines of User ID,Email Address", "B01234X3,GHI@bank.com.hk");
  await person.choose("We confirm that we understand and accept the above");
  return { ...opened, person };
}

async function isAllThere(person) {
  assert.ok(await person.field("HKSCC Participant (B01234)").isChecked());
  assert.equal(await person.field("User ID", ROW).inputValue(), "B01234X1");
  assert.equal(await person.field("Email Address", ROW).inputValue(), "ABC@bank.com.hk");
  assert.equal(await person.field("User ID", { within: "Request 2" }).inputValue(), "B01234X2");
  assert.equal(await person.field("Remarks").inputValue(), "typed on a train");
  assert.ok(await person.isOpen("Paste or upload several at once"));
  assert.equal(await person.field("Lines of User ID,Email Address").inputValue(), "B01234X3,GHI@bank.com.hk");
  assert.ok(await person.field("We confirm that we understand and accept the above").isChecked());
}

test("what was typed survives a reload", async () => {
  const { page, person, watch, context } = await typing();
  await page.reload();
  assert.equal(watch.leavings, 1);
  await person.press("button", "Put it back");
  await isAllThere(person);
  watch.isClean();
  await context.close();
});

test("what was typed survives a save while offline, and is saved once the connection is back", async () => {
  const { page, person, watch, context } = await typing();
  await context.setOffline(true);
  await person.press("button", "Save");
  await page.waitForURL(/^chrome-error:/);
  await context.setOffline(false);
  await person.go("/portal/requests/new");
  await person.press("button", "Put it back");
  await isAllThere(person);
  await person.type("Email Address", "DEF@bank.com.hk", { within: "Request 2" });
  await person.follow("button", "Save");
  await person.sees("Your draft is saved.");
  assert.equal(await person.field("User ID", { within: "Request 3" }).inputValue(), "B01234X3");

  // What is saved is not offered in the next new form.
  await person.go("/portal/requests/new");
  assert.equal(await person.field("User ID", ROW).inputValue(), "");
  assert.equal(await person.find("button", "Put it back").count(), 0);
  watch.isClean();
  await context.close();
});

test("what was typed before replaces nothing unless somebody asks for it", async () => {
  const { page, person, watch, context } = await typing();
  // The form that the server sends now has a User ID in it already.
  await person.go("/portal/requests/new?user=B01234X9&anew=yes");
  const userId = page.locator('[name="changes.0.userId"]');
  assert.equal(await userId.inputValue(), "B01234X9");
  await person.press("button", "Start a new form");
  await person.type("Remarks", "typed later");
  await page.reload();
  // What was typed last is offered.
  assert.equal(await userId.inputValue(), "B01234X9");
  await person.press("button", "Continue with what I typed");
  assert.equal(await person.field("Remarks").inputValue(), "typed later");
  await page.reload();
  await person.press("button", "Start a new form");
  await page.reload();
  assert.ok(await page.locator("form[data-keep]").isVisible(), "nothing is offered any more");
  watch.isClean();
  await context.close();
});

for (const start of ["user=B01234X9&anew=yes", "form=DA3&as=HKCC+Participant+%28CXYZ%29"]) {
  test(`what was typed before and what a start brings along are never on one page: ${start}`, async () => {
    for (const choice of ["Continue with what I typed", "Start a new form"]) {
      const { page, person, watch, context } = await typing();
      await page.goto(`${runner.url}/portal/requests/new?${start}`);
      await person.sees("You filled in this form before and did not save it.");
      assert.equal(await page.locator("form[data-keep]").isVisible(), false);
      await page.evaluate(axe.source);
      assert.deepEqual((await page.evaluate(() => axe.run(document))).violations.map(({ id }) => id), []);
      await person.press("button", choice);
      assert.equal(await page.locator("form[data-keep]").isVisible(), true);
      if (choice === "Start a new form") {
        assert.equal(await person.field("Remarks").inputValue(), "");
        assert.equal(await person.field("HKSCC Participant (B01234)").isChecked(), false);
        assert.equal(await person.field("User ID", ROW).inputValue(), start.startsWith("user") ? "B01234X9" : "");
        // What was set aside is not offered again.
        await page.reload();
        assert.equal(await page.locator("form[data-keep]").isVisible(), true);
      } else {
        await isAllThere(person);
      }
      await context.close();
      watch.isClean();
    }
  });
}

test("what was typed into an older version is compared with the newer one before it is saved", async () => {
  const draft = await runner.draft({ changes: [{ userId: "B01234X5", email: "old@bank.com.hk" }] });
  const { page, watch, context } = await open(browser);
  const person = new Person(page, runner.url);
  await person.signIn("maker@abc.example");
  await person.go(`/portal/requests/${draft.id}/edit`);
  await person.type("Email Address", "mine@bank.com.hk", ROW);
  const other = await context.newPage();
  const elsewhere = new Person(other, runner.url);
  await elsewhere.go(`/portal/requests/${draft.id}/edit`);
  await elsewhere.type("Email Address", "newer@bank.com.hk", ROW);
  await elsewhere.follow("button", "Save");
  await page.reload();
  assert.equal(await person.field("Email Address", ROW).inputValue(), "newer@bank.com.hk");
  await person.press("button", "Put it back");
  await person.follow("button", "Save");
  await person.sees("The saved version and yours");
  for (const address of ["newer@bank.com.hk", "mine@bank.com.hk"]) await person.sees(address);
  watch.isClean();
  await context.close();
});

test("leaving what was typed warns, and staying keeps it", async () => {
  const { page, person, watch, context } = await typing();
  watch.onLeaving = (dialog) => dialog.dismiss();
  const here = page.url();
  await person.find("link", /^Tasks/, { menu: true }).click({ noWaitAfter: true });
  while (watch.leavings === 0) await page.waitForTimeout(50);
  assert.equal(page.url(), here);
  await isAllThere(person);
  watch.isClean();
  await context.close();
});

test("leaving an untouched form does not warn", async () => {
  const { page, watch, context } = await open(browser);
  const person = new Person(page, runner.url);
  await person.signIn("maker@abc.example");
  await person.go("/portal/requests/new");
  await person.follow("link", /^Tasks/, { menu: true });
  assert.equal(watch.leavings, 0);
  watch.isClean();
  await context.close();
});

test("signing out takes along what was typed", async () => {
  const { page, person, watch, context } = await typing();
  await person.follow("button", "Sign out");
  await person.sees("User Login");
  const kept = await page.evaluate(() => Object.keys(sessionStorage).length + Object.keys(localStorage).length);
  assert.equal(kept, 0);
  const back = await person.go("/portal/tasks");
  assert.match(page.url(), /\/sign-in/);
  assert.equal(back.status(), 200);
  watch.isClean();
  await context.close();
});
