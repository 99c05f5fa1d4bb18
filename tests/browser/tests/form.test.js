// The form with script: User IDs are picked from the register, and a spreadsheet's cells go straight into the rows.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open, startBrowser } from "../lib/browser.js";
import { Person } from "../lib/person.js";
import { startRunner } from "../lib/runner.js";
import { screenshot } from "../lib/screens.js";

let browser, runner;
before(async () => { [browser, runner] = await Promise.all([startBrowser(), startRunner()]); });
after(() => Promise.all([browser?.close(), runner?.stop()]));

async function maker(path = "/portal/requests/new", options = {}) {
  const opened = await open(browser, options);
  const person = new Person(opened.page, runner.url);
  await person.signIn("maker@abc.example");
  await person.go(path);
  return { ...opened, person };
}

/** Pastes text into a field as a browser does. */
const paste = (field, text) => field.evaluate((node, data) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", data);
  node.focus();
  node.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}, text);

const cell = (person, label, number) => person.field(label, { within: `Request ${number}` });

test("what the register has stands beside a User ID as soon as it is typed", async () => {
  const { person, watch, context, page } = await maker();
  await person.type("User ID", "b01234x1", { within: "Request 1" });
  await page.keyboard.press("Tab");
  await person.sees("In the register");
  await person.type("User ID", "B01234ZZ", { within: "Request 1" });
  await page.keyboard.press("Tab");
  await person.sees("Not in the register: check this User ID");
  watch.isClean();
  await context.close();
});

test("a User ID of another request is told as soon as it is typed", async () => {
  await runner.submitted({ changes: [{ userId: "B01234X2", email: "da2@bank.example" }] });
  const { person, watch, context, page } = await maker();
  await person.type("User ID", "B01234X2", { within: "Request 1" });
  await page.keyboard.press("Tab");
  await person.sees("open request DA3_");
  watch.isClean();
  await context.close();
});

test("a spreadsheet's cells fill rows and columns from the pasted one on, and can be taken back", async () => {
  const { page, person, watch, context } = await maker();
  await person.type("Email Address", "old@bank.example", { within: "Request 1" });
  await paste(cell(person, "User ID", 1), 'User ID\tEmail Address\r\nB01234X1\t"a@bank.example"\r\n B01234X3 \tb@bank.example\r\n');
  assert.equal(await cell(person, "User ID", 1).inputValue(), "B01234X1");
  assert.equal(await cell(person, "Email Address", 1).inputValue(), "a@bank.example");
  assert.equal(await cell(person, "User ID", 2).inputValue(), "B01234X3");
  await person.sees("Pasted lines: 2. Cells whose content was replaced: 1.");
  await screenshot(page, "form-pasted");
  await person.press("button", "Undo");
  assert.equal(await cell(person, "Email Address", 1).inputValue(), "old@bank.example");
  assert.equal(await cell(person, "User ID", 1).inputValue(), "");
  assert.equal(await page.getByRole("group", { name: "Request 2" }).count(), 0);
  watch.isClean();
  await context.close();
});

test("lines that do not all fit are not pasted, and that is said", async () => {
  const { page, person, watch, context } = await maker();
  const lines = Array.from({ length: 51 }, (_, n) => `B01234X${n},a${n}@bank.example`).join("\n");
  await paste(cell(person, "User ID", 1), lines);
  await person.sees("there can be 50 rows at most, and these lines need 51");
  assert.equal(await page.getByRole("group", { name: /^Request \d+$/ }).count(), 1);
  watch.isClean();
  await context.close();
});

test("labels, fields and Remove stand in line where one cell has a note or a fault below it", async () => {
  const { page, person, watch, context } = await maker("/portal/requests/new?form=SCard1");
  await person.choose("HKSCC Participant (B01234)");
  await person.field("Maintenance Request").selectOption("Replace");
  await person.type("User ID", "B01234X1", { within: "Request 1" });
  await page.keyboard.press("Tab");
  await person.press("button", "+ Request");
  await person.type("User ID", "wrong", { within: "Request 2" });
  await person.follow("button", "Preview");
  await screenshot(page, "form-faults");
  const shown = page.locator("[data-rows]:visible [data-row]");
  const lines = await shown.evaluateAll((all) => all.map((row) => {
    const top = (node) => Math.round(node.getBoundingClientRect().top);
    const tops = (selector) => new Set([...row.querySelectorAll(selector)].map(top)).size;
    const below = [...row.querySelectorAll(".error, .note")].every((node) => {
      const field = node.closest(".field").querySelector("input, select, textarea");
      return node.getBoundingClientRect().top >= field.getBoundingClientRect().bottom;
    });
    const faults = row.querySelectorAll(".error").length;
    return { fields: tops("input, select, textarea, [data-remove]"), labels: tops("label"), below, faults };
  }));
  assert.ok(lines.some(({ faults }) => faults > 0), "there is a fault to look at");
  for (const line of lines) assert.deepEqual({ ...line, faults: 0 }, { fields: 1, labels: 1, below: true, faults: 0 });
  watch.isClean();
  await context.close();
});

test("two rows stand in two lines on a wide screen, and are cards on a narrow one", async () => {
  const { page, person, watch, context } = await maker();
  await person.press("button", "+ Request");
  const [first, second] = await Promise.all([1, 2].map((number) => cell(person, "User ID", number).boundingBox()));
  const address = await cell(person, "Email Address", 2).boundingBox();
  assert.ok(second.y - first.y < 80, `${second.y - first.y}`);
  assert.equal(second.y, address.y);
  await screenshot(page, "form-grid");
  await page.setViewportSize({ width: 390, height: 844 });
  const narrow = await Promise.all(["User ID", "Email Address"].map((label) => cell(person, label, 1).boundingBox()));
  assert.ok(narrow.every(({ width }) => width > 250), "fields take the width of a card");
  assert.ok(narrow[1].y > narrow[0].y + narrow[0].height);
  watch.isClean();
  await context.close();
});
