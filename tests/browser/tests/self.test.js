// What is one's own: choices, keyboard shortcuts, help, and warnings before a session or a claim ends.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open, startBrowser } from "../lib/browser.js";
import { Person } from "../lib/person.js";
import { startRunner } from "../lib/runner.js";
import { CHINESE } from "../lib/words.js";

const MAKER = "maker@abc.example";
const CHECKER = "checker@abc.example";

let browser, runner;
before(async () => { [browser, runner] = await Promise.all([startBrowser(), startRunner()]); });
after(() => Promise.all([browser?.close(), runner?.stop()]));

async function signedIn(user, options, words) {
  const opened = await open(browser, options);
  const person = new Person(opened.page, runner.url);
  await person.signIn(user, words);
  return { ...opened, person };
}

test("the profile keeps what somebody chooses and shows when they signed in", async () => {
  // What they choose follows them into every browser, so it is somebody whom no other test needs.
  const { page, person, watch, context } = await signedIn("checker2@abc.example");
  await person.follow("link", "Profile");
  await person.sees("07-Feb-2023 10:4");
  // Ten hours later.
  await person.sees("07-Feb-2023 20:4");
  const daily = page.getByRole("group", { name: "Tell me how requests get on" }).getByLabel("One e-mail a day");
  await daily.check();
  await page.getByLabel("E-mails", { exact: true }).selectOption("zh-Hant-HK");
  await person.follow("button", "Save choices");
  await person.sees("Your choices are saved.");
  assert.equal(await daily.isChecked(), true);
  assert.equal(await page.getByLabel("E-mails", { exact: true }).inputValue(), "zh-Hant-HK");
  watch.isClean();
  await context.close();
});

test("keyboard shortcuts go places, list themselves, and can be turned off", async () => {
  const { page, person, watch, context } = await signedIn("checker2@abc.example");
  await Promise.all([page.waitForURL("**/portal/tasks"), page.keyboard.press("g").then(() => page.keyboard.press("t"))]);
  await Promise.all([page.waitForURL(`${runner.url}/`), page.keyboard.press("g").then(() => page.keyboard.press("h"))]);
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  // In the dialog, other keys do nothing.
  await page.keyboard.press("n");
  await page.keyboard.press("Escape");
  assert.equal(page.url(), `${runner.url}/`);
  await Promise.all([page.waitForURL("**/portal/requests/new"), page.keyboard.press("n")]);
  await page.getByLabel("Remarks", { exact: true }).and(page.locator("textarea")).focus();
  await page.keyboard.type("ght?n");
  assert.equal(await page.getByRole("dialog").count(), 0);
  assert.equal(await page.getByLabel("Remarks", { exact: true }).and(page.locator("textarea")).inputValue(), "ght?n");

  await person.go("/portal/profile");
  await page.getByLabel("Use keyboard shortcuts in this browser").uncheck();
  await person.follow("button", "Save choices");
  await page.locator("main").focus();
  await page.keyboard.press("?");
  assert.equal(await page.getByRole("dialog").count(), 0);
  watch.isClean();
  await context.close();
});

test("the primary step of a request opens with a key", async () => {
  const request = await runner.submitted({ changes: [{ userId: "B01234X1", email: "a@bank.example" }] });
  const { page, person, watch, context } = await signedIn(CHECKER);
  await person.go(`/portal/requests/${request.id}`);
  await page.keyboard.press("c");
  await page.getByRole("dialog").waitFor();
  watch.isClean();
  await context.close();
});

for (const [locale, words, warning, stay, keep, kept] of [
  ["en-HK", undefined, "You will be signed out at", "Stay signed in (new tab)", "Keep the claim", "Your claim starts again."],
  ["zh-HK", CHINESE, "你將於香港時間", "保持登入（新分頁）", "保留認領", "認領時限已重新計算。"],
]) {
  test(`ten minutes before a session ends the page says so, in ${locale}`, async () => {
    const { page, watch, context } = await signedIn(MAKER, { locale }, words);
    await page.clock.install();
    await page.goto(`${runner.url}/portal/tasks`);
    await page.clock.fastForward("00:19:00");
    assert.equal(await page.getByText(warning).count(), 0);
    await page.clock.fastForward("00:02:00");
    await page.getByText(warning).waitFor();
    // An idle session goes on with any page.
    assert.match(await page.getByRole("link", { name: stay }).getAttribute("href"), /^\/portal\/profile$/);
    // The server's clock stands where it stood, so what a later page would bring is set here.
    await page.evaluate(() => { document.cookie = "__Host-idle-ends=1675809780; Secure; Path=/"; });
    await page.clock.fastForward("09:24:00");
    assert.equal(await page.getByText(warning).count(), 0);
    await page.clock.fastForward("00:06:00");
    await page.getByText(warning).waitFor();
    assert.equal(await page.getByRole("status").filter({ hasText: warning }).count(), 1);
    // Whoever signs in again in the other tab is warned no more here.
    const [tab] = await Promise.all([context.waitForEvent("page"), page.getByRole("link", { name: stay }).click()]);
    await tab.getByRole("button", { name: words?.start ?? "Log in" }).click();
    await tab.waitForURL("**/portal/profile");
    await tab.close();
    // The server's clock stands where it stood, so the end that a later sign-in brings is set here.
    await page.evaluate(() => {
      for (const name of ["session-ends", "idle-ends"]) document.cookie = `__Host-${name}=1675809780; Secure; Path=/`;
    });
    await page.clock.fastForward("00:00:16");
    assert.equal(await page.getByText(warning).count(), 0);
    watch.isClean();
    await context.close();
  });

  test(`half an hour before a claim ends its holder is asked whether to keep it, in ${locale}`, async () => {
    const number = locale === "en-HK" ? 2 : 3;
    const ready = await runner.submitted({ changes: [{ userId: `B01234X${number}`, email: "a@bank.example" }] });
    const claimed = await runner.step(CHECKER, ready, "claim");
    const { page, watch, context } = await signedIn(CHECKER, { locale }, words);
    await page.clock.install();
    await page.goto(`${runner.url}/portal/requests/${claimed.id}`);
    const status = page.getByRole("status").getByRole("button", { name: keep });
    await page.clock.fastForward("22:20:00");
    assert.equal(await status.count(), 0);
    await page.clock.fastForward("00:15:00");
    await status.waitFor();
    await Promise.all([page.waitForEvent("load"), status.click()]);
    await page.getByRole("status").getByText(kept).waitFor();
    assert.equal(await status.count(), 0);
    watch.isClean();
    await context.close();
  });
}
