/** A patient whose recovery code was lost or seen makes a new one; the old one is worth nothing afterwards. */
import { PATIENT, PROMPTS, addRecord, addressOf, connect, go, real, register, typeBack } from "./support/acts.js";
import { expect, test } from "./support/fixtures.js";
import { looksRight } from "./support/look.js";
import { wallet } from "./support/wallet.js";

test.describe.configure({ mode: "serial" });

const NAME = "Renata Voss";
const known = { address: "", old: [], code: [] };

/** Opens the record with a code, in a wallet that is nobody. */
async function recover(page, code) {
  await page.getByRole("textbox", { name: "Group 1" }).fill(code.join("-"));
  await page.getByLabel("Address of the account").fill(known.address);
  await page.getByRole("button", { name: "Recover" }).click();
}

test("a patient keeps a record", async ({ person }) => {
  const page = await person(NAME);
  await connect(page, "Someone new");
  known.old = await register(page, PATIENT(NAME, "1971-02-03"), PROMPTS.patient);
  await addRecord(page, real("lipid-panel.json"), "Lipid panel");
  known.address = await addressOf(page);
});

test("a new code is shown, typed back, and in force once the wallet has confirmed", async ({ person }) => {
  const page = await person(NAME);
  await go(page, "Settings");
  await page.getByRole("button", { name: "Renew recovery code" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Your new recovery code" })).toBeVisible();
  await looksRight(page, "renew-code");
  const items = await page.getByRole("list", { name: "Recovery code" }).getByRole("listitem").allInnerTexts();
  known.code = items.map((item, at) => item.trim().slice(String(at + 1).length).trim());
  expect(known.code).not.toEqual(known.old);
  const goOn = page.getByRole("button", { name: "Continue" });
  await expect(goOn).toBeDisabled();
  await typeBack(page, known.code);
  await goOn.click();
  await page.getByRole("button", { name: "Open Demo wallet" }).click();
  await wallet.confirmAll(page, 2);
  await wallet.decline(page);
  await expect(page.getByRole("alert")).toContainText("Your old code still counts.");
  await looksRight(page, "renew-declined");
  await page.getByRole("button", { name: "Try again" }).click();
  await wallet.confirm(page);
  await expect(page.getByText("Your new recovery code is in force.")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();

  await go(page, "Records");
  await page.getByRole("link", { name: "Lipid panel" }).click();
  await expect(page.getByRole("row", { name: /^LDL cholesterol/ })).toContainText("4.05");
  await go(page, "Settings");
  await page.getByRole("button", { name: "Lock now" }).click();
  await page.getByRole("button", { name: "Unlock with Demo wallet" }).click();
  await wallet.confirm(page);
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
});

test("the old code opens nothing any more, and the new one does", async ({ stranger: page }) => {
  await connect(page, "Someone new");
  await page.getByRole("link", { name: "Use your recovery code" }).click();
  await recover(page, known.old);
  await expect(page.getByRole("alert")).toContainText("This recovery code does not belong to this address.");
  await recover(page, known.code);
  await expect(page.getByRole("heading", { level: 1, name: "Move your record to this account?" })).toBeVisible();
});
