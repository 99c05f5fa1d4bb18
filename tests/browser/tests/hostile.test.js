// Text that means harm, in every field: it is shown as it was typed, runs nowhere, and breaks no page's layout.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open, startBrowser } from "../lib/browser.js";
import { Person } from "../lib/person.js";
import { startRunner } from "../lib/runner.js";
import { NARROW, overflow, screenshot } from "../lib/screens.js";
import { oneOfEach, pagesOf, PEOPLE } from "../lib/states.js";

const SCRIPT = `"'></textarea></title><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}\${7*7}`;
const REVERSED = "left \u202Eright\u202C ";
const LONG = "W".repeat(2000);
const TEXT = `${SCRIPT} ${REVERSED}`;
const NARROW_VIEW = { viewport: { width: NARROW, height: 844 } };

let browser, runner;
before(async () => { [browser, runner] = await Promise.all([startBrowser(), startRunner()]); });
after(() => Promise.all([browser?.close(), runner?.stop()]));

async function visitor(user) {
  const opened = await open(browser, NARROW_VIEW);
  const person = new Person(opened.page, runner.url);
  if (user) await person.signIn(user);
  return { ...opened, person };
}

async function isHarmless(page, name) {
  assert.equal(await overflow(page), 0, `${name} is wider than its window`);
  const strange = await page.evaluate(() => document.querySelectorAll("main script, main img, [onerror]").length);
  assert.equal(strange, 0, `${name} has an element that nobody made`);
}

test("what is typed comes back as it was, whatever it is", async () => {
  const { page, person, watch, context } = await visitor("maker@abc.example");
  for (const hostile of [SCRIPT, `${REVERSED}x`, LONG]) {
    await person.go("/portal/requests/new");
    const fields = [
      ["User ID", { within: "Request 1" }], ["Email Address", { within: "Request 1" }], ["Remarks", {}],
      ["Name of Contact Person", { within: "Contact person 1" }], ["Email Address", { within: "Contact person 1" }],
      ["Telephone Number", { within: "Contact person 1" }],
    ];
    for (const [label, place] of fields) await person.type(label, hostile, place);
    await person.follow("button", "Preview");
    await isHarmless(page, "form");
    for (const [label, place] of fields) assert.equal(await person.field(label, place).inputValue(), hostile, label);
    await person.expand("Paste or upload several at once");
    await person.type("Lines of User ID,Email Address", `${hostile}\n${hostile},${hostile}`);
    await person.follow("button", "Add these rows");
    await isHarmless(page, "import");
  }
  await screenshot(page, "hostile-form");
  watch.isClean();
  await context.close();
});

test("what is stored is shown as text on every page", async () => {
  const { watch, context, page, person } = await visitor("maker@abc.example");
  const long = { remarks: LONG, contacts: [{ name: "W".repeat(100), email: `${"a".repeat(60)}@bank.example`, telephone: "29797111" }] };
  const wild = { remarks: TEXT, contacts: [{ name: TEXT.slice(0, 80), email: "AAA@bank.com.hk", telephone: "29797111" }] };
  const requests = await oneOfEach(runner, wild);
  const wide = await runner.submitted({ ...long, changes: [{ userId: "B01234X8", email: `${"b".repeat(60)}@${"c".repeat(60)}.example` }] });
  const submitted = await runner.submitted({ ...wild, changes: [{ userId: "B01234X9", email: "z@bank.example" }] });
  const held = await runner.step("checker@abc.example", submitted, "claim");
  const returned = await runner.step("checker@abc.example", held, "return", `${TEXT} ${"M".repeat(1500)}`);
  for (const request of [wide, returned]) {
    await person.go(`/portal/requests/${request.id}`);
    await person.expand("Expand");
    await isHarmless(page, "request");
  }
  await person.sees(TEXT.trim());
  await screenshot(page, "hostile-request");
  await context.close();
  watch.isClean();
  for (const user of PEOPLE) await everyPage(user, requests);
});

async function everyPage(user, requests) {
  const { page, person, watch, context } = await visitor(user);
  for (const [name, path] of Object.entries(pagesOf(requests)[user])) {
    await person.go(path);
    await isHarmless(page, name);
  }
  watch.isClean();
  await context.close();
}

test("a message to the next step user, a search, a look-up and a sign-in are no way in either", async () => {
  const request = await runner.submitted({ changes: [{ userId: "B01234X7", email: "y@bank.example" }] });
  const { page, person, watch, context } = await visitor("checker@abc.example");
  await person.go(`/portal/requests/${request.id}`);
  await person.press("button", "Claim");
  await person.follow("button", "Confirm", { dialog: true });
  await person.expand("More");
  await person.press("button", "Return");
  await person.type(/^Message to the next step user/, `${TEXT}${LONG}`.slice(0, 2000), { dialog: true });
  await person.follow("button", "Confirm", { dialog: true });
  await isHarmless(page, "returned");
  for (const path of ["/portal/tasks", "/portal/requests"]) {
    for (const hostile of [TEXT, LONG]) {
      await person.go(`${path}?q=${encodeURIComponent(hostile)}`);
      await isHarmless(page, path);
    }
  }
  const paths = [
    "/portal/requests?state=", "/portal/delegated-administrators?participant=", "/portal/look-up?reference=",
    "/portal/requests?sort=", "/sign-in?to=",
  ];
  for (const path of paths) {
    await person.go(path + encodeURIComponent(TEXT));
    await isHarmless(page, path);
  }
  await context.close();
  watch.isClean();

  const stranger = await visitor();
  await stranger.person.go("/sign-in");
  await stranger.person.follow("button", "Log in");
  for (const hostile of [TEXT, LONG]) {
    await stranger.person.type("User ID/Email", hostile);
    await stranger.person.type("Password", hostile);
    await stranger.person.follow("button", "Log in");
    await isHarmless(stranger.page, "log in");
    assert.equal(await stranger.person.field("User ID/Email").inputValue(), hostile);
  }
  stranger.watch.isClean();
  await stranger.context.close();
});
