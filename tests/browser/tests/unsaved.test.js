// What was typed survives a reload and a lost connection, and nobody leaves it behind unasked.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
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
  await person.type("Lines of User ID,Email", "B01234X3,GHI@bank.com.hk");
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
  assert.equal(await person.field("Lines of User ID,Email").inputValue(), "B01234X3,GHI@bank.com.hk");
  assert.ok(await person.field("We confirm that we understand and accept the above").isChecked());
}

test("what was typed survives a reload", async () => {
  const { page, person, watch, context } = await typing();
  await page.reload();
  assert.equal(watch.leavings, 1);
  await person.sees("What you had typed here before has been put back.");
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
  await isAllThere(person);
  await person.type("Email Address", "DEF@bank.com.hk", { within: "Request 2" });
  await person.follow("button", "Save");
  await person.sees("Your draft is saved.");
  assert.equal(await person.field("User ID", { within: "Request 3" }).inputValue(), "B01234X3");

  // What is saved is not put back into the next new form.
  await person.go("/portal/requests/new");
  assert.equal(await person.field("User ID", ROW).inputValue(), "");
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
