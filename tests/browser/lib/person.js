// Somebody at a browser. They find things by their role and the label that is on them, as people do.
import assert from "node:assert/strict";
import { PASSWORD } from "./runner.js";
import { ENGLISH } from "./words.js";

const WAIT = { timeout: 10_000 };

/** A person who points and clicks. */
export class Person {
  constructor(page, url) {
    this.page = page;
    this.url = url;
  }

  /** Where something is: in the dialog that is open, in the navigation, in the group of that name, or on the page. */
  #place({ within, dialog, menu } = {}) {
    if (dialog) return this.page.getByRole("dialog");
    if (menu) return this.page.getByRole("navigation", { name: "Main navigation" });
    return within ? this.page.getByRole("group", { name: within, exact: true }) : this.page;
  }

  find(role, name, place) {
    return this.#place(place).getByRole(role, { name, exact: typeof name === "string" });
  }

  field(label, place) {
    // A section can carry the same label as the field in it.
    const fields = this.page.locator("input, select, textarea");
    return this.#place(place).getByLabel(label, { exact: typeof label === "string" }).and(fields);
  }

  async go(path) {
    return this.page.goto(`${this.url}${path}`, { waitUntil: "load" });
  }

  async press(role, name, options) {
    // A form has its buttons at both ends.
    await this.find(role, name, options).first().click(WAIT);
  }

  async type(label, text, options) {
    await this.field(label, options).fill(text, WAIT);
  }

  async choose(label, options) {
    await this.field(label, options).check(WAIT);
  }

  /** Presses something and waits until the page that it leads to has arrived. */
  async follow(role, name, options) {
    await Promise.all([this.page.waitForEvent("load", WAIT), this.press(role, name, options)]);
  }

  /** What opens a part of the page. It has no role of its own that a label could be looked for with. */
  summary(text) {
    return this.page.locator("summary", { hasText: text });
  }

  /** Opens a part of the page, unless it is open already. */
  async expand(text) {
    if (!(await this.isOpen(text))) await this.summary(text).click(WAIT);
  }

  isOpen(text) {
    return this.summary(text).locator("xpath=..").evaluate((details) => details.open);
  }

  async sees(text) {
    await this.page.getByText(text).filter({ visible: true }).first().waitFor(WAIT).catch(async () => {
      const shown = await this.page.locator("body").innerText();
      assert.fail(`${text} is not on ${this.page.url()}:\n${shown}`);
    });
  }

  async seesHeading(name) {
    await this.page.getByRole("heading", { name }).first().waitFor(WAIT);
  }

  /** What stands next to a term such as `Status:`. */
  async fact(term) {
    const shown = this.page.getByRole("term").filter({ hasText: term }).locator("xpath=following-sibling::dd").first();
    return (await shown.innerText(WAIT)).trim();
  }

  /** The names of the steps that the page's bar offers, those in its menu included. */
  async offers() {
    return this.page.locator('.sticky [role="button"]').allTextContents();
  }

  async signIn(user, words = ENGLISH) {
    await this.go("/");
    await this.follow("button", words.start);
    await this.type(words.user, user);
    await this.type(words.password, PASSWORD);
    await this.follow("button", words.logIn);
    await this.page.getByRole("navigation").first().waitFor(WAIT);
  }
}

/** A person without a pointing device: Tab, Enter, the space bar and typing, and nothing else. */
export class KeyboardPerson extends Person {
  async #tabTo(target, what) {
    for (let presses = 0; presses < 120; presses += 1) {
      await this.page.keyboard.press("Tab");
      const reached = await target.evaluateAll((all) => all.includes(document.activeElement));
      if (reached) {
        await this.#showsFocus(what);
        return;
      }
    }
    assert.fail(`Tab never reaches ${what} on ${this.page.url()}`);
  }

  /** Whoever tabs has to see where they are (WCAG 2.4.7 and 2.4.11). */
  async #showsFocus(what) {
    const shown = await this.page.evaluate(() => {
      const box = document.activeElement.getBoundingClientRect();
      return document.activeElement.matches(":focus-visible") && box.bottom > 0 && box.top < innerHeight;
    });
    assert.ok(shown, `${what} has the focus and does not show it`);
  }

  async expand(text) {
    if (await this.isOpen(text)) return;
    await this.#tabTo(this.summary(text), text);
    await this.page.keyboard.press("Space");
  }

  async press(role, name, options) {
    await this.#tabTo(this.find(role, name, options), `${role} ${name}`);
    await this.page.keyboard.press("Enter");
  }

  async type(label, text, options) {
    await this.#tabTo(this.field(label, options), label);
    await this.page.keyboard.press("Control+A");
    await this.page.keyboard.type(text);
  }

  async choose(label, options) {
    const field = this.field(label, options);
    // The chosen radio button of a group is the one that Tab reaches.
    if (await field.isChecked()) return;
    await this.#tabTo(field, label);
    await this.page.keyboard.press("Space");
    assert.ok(await field.isChecked());
  }
}
