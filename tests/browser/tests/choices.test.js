// A choice shows the fields that belong to it, with script at once and without script by a button.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open, startBrowser } from "../lib/browser.js";
import { Person } from "../lib/person.js";
import { startRunner } from "../lib/runner.js";
import { screenshot } from "../lib/screens.js";

let browser, runner;
before(async () => { [browser, runner] = await Promise.all([startBrowser(), startRunner()]); });
after(() => Promise.all([browser?.close(), runner?.stop()]));

const ROW = { within: "Request 1" };

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with script" : "without script";

  test(`a smartcard is replaced, ${how}`, async () => {
    const { page, watch, context } = await open(browser, { javaScriptEnabled });
    const person = new Person(page, runner.url);
    await person.signIn("maker@abc.example");
    await person.go("/portal/requests/new?form=SCard1");
    await person.choose("HKSCC Participant (B01234)");
    await person.type("User ID", "B01234X1", ROW);
    await person.field("Maintenance Request").selectOption("Replace");
    if (javaScriptEnabled) assert.equal(await person.find("button", "Show its fields").count(), 0);
    else await person.follow("button", "Show its fields");
    await person.seesHeading("Smartcards to replace");
    assert.equal(await page.getByRole("heading", { name: "Smartcards", exact: true }).count(), 0);
    await person.type("User ID", "B01234X2", ROW);
    await person.type("Name of Cardholder", "Chan Tai Man", ROW);
    await person.field("Reason", ROW).selectOption("Lost");
    await screenshot(page, `smartcard-${javaScriptEnabled ? "script" : "plain"}`);

    // What was typed into the fields of the other choice is still there.
    await person.field("Maintenance Request").selectOption("Issue");
    if (!javaScriptEnabled) await person.follow("button", "Show its fields");
    assert.equal(await person.field("User ID", ROW).inputValue(), "B01234X1");
    await person.field("Maintenance Request").selectOption("Replace");
    if (!javaScriptEnabled) await person.follow("button", "Show its fields");
    assert.equal(await person.field("Reason", ROW).inputValue(), "Lost");

    await person.choose("We confirm that we understand and accept the above");
    await person.follow("button", "Preview");
    for (const text of ["Smartcards to replace", "B01234X2", "Chan Tai Man", "Lost"]) await person.sees(text);
    await screenshot(page, `smartcard-preview-${javaScriptEnabled ? "script" : "plain"}`);
    watch.isClean();
    await context.close();
  });
}

test("readers are ordered for an address", async () => {
  const { page, watch, context } = await open(browser);
  const person = new Person(page, runner.url);
  await person.signIn("maker@abc.example");
  await person.go("/portal/requests/new?form=SCard3");
  await person.choose("HKSCC Participant (B01234)");
  await person.type("Number of Readers", "two");
  await person.type("User ID", "B01234X1", { within: "User 1" });
  await person.type("Name of User", "Chan Tai Man", { within: "User 1" });
  await person.type("Delivery Address", "1 Example Road");
  await person.type("Needed By", "2 May 2023");
  await person.choose("We confirm that we understand and accept the above");
  await person.follow("button", "Preview");
  for (const [label, typed] of [["Number of Readers", "two"], ["Delivery Address", "1 Example Road"], ["Needed By", "2 May 2023"]]) {
    assert.equal(await person.field(label).inputValue(), typed);
  }
  await screenshot(page, "readers-errors");
  await person.type("Number of Readers", "2");
  await person.type("Delivery Address", "1 Example Road\nCentral, Hong Kong");
  await person.type("Needed By", "2023-05-02");
  await person.follow("button", "Preview");
  await person.sees("02-May-2023");
  await screenshot(page, "readers-preview");
  watch.isClean();
  await context.close();
});
