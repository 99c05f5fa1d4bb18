// Tasks and My requests: how much is in sight, filters and search in the address, several at once.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open, startBrowser } from "../lib/browser.js";
import { Person } from "../lib/person.js";
import { startRunner } from "../lib/runner.js";
import { screenshot } from "../lib/screens.js";

const MAKER = "maker@abc.example";
const CHECKER = "checker@abc.example";

let runner;
let browser;

before(async () => {
  [runner, browser] = await Promise.all([startRunner(), startBrowser()]);
  for (let number = 1; number <= 9; number += 1) {
    await runner.submitted({ changes: [{ userId: `B01234X${number}`, email: `da${number}@bank.example` }] });
  }
  // Smartcard readers for the futures house: another eService, another participantship.
  for (let number = 1; number <= 6; number += 1) {
    const order = await runner.call(MAKER, "POST", "/requests", {
      body: {
        eService: "SCard3",
        participantship: { kind: "HKCC Participant", id: "CXYZ" },
        quantity: 1,
        users: [{ userId: `CXYZDA${number}`, name: `Futures ${number}` }],
        deliveryAddress: "0/F, 8 Connaught Place\nCentral\nHong Kong",
        declaration: true,
      },
    });
    await runner.step(MAKER, order, "submit");
  }
});
after(() => Promise.all([runner?.stop(), browser?.close()]));

async function visitor(user, options) {
  const opened = await open(browser, options);
  const person = new Person(opened.page, runner.url);
  await person.signIn(user);
  return { ...opened, person };
}

const rows = (page) => page.locator("tbody tr");
const badge = async (page) => (await page.locator(".number-tag").innerText()).replace(/\D/g, "");

test("twelve tasks are in sight at 1280 by 900, and no page is wider than its window", async () => {
  const { page, person, watch, context } = await visitor(CHECKER);
  await person.go("/portal/tasks");
  const seen = await rows(page).evaluateAll((all) => all.filter((row) => row.getBoundingClientRect().bottom <= 900).length);
  assert.ok(seen >= 12, `${seen} rows`);
  const size = await rows(page).first().evaluate((row) => getComputedStyle(row).fontSize);
  assert.equal(size, "14px");
  await screenshot(page, "lists-tasks");
  await person.go("/portal/requests?maker=all&state=Sent&from=x");
  await screenshot(page, "lists-faults");
  await context.close();
  watch.isClean();
});

test("a long form name is read whole with keys, and on a touch screen at once", async () => {
  const isCut = (name) => name.evaluate((node) => node.scrollWidth > node.clientWidth);
  for (const hasTouch of [false, true]) {
    const { page, person, watch, context } = await visitor(MAKER, { hasTouch, isMobile: hasTouch });
    await person.go("/portal/requests");
    const details = page.locator("td.details", { hasText: "DA3_" }).first();
    const [link, name] = [details.getByRole("link"), details.locator(".sub")];
    assert.equal(await isCut(name), !hasTouch);
    await page.getByRole("button", { name: "Search", exact: true }).focus();
    for (let presses = 0; presses < 60 && !(await link.evaluate((node) => node === document.activeElement)); presses += 1) {
      await page.keyboard.press("Tab");
    }
    assert.equal(await isCut(name), false);
    await context.close();
    watch.isClean();
  }
});

test("filters and a search stay in the address, with and without script", async () => {
  for (const javaScriptEnabled of [true, false]) {
    const { page, person, watch, context } = await visitor(MAKER, { javaScriptEnabled });
    await person.go("/portal/requests");
    await page.getByText("Filters").click();
    await page.getByLabel("Participantship").selectOption({ label: "HKCC Participant (CXYZ)" });
    await page.getByLabel("Job Status").selectOption({ label: "Ready to Send to HKEX" });
    await person.follow("button", "Search");
    assert.equal(await rows(page).count(), 6);
    const address = new URL(page.url());
    assert.equal(address.searchParams.get("state"), "ReadyToSend");
    await page.reload();
    assert.equal(await rows(page).count(), 6);
    assert.equal(await page.getByLabel("Participantship").inputValue(), "HKCC Participant (CXYZ)");
    await page.getByRole("searchbox", { name: "Search" }).fill("Futures 2");
    await person.follow("button", "Search");
    assert.equal(await rows(page).count(), 1);
    await person.follow("link", "Details");
    assert.equal(await page.getByRole("searchbox", { name: "Search" }).inputValue(), "Futures 2");
    await person.follow("link", "Clear all");
    assert.equal(await rows(page).count(), 15);
    for (const [text, count] of [["B01234X3", 1], ["DA3_00013362", 1], ["A Maker", 15], ["nothing", 0]]) {
      await page.getByRole("searchbox", { name: "Search" }).fill(text);
      await person.follow("button", "Search");
      assert.equal(await rows(page).count(), count, text);
    }
    await context.close();
    watch.isClean();
  }
});

test("several are claimed at once, with and without script, and the badge counts what is left to do", async () => {
  const maker = await visitor(MAKER);
  await maker.person.go("/portal/tasks");
  assert.equal(await maker.page.locator(".number-tag").count(), 0);
  assert.equal(await maker.page.getByRole("checkbox").count(), 0);
  await maker.context.close();
  for (const [user, javaScriptEnabled] of [[CHECKER, true], ["checker2@abc.example", false]]) {
    const { page, person, watch, context } = await visitor(user, { javaScriptEnabled });
    await person.go("/portal/tasks");
    const before = Number(await badge(page));
    await page.getByRole("checkbox", { name: /^Select DA3/ }).nth(0).check();
    await page.getByRole("checkbox", { name: /^Select DA3/ }).nth(1).check();
    if (javaScriptEnabled) {
      await person.sees("2 selected");
      await page.getByLabel("Select all").check();
      await person.sees(`${before} selected`);
      await page.getByLabel("Select all").uncheck();
      await page.getByRole("checkbox", { name: /^Select DA3/ }).nth(0).check();
      await page.getByRole("checkbox", { name: /^Select DA3/ }).nth(1).check();
    } else {
      assert.equal(await page.getByLabel("Select all").isVisible(), false);
    }
    await person.follow("button", "Claim selected");
    await person.sees(/^2 of 2 claimed/);
    assert.equal(await page.getByRole("cell", { name: "You", exact: true }).count(), 2);
    // What they hold is theirs to do as well.
    assert.equal(Number(await badge(page)), before);
    // Confirmed only after each was opened.
    await page.getByRole("row", { name: /You/ }).nth(0).getByRole("checkbox").check();
    await page.getByRole("row", { name: /You/ }).nth(1).getByRole("checkbox").check();
    await person.follow("button", "Confirm selected");
    await person.sees("0 of 2 confirmed");
    await screenshot(page, `lists-several-${javaScriptEnabled}`);
    await page.getByRole("status").getByRole("link").first().click();
    await page.waitForURL(/\/portal\/requests\//);
    await person.go("/portal/tasks");
    await page.getByRole("row", { name: /You/ }).nth(0).getByRole("checkbox").check();
    await page.getByRole("row", { name: /You/ }).nth(1).getByRole("checkbox").check();
    await person.follow("button", "Confirm selected");
    await person.sees(/^1 of 2 confirmed/);
    assert.equal(Number(await badge(page)), before - 1);
    await context.close();
    watch.isClean();
  }
});
