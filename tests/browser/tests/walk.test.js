// The guideline's walk in browsers of their own, side by side: the maker's, the checker's and the officer's.
import { after, before, test } from "node:test";
import { open, startBrowser } from "../lib/browser.js";
import { KeyboardPerson, Person } from "../lib/person.js";
import { startRunner } from "../lib/runner.js";
import { screenshot } from "../lib/screens.js";
import { walk } from "../lib/walk.js";

let browser;
before(async () => { browser = await startBrowser(); });
after(() => browser?.close());

async function walkAs(Kind, options, look) {
  const runner = await startRunner();
  try {
    const opened = await Promise.all([1, 2, 3].map(() => open(browser, options)));
    const [maker, checker, officer] = opened.map(({ page }) => new Kind(page, runner.url));
    await walk({ maker, checker, officer }, look);
    for (const { watch, context } of opened) {
      watch.isClean();
      await context.close();
    }
  } finally {
    await runner.stop();
  }
}

test("the guideline's walk, with a screenshot of each screen", async () => {
  await walkAs(Person, {}, (person, name) => screenshot(person.page, name));
});

test("the guideline's walk without JavaScript", async () => {
  await walkAs(Person, { javaScriptEnabled: false });
});

test("the guideline's walk by keyboard alone", async () => {
  await walkAs(KeyboardPerson, {});
});

test("the guideline's walk by keyboard alone and without JavaScript", async () => {
  await walkAs(KeyboardPerson, { javaScriptEnabled: false });
});
