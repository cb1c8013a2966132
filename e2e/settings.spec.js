/**
 * What opens an account: the wallet, a passkey, the recovery code on paper; when it locks; and the words of the key,
 * compared in person.
 */
import { writeFile } from "node:fs/promises";
import { PATIENT, PROMPTS, addRecord, addressOf, connect, enter, go, real, register, typeBack } from "./support/acts.js";
import { expect, test } from "./support/fixtures.js";
import { looksRight } from "./support/look.js";
import { withAuthenticator } from "./support/passkeys.js";
import { troublesOf } from "./support/troubles.js";
import { wallet } from "./support/wallet.js";

test.describe.configure({ mode: "serial" });

const NAME = "Pia Lund";
const OTHER = "Otto Brandt";
/** Another name of the same machine: another site. */
const ELSEWHERE = process.env.MEDKEY_PAGE.replace("//localhost", "//elsewhere.localhost");

/** Learnt on the way. */
const known = { address: "", code: [], words: "" };
let device;

const rows = (page) => page.getByRole("main").getByRole("listitem");
const passkeyRow = (page) => rows(page).filter({ hasText: "Passkey" });
const isOpen = (page) => expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();

async function lock(page) {
  await page.getByRole("button", { name: "Lock now" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Unlock your record" })).toBeVisible();
}

async function unlockWithWallet(page, prompts = 1) {
  await page.getByRole("button", { name: "Unlock with Demo wallet" }).click();
  await wallet.confirmAll(page, prompts);
}

/** The browser of somebody who has the same wallet, at this or another site, and nothing of the page's. */
async function sameWalletElsewhere(page, browser, site) {
  const state = await page.context().storageState();
  const origins = state.origins.map((kept) => ({
    origin: new URL(site).origin,
    localStorage: kept.localStorage.filter(({ name }) => name !== "medkey.wallet"),
  }));
  const context = await browser.newContext({ baseURL: site, storageState: { ...state, origins } });
  const there = await context.newPage();
  return { there, context, troubles: troublesOf(there) };
}

const demoName = async (page) =>
  (await page.getByRole("complementary", { name: "Demo wallet" }).innerText()).replace("Demo wallet: ", "");

test("the recovery code is printed on one sheet that explains itself", async ({ person }) => {
  const page = await person(NAME);
  await connect(page, "Someone new");
  known.code = await enter(page, PATIENT(NAME, "1956-03-12"));
  await page.emulateMedia({ media: "print" });
  await page.setViewportSize({ width: 718, height: 1047 });
  const sheet = page.locator(".code-sheet");
  await expect(sheet).toBeVisible();
  await expect(page.getByRole("button", { name: "Print with QR" })).toBeHidden();
  await expect(sheet.getByText(/^0x[0-9a-fA-F]{40}$/)).toBeVisible();
  for (const group of known.code) await expect(sheet.getByText(group, { exact: true })).toBeVisible();
  await page.screenshot({ path: "results/screens/recovery-sheet.png", fullPage: true });
  const pdf = await page.pdf({ format: "A4", margin: { top: "18mm", bottom: "18mm", left: "18mm", right: "18mm" } });
  await writeFile("results/screens/recovery-sheet.pdf", pdf);
  expect(pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
  await page.emulateMedia({ media: null });
  await page.setViewportSize({ width: 1280, height: 800 });
  await expect(sheet).toBeHidden();

  await typeBack(page, known.code);
  await page.getByRole("button", { name: "Create my record" }).click();
  await page.getByRole("button", { name: "Open Demo wallet" }).click();
  await wallet.confirmAll(page, PROMPTS.patient);
  await addRecord(page, real("lipid-panel.json"), "Lipid panel");
  known.address = await addressOf(page);
  await expect(rows(page).filter({ hasText: "Demo wallet" })).toContainText("On this site, since today");
  known.words = await page.locator(".key-words").innerText();
  expect(known.words).toMatch(/^[a-z]+-[a-z]+-[a-z]+-\d\d$/);
  await looksRight(page, "settings");
});

test("a device whose passkeys hold no key is told so, and nothing is left", async ({ person }) => {
  const page = await person(NAME);
  const without = await withAuthenticator(page, { prf: false });
  await page.getByRole("button", { name: "Add a passkey" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a passkey" });
  await looksRight(page, "passkey-add");
  await dialog.getByRole("button", { name: "Add passkey" }).click();
  await expect(dialog.getByRole("alert")).toContainText("Passkeys in this browser or on this device cannot hold a key.");
  await looksRight(page, "passkey-no-secret");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(passkeyRow(page)).toHaveCount(0);
  await wallet.isQuiet(page);
  await without.remove();
});

test("a passkey is added once the person and the wallet agree", async ({ person }) => {
  const page = await person(NAME);
  device = await withAuthenticator(page);
  await page.getByRole("button", { name: "Add a passkey" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a passkey" });
  await device.answers(false);
  await dialog.getByRole("button", { name: "Add passkey" }).click();
  await expect(dialog.getByRole("alert")).toContainText("No passkey was used");
  await device.answers(true);
  await dialog.getByRole("button", { name: "Try again" }).click();
  await wallet.decline(page);
  await expect(dialog.getByRole("alert")).toContainText("You declined in the wallet.");
  await looksRight(page, "passkey-declined");
  await dialog.getByRole("button", { name: "Try again" }).click();
  await wallet.confirm(page);
  await expect(page.getByText("Your passkey opens this now.")).toBeVisible();
  await expect(passkeyRow(page)).toContainText("On this device and site, since today");
  expect(await device.holds()).toBe(1);
  await looksRight(page, "settings-passkey");

  // One device needs one.
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await dialog.getByRole("button", { name: "Add passkey" }).click();
  await expect(dialog.getByRole("alert")).toContainText("This device has a passkey for your account already.");
  await dialog.getByRole("button", { name: "Cancel" }).click();
});

test("it opens the record, and the wallet is asked nothing", async ({ person }) => {
  const page = await person(NAME);
  await lock(page);
  await expect(page.getByRole("button", { name: "Unlock with passkey" })).toBeVisible();
  await looksRight(page, "unlock-passkey");
  await device.answers(false);
  await page.getByRole("button", { name: "Unlock with passkey" }).click();
  await expect(page.getByRole("alert")).toContainText("No passkey was used");
  await looksRight(page, "unlock-passkey-declined");
  await device.answers(true);
  await page.getByRole("button", { name: "Unlock with passkey" }).click();
  await isOpen(page);
  await wallet.isQuiet(page);
  await go(page, "Records");
  await expect(page.getByRole("link", { name: "Lipid panel" })).toBeVisible();

  // A record that was locked by itself says so, and opens where it was.
  await page.evaluate(() => localStorage.setItem("medkey.lock-after", "0"));
  await expect(page.getByText("It was locked because nothing happened for a while.")).toBeVisible();
  await looksRight(page, "unlock-passkey-by-itself");
  await page.evaluate(() => localStorage.removeItem("medkey.lock-after"));
  await page.getByRole("button", { name: "Unlock with passkey" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Records" })).toBeVisible();
});

test("a device that is new to it signs in first, and says when the passkey is not there", async ({ person, browser }) => {
  const page = await person(NAME);
  const { there, context, troubles } = await sameWalletElsewhere(page, browser, process.env.MEDKEY_PAGE);
  await connect(there, await demoName(page));
  await expect(there.getByText("Demo wallet will ask twice")).toBeVisible();
  await expect(there.getByText("Have you added a passkey for this site?")).toBeVisible();
  await looksRight(there, "unlock-new-device");
  const empty = await withAuthenticator(there);
  await there.getByRole("button", { name: "Unlock with passkey" }).click();
  await wallet.confirm(there);
  await expect(there.getByRole("alert")).toContainText("is not on this device");
  await unlockWithWallet(there, 2);
  await go(there, "Settings");
  await expect(passkeyRow(there)).toContainText("not used on this device");
  expect(await empty.holds()).toBe(0);
  expect(troubles).toEqual([]);
  await context.close();
});

test("a passkey that was deleted opens nothing, is taken off, and added anew", async ({ person }) => {
  const page = await person(NAME);
  await go(page, "Settings");
  await lock(page);
  await device.deleteAll();
  await page.getByRole("button", { name: "Unlock with passkey" }).click();
  await expect(page.getByRole("alert")).toContainText("or is not on this device");
  await unlockWithWallet(page);
  await isOpen(page);

  await page.getByRole("button", { name: "Remove passkey" }).click();
  const dialog = page.getByRole("dialog", { name: "Remove this passkey?" });
  await looksRight(page, "passkey-remove");
  await dialog.getByRole("radio", { name: /^Somebody else may have it/ }).check();
  await dialog.getByRole("button", { name: "Renew my keys" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Your new recovery code" })).toBeVisible();
  await page.getByRole("button", { name: "Back" }).click();
  await page.getByRole("button", { name: "Remove passkey" }).click();
  await dialog.getByRole("button", { name: "Remove", exact: true }).click();
  await wallet.decline(page);
  const sheet = page.getByRole("region", { name: "Removing the passkey" });
  await expect(sheet).toContainText("You declined in the wallet.");
  await expect(passkeyRow(page)).toHaveCount(1);
  await sheet.getByRole("button", { name: "Try again" }).click();
  await wallet.confirm(page);
  await expect(page.getByText("The passkey is off your list.")).toBeVisible();
  await expect(passkeyRow(page)).toHaveCount(0);
  await lock(page);
  await expect(page.getByText("Demo wallet will ask you to sign once.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Unlock with passkey" })).toHaveCount(0);
  await looksRight(page, "unlock-wallet");
  await unlockWithWallet(page);

  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Add passkey" }).click();
  await wallet.confirm(page);
  await expect(passkeyRow(page)).toHaveCount(1);
});

test("on another site the code opens it, and the wallets of both stand side by side", async ({ person, browser }) => {
  const page = await person(NAME);
  const { there, context, troubles } = await sameWalletElsewhere(page, browser, ELSEWHERE);
  await connect(there, await demoName(page));
  await there.getByRole("link", { name: "Use your recovery code" }).click();
  await there.getByRole("textbox", { name: "Group 1" }).fill(known.code.join("-"));
  await there.getByRole("button", { name: "Recover" }).click();
  await isOpen(there);
  await expect(rows(there).filter({ hasText: "Not set up" })).toContainText("This wallet does not open it on this site");
  await looksRight(there, "settings-another-site");
  await there.getByRole("button", { name: "Set up demo wallet" }).click();
  await wallet.confirmAll(there, 3);
  await expect(rows(there).filter({ hasText: "On this site" })).toContainText("Ready");
  await expect(rows(there).filter({ hasText: "Another site" })).toHaveCount(2);
  await lock(there);
  await unlockWithWallet(there);
  await isOpen(there);
  expect(troubles).toEqual([]);
  await context.close();

  // The first site opens as before.
  await go(page, "Home");
  await go(page, "Settings");
  await expect(rows(page).filter({ hasText: "On elsewhere.localhost" })).toContainText("Another site");
  await lock(page);
  await page.getByRole("button", { name: "Unlock with passkey" }).click();
  await isOpen(page);
});

test("the address of a machine is no name for a site: no passkeys there", async ({ person, browser }) => {
  const page = await person(NAME);
  const site = process.env.MEDKEY_PAGE.replace("//localhost", "//127.0.0.1");
  const { there, context } = await sameWalletElsewhere(page, browser, site);
  await connect(there, await demoName(page));
  await expect(there.getByText("Demo wallet will ask twice")).toBeVisible();
  await expect(there.getByRole("button", { name: "Unlock with passkey" })).toHaveCount(0);
  await context.close();
});

test("whoever wants it locks the record with the page", async ({ person }) => {
  const page = await person(NAME);
  await page.reload();
  await isOpen(page);
  await page.getByRole("radio", { name: "Lock at once" }).check();
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "Unlock your record" })).toBeVisible();
  await page.getByRole("button", { name: "Unlock with passkey" }).click();
  await isOpen(page);
  await page.getByRole("radio", { name: "Stay open that long" }).check();
  await page.reload();
  await isOpen(page);
});

test("two people compare the words of their keys", async ({ person }) => {
  const page = await person(NAME);
  const other = await person(OTHER);
  await connect(other, "Someone new");
  await register(other, PATIENT(OTHER, "1980-01-30"), PROMPTS.patient);
  const address = await addressOf(other);
  const words = await other.locator(".key-words").innerText();

  await page.getByRole("button", { name: "Compare with somebody" }).click();
  const picking = page.getByRole("dialog", { name: "Compare with somebody" });
  await expect(picking.locator("[aria-busy]")).toHaveCount(0);
  await looksRight(page, "compare-pick");
  await picking.getByRole("button", { name: "Enter the address" }).click();
  await looksRight(page, "compare-address");
  await picking.getByLabel("Address of the account").fill(`0x${"12".repeat(20)}`);
  await picking.getByRole("button", { name: "Show the words" }).click();
  const dialog = page.getByRole("dialog", { name: "Compare the words" });
  await expect(dialog.getByRole("alert")).toContainText("There is no Medkey member with this address.");
  await expect(dialog.getByRole("button", { name: "They match" })).toBeDisabled();
  await looksRight(page, "compare-nobody");
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Compare with somebody" }).click();
  await picking.getByRole("button", { name: "Enter the address" }).click();
  await picking.getByLabel("Address of the account").fill(address);
  await picking.getByRole("button", { name: "Show the words" }).click();
  await expect(dialog.getByText(words)).toBeVisible();
  await expect(dialog.getByText(known.words)).toBeVisible();
  await looksRight(page, "compare");
  await dialog.getByRole("button", { name: "They do not match" }).click();
  await expect(dialog.getByRole("alert")).toContainText("Share nothing with this account for now.");
  await looksRight(page, "compare-differ");
  await dialog.getByRole("button", { name: "Compare again" }).click();
  await dialog.getByRole("button", { name: "They match" }).click();
  await expect(page.getByText("match. This device remembers it.")).toBeVisible();

  await page.getByRole("button", { name: "Compare with somebody" }).click();
  await picking.getByRole("button", { name: "Enter the address" }).click();
  await picking.getByLabel("Address of the account").fill(address);
  await picking.getByRole("button", { name: "Show the words" }).click();
  await expect(dialog.getByText(/^They matched when you compared them on/)).toBeVisible();
  await looksRight(page, "compare-again");
  await page.keyboard.press("Escape");
});

test("renewed keys want the passkey anew", async ({ person }) => {
  const page = await person(NAME);
  await page.getByRole("button", { name: "Renew recovery code" }).click();
  const items = await page.getByRole("list", { name: "Recovery code" }).getByRole("listitem").allInnerTexts();
  known.code = items.map((item, at) => item.trim().slice(String(at + 1).length).trim());
  await typeBack(page, known.code);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByText(/passkeys stop working/)).toBeVisible();
  await page.getByRole("button", { name: "Open Demo wallet" }).click();
  await wallet.confirmAll(page, 3);
  await isOpen(page);
  await expect(passkeyRow(page)).toHaveCount(0);
  await expect(page.getByText("Passkeys from before open nothing any more; add them anew.")).toBeVisible();
  await looksRight(page, "settings-renewed");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Add passkey" }).click();
  await wallet.confirm(page);
  await expect(passkeyRow(page)).toHaveCount(1);
  expect(await device.holds()).toBe(1);
  await lock(page);
  await page.getByRole("button", { name: "Unlock with passkey" }).click();
  await isOpen(page);
});

test("an account that is taken off a device leaves nothing there", async ({ person }) => {
  const page = await person(NAME);
  await page.getByRole("button", { name: "Take this account off this device" }).click();
  await expect(page.getByRole("heading", { name: "Connect your wallet" })).toBeVisible();
  await expect
    .poll(() =>
      page.evaluate(
        (address) =>
          new Promise((resolve) => {
            indexedDB.databases().then(([{ name }]) => {
              const opening = indexedDB.open(name);
              opening.onsuccess = () => {
                const reading = opening.result.transaction("kept").objectStore("kept").getAllKeys();
                reading.onsuccess = () => {
                  opening.result.close();
                  resolve(reading.result.filter((key) => key.includes(address)));
                };
              };
            });
          }),
        known.address,
      ),
    )
    .toEqual([]);
  // The wallet still knows the page, and asks nothing.
  await page.goto("/settings");
  await page.getByRole("main").getByRole("button", { name: /^Demo wallet/ }).click();
  await expect(page.getByText("Demo wallet will ask twice")).toBeVisible();
  // The passkey is still in the device's own list, and opens once the wallet has signed in.
  await page.getByRole("button", { name: "Unlock with passkey" }).click();
  await wallet.confirm(page);
  await isOpen(page);
});
