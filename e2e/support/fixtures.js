/**
 * People, each with a browser of their own, who stay for the whole story.
 *
 * @typedef {import("@playwright/test").Page} Page
 */
import { expect, test as base } from "@playwright/test";
import { startPayingRelay } from "./paying-relay.js";
import { troublesOf } from "./troubles.js";

/** Who the demo wallet can be on a fresh chain; the names are the wallet's own. */
export const PEOPLE = {
  registrar: "Health authority",
  lindqvist: "Dr. Paul Lindqvist",
  ivanova: "Dr. Sofia Ivanova",
  nordlab: "Nordlab Diagnostics",
  amara: "Amara Osei",
  jonas: "Jonas Berg",
};

/** What the relay that pays does for one account in a day. */
export const PAID_ACTS = 4;

export const test = base.extend({
  /**
   * `person(name)` is that person's page. It is made at the first call, in a context that shares nothing with the
   * others, and stays as it is from test to test. Which account it uses is chosen in the wallet's dialog.
   * @type {(name: string) => Promise<Page>}
   */
  person: [
    async ({ browser }, use) => {
      /** @type {Map<string, Page & { troubles: string[] }>} */
      const people = new Map();
      const person = async (name) => {
        if (!people.has(name)) {
          const context = await browser.newContext({ permissions: ["clipboard-write"] });
          const page = await context.newPage();
          people.set(name, Object.assign(page, { troubles: troublesOf(page) }));
        }
        return people.get(name);
      };
      person.all = () => [...people.values()];
      await use(person);
      for (const page of people.values()) await page.context().close();
    },
    { scope: "worker" },
  ],

  /** The address of a relay that pays for a few acts of each account. It is started by the first test that asks. */
  paying: [
    async ({}, use) => {
      const relay = await startPayingRelay({ quota: PAID_ACTS });
      await use(relay.url);
      await relay.stop();
    },
    { scope: "worker" },
  ],

  /** A page that is for one test only, in a context of its own. */
  stranger: async ({ browser }, use) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const troubles = troublesOf(page);
    await use(page);
    expect(troubles).toEqual([]);
    await context.close();
  },

  /** No page may go wrong unseen in any test. */
  calm: [
    async ({ person }, use) => {
      await use();
      expect(person.all().flatMap((page) => page.troubles.splice(0))).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
