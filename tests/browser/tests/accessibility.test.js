// axe-core on every page in both languages: no violation of WCAG 2.2, levels A and AA.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import axe from "axe-core";
import { open, startBrowser } from "../lib/browser.js";
import { Person } from "../lib/person.js";
import { startRunner } from "../lib/runner.js";
import { screenshot } from "../lib/screens.js";
import { oneOfEach, pagesOf, PEOPLE } from "../lib/states.js";
import { CHINESE, ENGLISH } from "../lib/words.js";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

let browser, runner, requests;
before(async () => {
  [browser, runner] = await Promise.all([startBrowser(), startRunner()]);
  requests = await oneOfEach(runner);
});
after(() => Promise.all([browser?.close(), runner?.stop()]));

/** Collects what axe finds, page by page. */
class Audit {
  found = [];
  pages = 0;

  async page(page, name) {
    this.pages += 1;
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate((tags) => axe.run(document, { runOnly: tags }), TAGS);
    for (const { id, nodes } of violations) {
      this.found.push(`${name}: ${id}: ${nodes.map(({ html, failureSummary }) => `${html} (${failureSummary})`).join("; ")}`);
    }
    const language = await page.evaluate(() => document.documentElement.lang);
    if (!language) this.found.push(`${name}: no language`);
    return language;
  }
}

async function visitor(words, user) {
  const opened = await open(browser, { locale: words.locale });
  const person = new Person(opened.page, runner.url);
  if (user) await person.signIn(user, words);
  return { ...opened, person };
}

test("the audit finds what is wrong", async () => {
  const audit = new Audit();
  const { page, context } = await open(browser);
  await page.setContent("<html lang=en><title>t</title><main><img src='data:,'><p style='color:#ccc'>pale</p></main>");
  await audit.page(page, "bad");
  assert.deepEqual(audit.found.map((entry) => entry.split(": ")[1]).sort(), ["color-contrast", "image-alt"]);
  await context.close();
});

for (const words of [ENGLISH, CHINESE]) {
  const kind = words.locale.slice(0, 2);
  const isRead = (language, name) => assert.equal(language.slice(0, 2), kind, name);

  test(`sign-in pages, ${words.locale}`, async () => {
    const audit = new Audit();
    const { page, person, watch, context } = await visitor(words);
    const look = async (name) => {
      isRead(await audit.page(page, name), name);
      await screenshot(page, `${kind}-${name}`);
    };
    await person.go("/sign-in");
    await look("sign-in");
    await person.follow("button", words.start);
    await look("log-in");
    await person.type(words.user, "maker@abc.example");
    await person.type(words.password, "wrong");
    await person.follow("button", words.logIn);
    assert.equal(await person.field(words.user).inputValue(), "maker@abc.example");
    await look("log-in-wrong");
    await person.go("/forgotPassword");
    await look("forgotten");
    await person.go("/oauth2/authorize?client_id=none");
    await look("refused");
    assert.deepEqual(audit.found, []);
    watch.isClean();
    await context.close();
  });

  for (const user of PEOPLE) {
    test(`pages of ${user}, ${words.locale}`, async () => {
      const audit = new Audit();
      const { page, person, watch, context } = await visitor(words, user);
      for (const [name, path] of Object.entries(pagesOf(requests)[user])) {
        await person.go(path);
        isRead(await audit.page(page, name), path);
        await screenshot(page, `${kind}-${name}`);
      }
      assert.deepEqual(audit.found, []);
      watch.isClean();
      await context.close();
    });
  }

  test(`a form with errors, its import, an open dialog and an open history, ${words.locale}`, async () => {
    const audit = new Audit();
    const { page, person, watch, context } = await visitor(words, "maker@abc.example");
    const look = async (name) => {
      await audit.page(page, name);
      await screenshot(page, `${kind}-${name}`);
    };
    await person.go("/portal/requests/new");
    await person.type(words.userId, "no user ID", { within: words.request });
    await person.press("button", words.addRequest);
    await person.follow("button", words.preview);
    await look("form-errors");
    await person.expand(words.import);
    await person.type(words.lines, "B01234X1,a@bank.example\nnonsense\nB01234X2,nobody");
    await person.follow("button", words.addLines);
    await look("import-errors");
    await person.go(`/portal/requests/${requests.draft.id}`);
    await person.expand(words.expand);
    await look("history");
    for (const action of [words.submit, words.discard]) {
      await person.press("button", action);
      await look(`dialog-${action === words.submit ? "submit" : "discard"}`);
      await page.keyboard.press("Escape");
    }
    assert.deepEqual(audit.found, []);
    watch.isClean();
    await context.close();
  });
}
