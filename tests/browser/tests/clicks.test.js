// How many clicks the guideline's task takes, from a signed-in home to the end of each part.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open, startBrowser } from "../lib/browser.js";
import { Person } from "../lib/person.js";
import { startRunner } from "../lib/runner.js";

let browser, runner;
before(async () => { [browser, runner] = await Promise.all([startBrowser(), startRunner()]); });
after(() => Promise.all([browser?.close(), runner?.stop()]));

/** Counts what is clicked. A field that has the focus, or gets it with the next Tab, is typed into; any other one is clicked. */
class CountingPerson extends Person {
  clicks = 0;

  async type(label, text, options) {
    const field = this.field(label, options);
    const isThere = () => field.evaluate((node) => node === document.activeElement);
    if (!(await isThere())) await this.page.keyboard.press("Tab");
    if (!(await isThere())) {
      this.clicks += 1;
      await field.click();
    }
    await this.page.keyboard.type(text);
  }

  async press(...args) {
    this.clicks += 1;
    await super.press(...args);
  }

  async choose(...args) {
    this.clicks += 1;
    await super.choose(...args);
  }
}

async function signedIn(user) {
  const opened = await open(browser);
  const person = new CountingPerson(opened.page, runner.url);
  await person.signIn(user);
  person.clicks = 0;
  return { ...opened, person };
}

test("a maker submits one row with five clicks, and a checker confirms it with four", async () => {
  const maker = await signedIn("maker@abc.example");
  await maker.person.follow("button", "Start");
  await maker.person.type("User ID", "B01234X1", { within: "Request 1" });
  await maker.person.type("Email Address", "ABC@bank.com.hk", { within: "Request 1" });
  await maker.person.choose("We confirm that we understand and accept the above");
  await maker.person.follow("button", "Preview");
  await maker.person.press("button", "Submit");
  await maker.person.follow("button", "Confirm", { dialog: true });
  assert.match(await maker.person.fact("Status:"), /Ready to Send to HKEX$/);
  assert.ok(maker.person.clicks <= 5, `${maker.person.clicks} clicks`);

  const checker = await signedIn("checker@abc.example");
  const reference = await maker.person.fact("Reference Number:");
  await checker.person.follow("button", `Claim ${reference}`);
  await checker.person.press("button", "Confirm");
  await checker.person.follow("button", "Confirm", { dialog: true });
  assert.match(await checker.person.fact("Status:"), /Sent to HKEX$/);
  assert.ok(checker.person.clicks <= 4, `${checker.person.clicks} clicks`);
  for (const { watch, context } of [maker, checker]) {
    watch.isClean();
    await context.close();
  }
});
