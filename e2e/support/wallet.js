/**
 * Answers the demo wallet's dialogs as a person does. Playwright's locators look into its open shadow root.
 *
 * @typedef {import("@playwright/test").Page} Page
 */
import { expect } from "@playwright/test";

/** The dialog that is open now. */
const prompt = (page) => page.locator("#medkey-demo-wallet dialog[open]");

/** Presses a button of the open dialog and waits until exactly this dialog is gone; the next may be open by then. */
async function press(page, name) {
  const open = prompt(page);
  await open.waitFor();
  const number = await open.getAttribute("data-prompt");
  const said = await open.innerText();
  await open.getByRole("button", { name }).click();
  await expect(page.locator(`#medkey-demo-wallet dialog[data-prompt="${number}"]`)).toHaveCount(0);
  return said;
}

export const wallet = {
  prompt,

  /**
   * Chooses a person in the dialog that is open; `"Someone new"` for an account that is nobody yet.
   * @param {Page} page
   * @param {string | RegExp} name a part of the name
   */
  choose: (page, name) => press(page, name),

  /**
   * Waits for a question and says yes. Answers with what the dialog said.
   * @param {Page} page
   */
  confirm: (page) => press(page, "Confirm"),

  /**
   * Waits for a question and says no. Answers with what the dialog said.
   * @param {Page} page
   */
  decline: (page) => press(page, "Decline"),

  /**
   * Says yes to so many questions, one after the other.
   * @param {Page} page
   * @param {number} times
   */
  async confirmAll(page, times) {
    for (let left = times; left > 0; left--) await press(page, "Confirm");
  },

  /**
   * Becomes somebody else, without the page having asked.
   * @param {Page} page
   * @param {string | RegExp} name
   */
  async switchTo(page, name) {
    await page.getByRole("complementary", { name: "Demo wallet" }).getByRole("button").click();
    return press(page, name);
  },

  /**
   * The account that the page was allowed to see.
   * @param {Page} page
   */
  account: (page) =>
    page.evaluate(async () => {
      const found = new Promise((resolve) =>
        window.addEventListener("eip6963:announceProvider", ({ detail }) => resolve(detail.provider), { once: true }),
      );
      window.dispatchEvent(new Event("eip6963:requestProvider"));
      const [account] = await (await found).request({ method: "eth_accounts" });
      return account;
    }),

  /**
   * Nothing is asked now.
   * @param {Page} page
   */
  isQuiet: (page) => expect(prompt(page)).toHaveCount(0),
};
