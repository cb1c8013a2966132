/**
 * A record moves to another wallet: asked for with the recovery code, stopped once by the account it belongs to, then
 * taken over. The last of the tests: it sets the chain's clock on by a week.
 */
import { PATIENT, PROMPTS, addRecord, addressOf, chooseRecord, connect, go, real, register } from "./support/acts.js";
import { passDays } from "./support/chain.js";
import { expect, test } from "./support/fixtures.js";
import { looksRight } from "./support/look.js";
import { troublesOf } from "./support/troubles.js";
import { wallet } from "./support/wallet.js";

test.describe.configure({ mode: "serial" });

const NAME = "Mira Sand";
/** Two browsers, each with an account that was nobody before. */
const OLD = "Mira with the old wallet";
const NEW = "Mira with the new wallet";

/** Learnt on the way. */
const record = { address: "", code: [], account: "" };

const useCode = async (page) => {
  await expect(page.getByRole("heading", { level: 1, name: "Use your recovery code" })).toBeVisible();
  await page.getByRole("textbox", { name: "Group 1" }).fill(record.code.join("-"));
};

test("a patient keeps a record", async ({ person }) => {
  const page = await person(OLD);
  await connect(page, "Someone new");
  record.code = await register(page, PATIENT(NAME, "1964-09-12"), PROMPTS.patient);
  await addRecord(page, real("lipid-panel.json"), "Lipid panel");
  record.address = await addressOf(page);
});

test("a new wallet with the recovery code can read, and nothing else", async ({ person }) => {
  const page = await person(NEW);
  await connect(page, "Someone new");
  await expect(page.getByRole("heading", { level: 1, name: "Who are you here?" })).toBeVisible();
  await page.getByRole("link", { name: "Use your recovery code" }).click();
  await useCode(page);
  await page.getByLabel("Address of the account").fill(record.address);
  await page.getByRole("button", { name: "Recover" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Move your record to this account?" })).toBeVisible();
  await looksRight(page, "move-decision");

  await page.getByRole("button", { name: "Only read for now" }).click();
  await expect(page.getByRole("heading", { level: 1, name: /, Mira$/ })).toBeVisible();
  await expect(page.getByText("You can only read here.")).toBeVisible();
  await looksRight(page, "move-reading");
  await go(page, "Records");
  await expect(page.getByRole("button", { name: "Add record" })).toBeDisabled();
  await page.getByRole("link", { name: "Lipid panel" }).click();
  await expect(page.getByRole("row", { name: /^LDL cholesterol/ })).toContainText("4.05");
  await page.getByRole("button", { name: "Share" }).click();
  await expect(page.getByText("With this wallet’s account you can only read this record.")).toBeVisible();
  await expect(page.getByRole("dialog")).toBeHidden();
  await go(page, "Settings");
  await expect(page.getByText("The account of this wallet; it can only read")).toBeVisible();
});

test("the move is asked for with the code; whoever declines stays where he was", async ({ person }) => {
  const page = await person(NEW);
  await page.getByRole("button", { name: "Move it here" }).click();
  const ask = page.getByRole("button", { name: "Move my record to this account" });
  await expect(ask).toBeDisabled();
  const wrong = [record.code[1], record.code[0], ...record.code.slice(2)];
  await page.getByRole("textbox", { name: "Group 1" }).fill(wrong.join("-"));
  await ask.click();
  await expect(page.getByRole("alert")).toContainText("Check the code and try again.");
  await looksRight(page, "move-code");

  await page.getByRole("textbox", { name: "Group 1" }).fill(record.code.join("-"));
  await ask.click();
  await wallet.decline(page);
  await expect(page.getByRole("alert")).toContainText("You declined in the wallet. Nothing was changed.");
  await ask.click();
  await wallet.confirm(page);
  await expect(page.getByText(/^Your record moves to this account on/)).toBeVisible();
  await looksRight(page, "move-waiting");
});

test("the account that the record belongs to is told on every page, and stops it", async ({ person }) => {
  const page = await person(OLD);
  const alarm = page.getByRole("alert").filter({ hasText: "Somebody asked to move your record" });
  // Nobody reloads.
  for (const place of ["Records", "People", "Home"]) {
    await go(page, place);
    await expect(alarm).toBeVisible();
  }
  await expect(page.getByText("A move of your record needs your answer.")).toBeVisible();
  await looksRight(page, "move-alarm");
  await alarm.getByRole("button", { name: "Stop the move" }).click();
  const sheet = page.getByRole("region", { name: "Stopping the move" });
  await wallet.decline(page);
  await expect(sheet).toContainText("You declined in the wallet.");
  await sheet.getByRole("button", { name: "Try again" }).click();
  await wallet.confirm(page);

  const advice = page.getByRole("dialog", { name: "The move was stopped" });
  await expect(advice).toContainText("until you renew it");
  await looksRight(page, "move-stopped");
  await advice.getByRole("button", { name: "Close" }).click();
  await expect(alarm).toBeHidden();

  await go(page, "Timeline");
  await page.getByRole("radio", { name: "Moves" }).check();
  await expect(page.getByText(/^Somebody asked to move your record to another account/)).toBeVisible();
  await expect(page.getByText(/^You stopped the move to account/)).toBeVisible();
  await expect(page.getByText("Lipid panel")).toBeHidden();
  await looksRight(page, "move-timeline");
  await go(page, "Settings");
  await expect(page.getByText("Known to others")).toBeVisible();
  await looksRight(page, "move-settings");
});

test("the new wallet learns that it was stopped, and asks once more", async ({ person }) => {
  const page = await person(NEW);
  await expect(page.getByText("You can only read here.")).toBeVisible();
  // A reload closes a record that only the code opened; the device remembers that it was to come here.
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "The move was stopped" })).toBeVisible();
  await looksRight(page, "move-was-stopped");
  await page.getByRole("link", { name: "Use your recovery code" }).click();
  await useCode(page);
  await page.getByRole("button", { name: "Recover" }).click();
  // The code was typed a moment ago and is not asked for again.
  await page.getByRole("button", { name: "Move my record to this account" }).click();
  await wallet.confirm(page);
  await expect(page.getByText(/^Your record moves to this account on/)).toBeVisible();

  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "Your record is on its way" })).toBeVisible();
  await looksRight(page, "move-on-its-way");
});

test("after seven days it takes the record over, and its wallet opens it", async ({ person }) => {
  await passDays(7);
  const page = await person(NEW);
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "Your record can move now" })).toBeVisible();
  await looksRight(page, "move-ready");
  await page.getByRole("link", { name: "Take my record over" }).click();
  await useCode(page);
  await expect(page.getByLabel("Address of the account")).toHaveValue(record.address);
  await page.getByRole("button", { name: "Recover" }).click();

  await expect(page.getByRole("heading", { level: 1, name: "Confirm in Demo wallet" })).toBeVisible();
  await looksRight(page, "move-take-over");
  // Whoever leaves it for later finds it above every page.
  await page.getByRole("button", { name: "Back" }).click();
  await expect(page.getByText("Your record can move to this account now.")).toBeVisible();
  await looksRight(page, "move-can-be-taken");
  await page.getByRole("button", { name: "Take it over" }).click();
  await page.getByRole("button", { name: "Open Demo wallet" }).click();
  // The record is taken over; whoever declines the key goes on from there.
  await wallet.confirm(page);
  await wallet.decline(page);
  await expect(page.getByRole("alert")).toContainText("You declined in the wallet.");
  await page.getByRole("button", { name: "Try again" }).click();
  await wallet.confirmAll(page, 3);

  await expect(page.getByRole("heading", { level: 1, name: /, Mira$/ })).toBeVisible();
  await expect(page.getByText("You can only read here.")).toBeHidden();
  await addRecord(page, real("head-scan.png"), "Head scan");
  await expect(page.getByRole("link", { name: "Lipid panel" })).toBeVisible();
  await looksRight(page, "move-done");
});

test("the account before has nothing left to do", async ({ person }) => {
  const page = await person(OLD);
  // Nobody reloads.
  await expect(page.getByRole("heading", { level: 1, name: "This record has moved" })).toBeVisible();
  await looksRight(page, "moved-away");
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "This record has moved" })).toBeVisible();
  await page.getByRole("button", { name: "Connect another account" }).click();
  await expect(page.getByRole("heading", { name: "Connect your wallet" })).toBeVisible();
});

test("from now on the new wallet opens the record by itself", async ({ person }) => {
  const page = await person(NEW);
  expect(await addressOf(page)).toBe(record.address);
  await expect(page.getByText("The account of this wallet; it acts for you")).toBeVisible();
  await looksRight(page, "moved-settings");
  await page.getByRole("button", { name: "Lock now" }).click();
  await page.getByRole("button", { name: "Unlock with Demo wallet" }).click();
  await wallet.confirm(page);
  await go(page, "Timeline");
  await expect(page.getByText(/^Your record moved to account/)).toBeVisible();
  await expect(page.getByText("Complete")).toBeVisible();
});

test("a device that is new to it signs in with the new account first", async ({ person, browser }) => {
  const page = await person(NEW);
  const name = (await page.getByRole("complementary", { name: "Demo wallet" }).innerText()).replace("Demo wallet: ", "");
  // The demo wallet knows its people there; the page has kept nothing.
  const context = await browser.newContext({ storageState: await page.context().storageState() });
  const device = await context.newPage();
  const troubles = troublesOf(device);
  await connect(device, name);
  await device.getByRole("button", { name: "Unlock with Demo wallet" }).click();
  await wallet.confirmAll(device, 2);
  await go(device, "Records");
  await expect(device.getByRole("link", { name: "Head scan" })).toBeVisible();
  expect(troubles).toEqual([]);
  await context.close();
});
