/**
 * A relay that pays: whoever has no money at all registers, files and shares by signatures. Where it pays no more, the
 * account pays itself.
 */
import { PATIENT, chooseRecord, connect, enter, go, real, register, typeBack } from "./support/acts.js";
import { makePoor, setBalance } from "./support/chain.js";
import { PAID_ACTS, PEOPLE, expect, test } from "./support/fixtures.js";
import { looksRight } from "./support/look.js";
import { wallet } from "./support/wallet.js";

test.describe.configure({ mode: "serial" });

const NAME = "Noor Haddad";
const DOCTOR = {
  role: /^Doctor/,
  fields: { "Name with title": PEOPLE.ivanova, Profession: "Physician", Specialty: "Orthopaedics", Licence: "HH-30112" },
};
const ETHER = 10n ** 18n;
/** They have browsers of their own: this relay has another address. */
const here = (name) => `${name} where the relay pays`;

test("somebody without any money registers by signatures alone", async ({ person, paying }) => {
  // Registration, the name, a record and a share.
  expect(PAID_ACTS).toBe(4);
  const page = await person(here(NAME));
  await connect(page, "Someone new", paying);
  await expect(page.getByRole("heading", { level: 1, name: "Who are you here?" })).toBeVisible();
  await makePoor(await wallet.account(page));
  const code = await enter(page, PATIENT(NAME, "1990-02-03"));
  await typeBack(page, code);
  await page.getByRole("button", { name: /^Create my/ }).click();
  await page.getByRole("button", { name: "Open Demo wallet" }).click();
  // The key, twice.
  await wallet.confirmAll(page, 2);
  await wallet.prompt(page).waitFor();
  await expect(page.getByText("Sign in Demo wallet. It costs nothing: this server pays the fee.")).toBeVisible();
  await looksRight(page, "paid-register");
  expect(await wallet.confirm(page)).toContain("Register patient");
  expect(await wallet.confirm(page)).toContain("Add record");
  await expect(page.getByRole("heading", { level: 1, name: /, Noor$/ })).toBeVisible();
});

test("a doctor signs too; the registrar's acts stay its own transactions", async ({ person, paying }) => {
  const doctor = await person(here(PEOPLE.ivanova));
  await connect(doctor, PEOPLE.ivanova, paying);
  await register(doctor, DOCTOR, 3);
  await expect(doctor.getByText("The registrar has not verified you yet")).toBeVisible();

  const registrar = await person(here(PEOPLE.registrar));
  await connect(registrar, PEOPLE.registrar, paying);
  await registrar.getByRole("button", { name: `Verify ${PEOPLE.ivanova}` }).click();
  const dialog = registrar.getByRole("dialog", { name: `Verify ${PEOPLE.ivanova}` });
  await dialog.getByRole("button", { name: "Verify" }).click();
  expect(await wallet.confirm(registrar)).toContain("Send this to the chain?");
  await expect(registrar.getByRole("button", { name: `Verify ${PEOPLE.ivanova}` })).toBeHidden();
});

test("a declined signature changes nothing, and can be given after all", async ({ person }) => {
  const page = await person(here(NAME));
  const dialog = await chooseRecord(page, real("lipid-panel.json"));
  await expect(dialog.getByLabel("Title")).toHaveValue("Lipid panel");
  await dialog.getByRole("button", { name: "Add record" }).click();
  const sheet = page.getByRole("region", { name: "Adding Lipid panel" });
  await wallet.prompt(page).waitFor();
  await expect(sheet).toContainText("It costs nothing: this server pays the fee.");
  await looksRight(page, "paid-signing");
  await wallet.decline(page);
  await expect(sheet).toContainText("You declined in the wallet. Nothing was changed.");
  await sheet.getByRole("button", { name: "Try again" }).click();
  expect(await wallet.confirm(page)).toContain("Signing costs nothing.");
  await expect(page.getByText("Lipid panel is in your chart.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Lipid panel" })).toBeVisible();
});

test("a folder is shared by one signature over two acts", async ({ person }) => {
  const page = await person(here(NAME));
  await go(page, "People");
  await page.getByRole("button", { name: "Share" }).click();
  await page.getByRole("dialog", { name: "Share with…" }).getByRole("button", { name: PEOPLE.ivanova }).click();
  const dialog = page.getByRole("dialog", { name: new RegExp(`with ${PEOPLE.ivanova}$`) });
  await dialog.getByRole("button", { name: "Share" }).click();
  const said = await wallet.confirm(page);
  // The folder's ring names its readers in the same signature.
  expect(said).toContain("Grant access");
  expect(said).toContain("Update card");
  await expect(page.getByText(`${PEOPLE.ivanova} can read it now.`)).toBeVisible();
  await expect(page.getByText("never opened")).toBeVisible();
});

test("where the relay pays no more, the account pays itself", async ({ person }) => {
  const page = await person(here(NAME));
  await page.getByRole("button", { name: `Revoke ${PEOPLE.ivanova}` }).click();
  await page.getByRole("dialog", { name: /Revoke/ }).getByRole("button", { name: "Revoke" }).click();
  const sheet = page.getByRole("region", { name: /^Revoking the access/ });
  await wallet.confirm(page);
  await expect(sheet).toContainText("The account does not hold enough to pay the network's fee.");
  await setBalance(await wallet.account(page), ETHER);
  await sheet.getByRole("button", { name: "Try again" }).click();
  await wallet.confirm(page);
  await wallet.prompt(page).waitFor();
  await expect(sheet).toContainText("This server does not pay for it. Confirm in Demo wallet; your account pays the fee.");
  await looksRight(page, "paid-no-more");
  expect(await wallet.confirm(page)).toContain("Send this to the chain?");
  await expect(page.getByText(/revoked by you on/)).toBeVisible();
});
