// What colleagues do for each other: one hands a request over, another takes one over, two check one, and a company
// changes who they are. Every page on the way is one that axe finds nothing wrong with.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import axe from "axe-core";
import { open, startBrowser } from "../lib/browser.js";
import { Person } from "../lib/person.js";
import { startRunner } from "../lib/runner.js";
import { screenshot } from "../lib/screens.js";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const MAKER = "maker@abc.example";
const CHECKER = "checker@abc.example";
const CHECKER2 = "checker2@abc.example";
const OFFICER = "officer@exchange.example";
const OFFICER2 = "officer2@exchange.example";
const DIALOG = { dialog: true };

let browser, runner;
before(async () => { [browser, runner] = await Promise.all([startBrowser(), startRunner()]); });
after(() => Promise.all([browser?.close(), runner?.stop()]));

const row = (number) => ({ changes: [{ userId: `B01234X${number}`, email: "ABC@bank.com.hk" }] });

async function signedIn(user, options) {
  const opened = await open(browser, options);
  const person = new Person(opened.page, runner.url);
  await person.signIn(user);
  return { ...opened, person };
}

async function done({ watch, context }) {
  watch.isClean();
  await context.close();
}

async function look(page, name) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate((tags) => axe.run(document, { runOnly: tags }), TAGS);
  assert.deepEqual(violations.map(({ id, nodes }) => `${name} ${id}: ${nodes.map(({ html }) => html)}`), []);
  await screenshot(page, name);
}

const claimed = async (number) => runner.step(CHECKER, await runner.submitted(row(number)), "claim");

test("a checker hands a request over to a colleague, who then holds it", async () => {
  const request = await claimed(1);
  const there = await signedIn(CHECKER);
  const { page, person } = there;
  await person.go(`/portal/requests/${request.id}`);
  await person.expand("More");
  await person.press("button", "Hand over");
  await person.field("Colleague", DIALOG).selectOption({ label: "C Two" });
  await person.type(/^Any message/, "I am away from noon on.", DIALOG);
  await look(page, "hand-over-dialog");
  await person.follow("button", "Confirm", DIALOG);
  await person.sees(/^Handed over\./);
  assert.match(await person.fact("Status:"), /Claimed By C Two/);
  await look(page, "handed-over");
  await done(there);
});

test("a request is handed over without script", async () => {
  const request = await claimed(2);
  const there = await signedIn(CHECKER, { javaScriptEnabled: false });
  const { page, person } = there;
  await person.go(`/portal/requests/${request.id}/hand-over`);
  await screenshot(page, "hand-over-plain");
  await person.field("Colleague").selectOption({ label: "C Two" });
  await person.follow("button", "Confirm");
  assert.match(await person.fact("Status:"), /Claimed By C Two/);
  await done(there);
});

test("an officer takes over what another officer holds", async () => {
  let request = await claimed(3);
  request = await runner.step(CHECKER, request, "confirm");
  request = await runner.step(OFFICER, request, "claim");
  const there = await signedIn(OFFICER2);
  const { page, person } = there;
  await person.go(`/portal/requests/${request.id}/take-over`);
  await look(page, "take-over");
  await person.go(`/portal/requests/${request.id}`);
  await person.press("button", "Take over");
  await person.type(/^Message to the next step user/, "E Officer is in another matter today.", DIALOG);
  await look(page, "take-over-dialog");
  await person.follow("button", "Confirm", DIALOG);
  await person.sees(/^Taken over\./);
  assert.ok((await person.offers()).includes("Complete"));
  await look(page, "taken-over");
  await done(there);
});

// From here on the company asks for two checkers.
test("a company changes its settings by a request that another person checks, and two check what comes then", async () => {
  const there = await signedIn(MAKER);
  const { page, person } = there;
  await person.go("/portal/company");
  await person.follow("link", "Change people or settings");
  for (const [choice, picture] of [["Add", "add"], ["Change", "change"], ["Away", "away"], ["Company", "company"]]) {
    await person.field("Maintenance Request").selectOption(choice);
    await look(page, `am1-${picture}`);
  }
  await person.field("Checkers that a request needs").selectOption("2");
  await person.field("Checkers may decide by replying to an e-mail").selectOption("Yes");
  await person.field("The record also has who saw what").selectOption("No");
  await person.follow("button", "Preview");
  await person.sees("Change the company's settings");
  await look(page, "am1-preview");
  await person.press("button", "Submit");
  await look(page, "am1-submit");
  await person.follow("button", "Confirm", DIALOG);
  await person.sees(/^Submitted\./);

  const second = await signedIn(CHECKER);
  await second.person.go(new URL(page.url()).pathname);
  await second.person.press("button", "Claim");
  await second.person.follow("button", "Confirm", DIALOG);
  await second.person.press("button", "Confirm");
  await look(second.page, "am1-confirm");
  await second.person.follow("button", "Confirm", DIALOG);
  await second.person.sees(/^Confirmed\./);
  await look(second.page, "am1-completed");
  await person.go("/portal/company");
  await look(page, "company-of-two-checkers");
  await person.go("/portal/audit");
  await look(page, "audit-with-entries");

  const request = await claimed(4);
  await second.person.go(`/portal/requests/${request.id}`);
  await look(second.page, "first-check");
  await second.person.press("button", "Confirm");
  await second.person.sees("The record will go back to the desk.");
  await second.person.follow("button", "Confirm", DIALOG);
  await second.person.sees("Confirmed. Another person has to check it too.");
  await look(second.page, "checked-once");
  assert.ok(!(await second.person.offers()).includes("Claim"));
  await done(second);

  const third = await signedIn(CHECKER2);
  await third.person.go(`/portal/requests/${request.id}`);
  assert.match(await third.person.fact("First check:"), /D Wong/);
  await third.person.press("button", "Claim");
  await third.person.follow("button", "Confirm", DIALOG);
  await third.person.press("button", "Confirm");
  await third.person.sees("The record will be sent to HKEX.");
  await third.person.follow("button", "Confirm", DIALOG);
  await third.person.sees("Sent to HKEX");
  await look(third.page, "checked-twice");
  await done(third);
  await done(there);
});
