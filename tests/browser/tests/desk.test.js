// The page of a request: what it leads with, and what never gets lost in a step's dialog.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open, startBrowser } from "../lib/browser.js";
import { Person } from "../lib/person.js";
import { PASSWORD, startRunner } from "../lib/runner.js";

let browser, runner;
before(async () => { [browser, runner] = await Promise.all([startBrowser(), startRunner()]); });
after(() => Promise.all([browser?.close(), runner?.stop()]));

const MESSAGE = /^Any message to the next step user\?/;
const DIALOG = { dialog: true };

async function at(user, request) {
  const opened = await open(browser);
  const person = new Person(opened.page, runner.url);
  await person.signIn(user);
  await person.go(`/portal/requests/${request.id}`);
  return { ...opened, person };
}

const row = (number) => ({ changes: [{ userId: `B01234X${number}`, email: "ABC@bank.com.hk" }] });

async function done({ watch, context }) {
  watch.isClean();
  await context.close();
}

test("the reference is the heading, the status says its time once, and the newest message is open", async () => {
  const draft = await runner.draft(row(1));
  const ready = await runner.step("maker@abc.example", draft, "submit", "Please check before noon.");
  const claimed = await runner.step("checker@abc.example", ready, "claim");
  const there = await at("checker@abc.example", claimed);
  assert.equal(await there.page.getByRole("heading", { level: 1 }).innerText(), ready.reference);
  assert.equal((await there.person.fact("Status:")).match(/HKT/g).length, 1);
  await there.person.sees("Please check before noon.");
  await there.page.setViewportSize({ width: 1280, height: 400 });
  await there.page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  const top = await there.page.locator(".sticky .primary").evaluate((link) => link.getBoundingClientRect().top);
  assert.ok(top >= 0 && top < 400, `the next step is at ${top}`);
  await done(there);
});

test("what was typed for the next step user survives a reload and is forgotten once the step is taken", async () => {
  const draft = await runner.draft(row(2));
  const there = await at("maker@abc.example", draft);
  await there.person.press("button", "Submit");
  await there.person.type(MESSAGE, "typed on a train", DIALOG);
  await there.page.reload();
  await there.person.press("button", "Submit");
  assert.equal(await there.person.field(MESSAGE, DIALOG).inputValue(), "typed on a train");
  await there.person.follow("button", "Confirm", DIALOG);
  await there.person.sees("typed on a train");
  const kept = await there.page.evaluate(() => Object.keys(sessionStorage).filter((name) => name.includes(":step:")));
  assert.deepEqual(kept, []);
  await done(there);
});

test("what was typed is there again after a look at another page and the way back, and no step is taken twice", async () => {
  const draft = await runner.draft(row(5));
  const there = await at("maker@abc.example", draft);
  await there.person.press("button", "Submit");
  await there.person.type(MESSAGE, "typed before a look", DIALOG);
  await there.person.go("/portal/tasks");
  await there.page.goBack({ waitUntil: "load" });
  await there.person.press("button", "Submit");
  assert.equal(await there.person.field(MESSAGE, DIALOG).inputValue(), "typed before a look");
  await there.person.follow("button", "Confirm", DIALOG);
  await there.person.sees(/^Submitted\./);
  // The page before shows what is now, and what was done is told no more.
  await there.page.goBack({ waitUntil: "load" });
  await there.page.reload();
  assert.deepEqual((await there.person.offers()).sort(), ["Clone", "Reclaim"]);
  assert.equal(await there.page.getByText(/^Submitted\. Told/).count(), 0);
  const { history } = await runner.call("maker@abc.example", "GET", `/requests/${draft.id}`);
  assert.equal(history.filter(({ action }) => action === "submit").length, 1);
  await done(there);
});

test("what was typed is there again after the session ended", async () => {
  const draft = await runner.draft(row(3));
  const there = await at("maker@abc.example", draft);
  await there.person.press("button", "Submit");
  await there.person.type(MESSAGE, "typed too long", DIALOG);
  await there.context.clearCookies();
  await there.person.follow("button", "Confirm", DIALOG);
  await there.person.sees("typed too long");
  await there.page.getByRole("link", { name: "Log in and go back to it" }).click();
  await there.person.follow("button", "Log in");
  await there.person.type("User ID/Email", "maker@abc.example");
  await there.person.type("Password", PASSWORD);
  await there.person.follow("button", "Log in");
  assert.match(there.page.url(), new RegExp(`/portal/requests/${draft.id}/submit$`));
  assert.equal(await there.person.field(MESSAGE).inputValue(), "typed too long");
  await there.person.follow("button", "Confirm");
  await there.person.sees("Ready to Send to HKEX");
  await done(there);
});

test("a step in a second tab is not taken twice, and what was typed in the first one is kept", async () => {
  const draft = await runner.draft(row(4));
  const there = await at("maker@abc.example", draft);
  await there.person.press("button", "Submit");
  await there.person.type(MESSAGE, "from the first tab", DIALOG);
  await runner.step("maker@abc.example", draft, "submit", "from the second tab");
  await there.person.follow("button", "Confirm", DIALOG);
  await there.person.sees("This request has changed");
  await there.person.sees("from the first tab");
  await done(there);
});
