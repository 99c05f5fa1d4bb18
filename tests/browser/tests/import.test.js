// Rows that are pasted or uploaded with script on: what the server answers stands, whatever was typed before it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open, startBrowser } from "../lib/browser.js";
import { Person } from "../lib/person.js";
import { startRunner } from "../lib/runner.js";

const IMPORT = "Paste or upload several at once";
const LINES = "Lines of User ID,Email Address";

let browser, runner;
before(async () => { [browser, runner] = await Promise.all([startBrowser(), startRunner()]); });
after(() => Promise.all([browser?.close(), runner?.stop()]));

async function maker(path) {
  const opened = await open(browser);
  const person = new Person(opened.page, runner.url);
  await person.signIn("maker@abc.example");
  await person.go(path);
  return { ...opened, person };
}

const userId = (person, number) => person.field("User ID", { within: `Request ${number}` }).inputValue();

/** The script keeps what is typed once the typing pauses. */
const pause = (page) => page.waitForTimeout(500);

async function addsLines({ page, person, watch, context }) {
  await person.expand(IMPORT);
  await person.type(LINES, "Email;User ID;Desk\na@bank.example;B01234X2;1\nb@bank.example;B01234X3;2\n;;\n");
  await pause(page);
  await person.follow("button", "Add these rows");
  await person.sees("Columns that are not in this form were left out: Desk");
  assert.deepEqual(await Promise.all([1, 2, 3].map((number) => userId(person, number))), ["B01234X1", "B01234X2", "B01234X3"]);
  assert.equal(await person.field(LINES).inputValue(), "");
  await person.follow("button", "Save");
  await person.sees("Your draft is saved.");
  assert.equal(await userId(person, 3), "B01234X3");
  assert.equal(watch.leavings, 0);
  watch.isClean();
  await context.close();
}

test("pasted lines become rows of a new form", async () => {
  const opened = await maker("/portal/requests/new");
  const { person } = opened;
  await person.choose("HKSCC Participant (B01234)");
  await person.type("User ID", "B01234X1", { within: "Request 1" });
  await person.type("Email Address", "x@bank.example", { within: "Request 1" });
  await addsLines(opened);
});

test("pasted lines become rows of a draft", async () => {
  const draft = await runner.draft();
  await addsLines(await maker(`/portal/requests/${draft.id}/edit`));
});

test("a file in Excel's own encoding becomes rows", async () => {
  const { page, person, watch, context } = await maker("/portal/requests/new");
  await person.choose("HKSCC Participant (B01234)");
  await person.expand(IMPORT);
  const text = "\uFEFF用戶編號\t電郵地址\r\nB01234X4\tc@bank.example\r\n";
  await page.locator("#file-changes").setInputFiles({ name: "da.txt", mimeType: "text/plain", buffer: Buffer.from(text, "utf16le") });
  await pause(page);
  await person.follow("button", "Add these rows");
  assert.equal(await userId(person, 1), "B01234X4");
  await person.expand(IMPORT);
  const workbook = { name: "da.xlsx", mimeType: "application/zip", buffer: Buffer.from("PK\x03\x04\0\0\0\0") };
  await page.locator("#file-changes").setInputFiles(workbook);
  await person.follow("button", "Add these rows");
  await person.sees("CSV UTF-8 (Comma delimited)");
  assert.equal(await userId(person, 1), "B01234X4");
  watch.isClean();
  await context.close();
});

test("what the server answered survives leaving the page", async () => {
  const { page, person, watch, context } = await maker("/portal/requests/new");
  await person.choose("HKSCC Participant (B01234)");
  await person.expand(IMPORT);
  await person.type(LINES, "B01234X6,d@bank.example");
  await pause(page);
  await person.follow("button", "Add these rows");
  await person.go("/portal/requests/new");
  assert.equal(watch.leavings, 1);
  await person.press("button", "Put it back");
  assert.equal(await userId(person, 1), "B01234X6");
  watch.isClean();
  await context.close();
});

test("characters are counted while somebody types, and too many come back whole", async () => {
  const { page, person, watch, context } = await maker("/portal/requests/new");
  await person.choose("HKSCC Participant (B01234)");
  await person.type("User ID", "B01234X1", { within: "Request 1" });
  await person.sees("2,000 characters left");
  await person.type("Remarks", "😀\nb");
  await person.sees("1,997 characters left");
  await person.type("Remarks", "x".repeat(1999));
  await person.sees("1 character left");
  const long = "x".repeat(2001);
  await person.type("Remarks", long);
  await person.sees("1 character too many");
  await person.follow("button", "Save");
  assert.equal(await page.locator("#remarks-error").count(), 1);
  assert.equal(await person.field("Remarks").inputValue(), long);
  assert.equal(await userId(person, 1), "B01234X1");
  watch.isClean();
  await context.close();
});
