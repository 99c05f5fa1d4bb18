// What pages weigh on the wire: at most 100 KB for whoever comes for the first time, and 20 KB for each next page.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open, startBrowser } from "../lib/browser.js";
import { Person } from "../lib/person.js";
import { startRunner } from "../lib/runner.js";
import { oneOfEach, pagesOf, PEOPLE } from "../lib/states.js";

const FIRST = 100 * 1024;
const NEXT = 20 * 1024;
const FULL_LIST = 50;

let browser, runner, requests;
before(async () => {
  [browser, runner] = await Promise.all([startBrowser(), startRunner()]);
  requests = await oneOfEach(runner);
  for (let number = 0; number < FULL_LIST; number += 1) {
    const cards = [{ userId: `B01234L${number}`, holder: "Chan Tai Man" }];
    await runner.submitted({ eService: "SCard1", maintenanceRequest: "Issue", changes: undefined, cards });
  }
});
after(() => Promise.all([browser?.close(), runner?.stop()]));

/** Adds up what comes over the wire, headers and all, while a page is loaded. */
async function scales(context, page) {
  const wire = await context.newCDPSession(page);
  let octets = 0;
  await wire.send("Network.enable");
  wire.on("Network.loadingFinished", ({ encodedDataLength }) => { octets += encodedDataLength; });
  return {
    empty: () => wire.send("Network.clearBrowserCache"),
    async weigh(load) {
      octets = 0;
      await load();
      await page.waitForLoadState("networkidle");
      return octets;
    },
  };
}

test("the first page weighs 100 KB at most", async (t) => {
  const { context, page, watch } = await open(browser);
  const scale = await scales(context, page);
  const octets = await scale.weigh(() => page.goto(`${runner.url}/`));
  t.diagnostic(`sign-in page, nothing cached: ${octets} octets`);
  assert.ok(octets > 0 && octets <= FIRST, `${octets}`);
  watch.isClean();
  await context.close();
});

for (const user of PEOPLE) {
  test(`every page of ${user} weighs 100 KB at most at first and 20 KB after another`, async (t) => {
    const { context, page, watch } = await open(browser);
    const person = new Person(page, runner.url);
    await person.signIn(user);
    const scale = await scales(context, page);
    const heavy = [];
    let [first, next] = [["", 0], ["", 0]];
    for (const [name, path] of Object.entries(pagesOf(requests)[user])) {
      await scale.empty();
      const cold = await scale.weigh(() => person.go(path));
      const warm = await scale.weigh(() => person.go(path));
      if (cold > first[1]) first = [name, cold];
      if (warm > next[1]) next = [name, warm];
      if (cold > FIRST || warm > NEXT) heavy.push(`${name}: ${cold} and ${warm}`);
    }
    t.diagnostic(`heaviest at first: ${first.join(" ")} octets; as a next page: ${next.join(" ")} octets`);
    assert.deepEqual(heavy, []);
    watch.isClean();
    await context.close();
  });
}
