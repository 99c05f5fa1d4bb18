// The other tests trust the watch to see what a page must not do. It does.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open, startBrowser } from "../lib/browser.js";
import { startRunner } from "../lib/runner.js";

let browser, runner;
before(async () => { [browser, runner] = await Promise.all([startBrowser(), startRunner()]); });
after(() => Promise.all([browser?.close(), runner?.stop()]));

const MISDEEDS = {
  "a script inside of the page": () => {
    const script = document.createElement("script");
    script.textContent = "document.title = 'hacked'";
    document.body.append(script);
  },
  "a style inside of the page": () => { document.body.setAttribute("style", "color: red"); },
  "a picture from elsewhere": () => {
    const picture = new Image();
    picture.src = "https://elsewhere.example/x.png";
    document.body.append(picture);
  },
  "a file that is not there": () => {
    const picture = new Image();
    picture.src = "/assets/none.png";
    document.body.append(picture);
  },
  "a script's error": () => { setTimeout(() => { throw new Error("on purpose"); }); },
  "a dialog": () => { setTimeout(() => alert("on purpose")); },
};

for (const path of ["/sign-in", "/login"]) {
  for (const [name, misdeed] of Object.entries(MISDEEDS)) {
    test(`${name} on ${path} is seen`, async () => {
      const { page, watch, context } = await open(browser);
      await page.goto(runner.url + path);
      const title = await page.title();
      watch.isClean();
      await page.evaluate(misdeed);
      await page.waitForTimeout(200);
      assert.throws(() => watch.isClean());
      assert.equal(await page.title(), title);
      await context.close();
    });
  }
}
