// Every page at 200 and 400 %, in the dark, in forced colours, and with the type that the tokens name.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import axe from "axe-core";
import { open, startBrowser } from "../lib/browser.js";
import { Person } from "../lib/person.js";
import { startRunner } from "../lib/runner.js";
import { overflow } from "../lib/screens.js";
import { oneOfEach, pagesOf, PEOPLE } from "../lib/states.js";
import { CHINESE } from "../lib/words.js";

let browser, runner, requests;
before(async () => {
  [browser, runner] = await Promise.all([startBrowser(), startRunner()]);
  requests = await oneOfEach(runner);
});
after(() => Promise.all([browser?.close(), runner?.stop()]));

/** Calls `look` on every page of everybody, with the browser's options. */
async function everyPage(options, look) {
  for (const user of PEOPLE) {
    const { context, page, watch } = await open(browser, options);
    const person = new Person(page, runner.url);
    await person.signIn(user, options.locale === CHINESE.locale ? CHINESE : undefined);
    for (const [name, path] of Object.entries(pagesOf(requests)[user])) {
      await person.go(path);
      await look(page, name);
    }
    watch.isClean();
    await context.close();
  }
}

test("at 200 and 400 % nothing has to be scrolled sideways (WCAG 1.4.10)", async () => {
  const wide = [];
  await everyPage({}, async (page, name) => {
    // A window of 1280 pixels at 200 and 400 %.
    for (const width of [640, 320]) {
      await page.setViewportSize({ width, height: 512 });
      const pixels = await overflow(page);
      if (pixels > 0) wide.push(`${name} at ${width}: ${pixels}`);
    }
  });
  assert.deepEqual(wide, []);
});

test("in the dark every text has its contrast", async () => {
  const found = [];
  await everyPage({ colorScheme: "dark" }, async (page, name) => {
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(ground, "rgb(16, 25, 31)", name);
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => axe.run(document, { runOnly: ["color-contrast"] }));
    found.push(...violations.flatMap(({ nodes }) => nodes.map(({ html }) => `${name}: ${html}`)));
  });
  assert.deepEqual(found, []);
});

test("in forced colours a button keeps an edge, a tag keeps one too, and what has the focus shows it", async () => {
  await everyPage({ forcedColors: "active" }, async (page, name) => {
    const bare = await page.evaluate(() => [...document.querySelectorAll(".btn, .tag")]
      .filter((node) => node.checkVisibility() && getComputedStyle(node).borderTopStyle === "none"
        && !node.closest(".menu"))
      .map((node) => node.outerHTML));
    assert.deepEqual(bare, [], name);
    await page.keyboard.press("Tab");
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    assert.notEqual(outline, "none", name);
  });
});

test("everything on a page is set in the one named type", async () => {
  await everyPage({}, async (page, name) => {
    const faces = await page.evaluate(async () => {
      await document.fonts.ready;
      const families = [...document.querySelectorAll("body, body *")].map((node) => getComputedStyle(node).fontFamily);
      const names = [...new Set(families.map((family) => family.split(",")[0]))];
      return { names, loaded: document.fonts.check("16px Inter"), size: getComputedStyle(document.body).fontSize };
    });
    assert.deepEqual(faces, { names: ["Inter"], loaded: true, size: "16px" }, name);
  });
});

test("on a phone the content starts in the first quarter of the screen", async () => {
  const low = [];
  await everyPage({ viewport: { width: 390, height: 844 } }, async (page, name) => {
    const top = await page.evaluate(() => document.querySelector("h1").getBoundingClientRect().top);
    if (top > 844 / 4) low.push(`${name}: ${top}`);
  });
  assert.deepEqual(low, []);
});

test("on a phone no label breaks inside a word, and the letters of the chart can be read", async () => {
  const found = [];
  for (const locale of ["en-HK", "zh-HK"]) {
    await everyPage({ viewport: { width: 390, height: 844 }, locale }, async (page, name) => {
      found.push(...await page.evaluate((where) => {
        const seen = (selector) => [...document.querySelectorAll(selector)].filter((node) => node.checkVisibility());
        const height = (node) => node.getBoundingClientRect().height;
        const broken = seen(".btn, .tag").filter((node) => height(node) > 60);
        const tiny = seen("svg.chart text").filter((node) => height(node) < 10);
        return [...broken, ...tiny].map((node) => `${where}: ${node.textContent.trim()} is ${height(node)} high`);
      }, `${name} in ${locale}`));
    });
  }
  assert.deepEqual(found, []);
});
