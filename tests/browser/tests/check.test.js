// What a person's work looks like at first sight: what came back, and what there is to check.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open, startBrowser } from "../lib/browser.js";
import { Person } from "../lib/person.js";
import { startRunner } from "../lib/runner.js";

const MAKER = "maker@abc.example";
const CHECKER = "checker@abc.example";
const OFFICER = "officer@exchange.example";

let browser, runner;
before(async () => { [browser, runner] = await Promise.all([startBrowser(), startRunner()]); });
after(() => Promise.all([browser?.close(), runner?.stop()]));

async function at(user, path) {
  const opened = await open(browser);
  const person = new Person(opened.page, runner.url);
  await person.signIn(user);
  await person.go(path);
  return { ...opened, person };
}

async function done({ watch, context }) {
  watch.isClean();
  await context.close();
}

const row = (userId, email) => ({ changes: [{ userId, email }] });

async function confirmed(changes) {
  const claimed = await runner.step(CHECKER, await runner.submitted(changes), "claim");
  return runner.step(CHECKER, claimed, "confirm");
}

test("what came back stands apart from other drafts at its maker's home, with the reason", async () => {
  const other = await runner.draft(row("B01234X1", "one@bank.example"));
  const claimed = await runner.step(CHECKER, await runner.submitted(row("B01234X2", "two@bank.example")), "claim");
  const back = await runner.step(CHECKER, claimed, "return", "Please use the new address.");
  const there = await at(MAKER, "/");
  const list = (name) => there.page.getByRole("table", { name });
  await list("Returned to me").getByText("Please use the new address.").waitFor();
  assert.equal(await list("Returned to me").locator(`a[href$="${back.id}"]`).count(), 1);
  assert.equal(await list("Returned to me").locator(`a[href$="${other.id}"]`).count(), 0);
  assert.equal(await list("My drafts").locator(`a[href$="${back.id}"]`).count(), 0);
  await done(there);
});

test("who checks sees each address beside the registered one, and what is new or unchanged", async () => {
  const first = await confirmed(row("B01234X3", "known@bank.example"));
  await runner.step(OFFICER, await runner.step(OFFICER, first, "claim"), "complete");
  const request = await runner.submitted({
    changes: [
      { userId: "B01234X3", email: "known@bank.example" },
      { userId: "B01234X4", email: "fresh@bank.example" },
    ],
  });
  const there = await at(CHECKER, `/portal/requests/${request.id}`);
  const line = (userId) => there.page.getByRole("row").filter({ hasText: userId });
  assert.match(await line("B01234X3").innerText(), /Unchanged/);
  assert.match(await line("B01234X4").innerText(), /No address yet/);
  assert.match(await line("B01234X4").innerText(), /New/);
  await done(there);
});
