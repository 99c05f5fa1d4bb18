// Screenshots, wide and narrow, into a folder that git ignores.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../screenshots/", import.meta.url));
export const WIDE = 1280;
export const NARROW = 390;

/** Takes the page at both widths, neither of which it may be wider than. */
export async function screenshot(page, name) {
  await mkdir(FOLDER, { recursive: true });
  for (const width of [NARROW, WIDE]) {
    await page.setViewportSize({ width, height: width === WIDE ? 900 : 844 });
    // A dialog covers what is in sight, not the page.
    const fullPage = (await page.getByRole("dialog").count()) === 0;
    // What stays in sight while scrolling belongs at the top of a picture of the whole page.
    await page.evaluate(() => scrollTo(0, 0));
    assert.equal(await overflow(page), 0, `${name} is wider than ${width} pixels`);
    await page.screenshot({ path: `${FOLDER}${name}-${width}.png`, fullPage, animations: "disabled" });
  }
}

/** How many pixels the page is wider than its window. */
export function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
