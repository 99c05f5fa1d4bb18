// Chromium, and a watch on everything that a page must not do.
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

export function startBrowser() {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  return chromium.launch({ executablePath, headless: true, args: FLAGS });
}

/** A browser of somebody's own: nothing in it comes from another one. */
export async function open(browser, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: "en-HK",
    ...options,
  });
  const page = await context.newPage();
  const watch = new Watch(page);
  return { context, page, watch };
}

/** Collects what no page may cause: dialogs, script errors, console errors (which policy violations are too). */
class Watch {
  #seen = [];
  /** Called with the dialog that asks whether to leave; without it the page is left. */
  onLeaving = (dialog) => dialog.accept();
  leavings = 0;

  constructor(page) {
    page.on("dialog", async (dialog) => {
      if (dialog.type() === "beforeunload") {
        this.leavings += 1;
        await this.onLeaving(dialog);
      } else {
        this.#seen.push(`dialog ${dialog.type()}: ${dialog.message()}`);
        await dialog.dismiss();
      }
    });
    page.on("pageerror", (error) => this.#seen.push(`script: ${error}`));
    page.on("console", (message) => {
      // A page with status 404 or 422 is logged as a resource that failed; that is how it is meant. Files are below.
      const meant = /^Failed to load resource: (the server responded with a status of 4|net::ERR_INTERNET_DISCONNECTED)/;
      if (["error", "warning"].includes(message.type()) && !meant.test(message.text())) {
        this.#seen.push(`console: ${message.text()} (${page.url()})`);
      }
    });
    page.on("response", (response) => {
      const isPage = response.request().resourceType() === "document";
      if (response.status() >= 500 || (response.status() >= 400 && !isPage)) {
        this.#seen.push(`${response.status()}: ${response.url()}`);
      }
    });
  }

  isClean() {
    assert.deepEqual(this.#seen, []);
  }
}
