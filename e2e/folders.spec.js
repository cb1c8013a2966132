/**
 * Folders of one's own, and what doctors ask for: made, renamed, set apart, filled, shared, removed; requests shared as
 * asked, changed, denied. The people are nobody else's, so that this file runs alone too.
 */
import { PATIENT, PROMPTS, addRecord, addressOf, chooseRecord, connect, go, real, register } from "./support/acts.js";
import { PEOPLE, expect, test } from "./support/fixtures.js";
import { looksRight } from "./support/look.js";
import { wallet } from "./support/wallet.js";

test.describe.configure({ mode: "serial" });

const NAME = "Mara Vogt";
const DOCTOR = (name, licence) => ({
  role: /^Doctor/,
  fields: { "Name with title": name, Profession: "Physician", Specialty: "Psychiatry", Licence: licence },
});
const HALE = "Dr. Rosa Hale";
const REGISTRAR = "Registrar of the folders";

/** Learnt on the way. */
const mara = { address: "" };

const chip = (page, name) => page.getByRole("main").getByRole("radio", { name, exact: true });
const line = (page, name) => page.getByRole("region", { name: `Folder ${name}` });
const rows = (page) => page.getByRole("main").getByRole("listitem");
const open = (page, title) => page.getByRole("main").getByRole("link", { name: title, exact: true }).click();

test("a patient and a doctor of their own for these tests", async ({ person }) => {
  const patient = await person(NAME);
  await connect(patient, "Someone new");
  await register(patient, PATIENT(NAME, "1987-03-14"), PROMPTS.patient);
  await addRecord(patient, real("lipid-panel.json"), "Lipid panel");
  await addRecord(patient, real("blood-count.pdf"), "Full blood count");
  mara.address = await addressOf(patient);

  const doctor = await person(HALE);
  await connect(doctor, "Someone new");
  await register(doctor, DOCTOR(HALE, "HH-60114"), PROMPTS.professional);
  await expect(doctor.getByText("The registrar has not verified you yet")).toBeVisible();
  const registrar = await person(REGISTRAR);
  await connect(registrar, PEOPLE.registrar);
  await registrar.getByRole("button", { name: `Verify ${HALE}` }).click();
  await registrar.getByRole("dialog", { name: `Verify ${HALE}` }).getByRole("button", { name: "Verify" }).click();
  await wallet.confirm(registrar);
  await expect(registrar.getByRole("button", { name: `Verify ${HALE}` })).toBeHidden();
});

test("a folder is made, after names that are none and a wallet that declined", async ({ person }) => {
  const page = await person(NAME);
  await go(page, "Records");
  await page.getByRole("button", { name: "New folder" }).click();
  const dialog = page.getByRole("dialog", { name: "New folder" });
  const name = dialog.getByLabel("Name of the folder");
  const act = dialog.getByRole("button", { name: "Make folder" });
  await expect(act).toBeDisabled();
  await name.fill("laboratory");
  await expect(dialog.getByText("You have a folder of this name already. Choose another name.")).toBeVisible();
  await expect(act).toBeDisabled();
  await looksRight(page, "patient-folder-new-taken");
  await name.fill("x".repeat(61));
  await expect(dialog.getByText("This name is too long. A folder's name has at most 60 characters.")).toBeVisible();
  await name.fill("Tra\u202evel");
  await expect(dialog.getByText("This name holds a sign that cannot be seen.")).toBeVisible();
  await name.fill("  Travel and   vaccines ");
  await looksRight(page, "patient-folder-new");
  await act.click();
  const sheet = page.getByRole("region", { name: "Making the folder Travel and vaccines" });
  await wallet.decline(page);
  await expect(sheet).toContainText("You declined in the wallet. Nothing was changed.");
  await expect(chip(page, "Travel and vaccines")).toHaveCount(0);
  await sheet.getByRole("button", { name: "Try again" }).click();
  await wallet.confirm(page);
  // One goes on in it.
  await expect(chip(page, "Travel and vaccines")).toBeChecked();
  await expect(line(page, "Travel and vaccines")).toContainText("No records yet · only you can read it");
  await expect(page.getByText("Nothing in this folder yet")).toBeVisible();
  await looksRight(page, "patient-folder-empty");
});

test("a record is moved to a sensitive folder that is made for it, with one question of the wallet", async ({
  person,
}) => {
  const page = await person(NAME);
  await chip(page, "All").check();
  await open(page, "Full blood count");
  await page.getByRole("button", { name: "Move", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Move to another folder" });
  await dialog.getByRole("radio", { name: "New folder…" }).check();
  await expect(dialog.getByRole("button", { name: "Move" })).toBeDisabled();
  await dialog.getByLabel("Name of the folder").fill("Mental health");
  await dialog.getByRole("checkbox", { name: /^Sensitive/ }).check();
  await looksRight(page, "patient-record-move-new");
  await dialog.getByRole("button", { name: "Move" }).click();
  await wallet.confirm(page);
  await expect(page.getByText("Full blood count is in Mental health now.")).toBeVisible();
  await wallet.isQuiet(page);
  await expect(page.getByRole("navigation", { name: "You are here" })).toContainText("Mental health");
});

test("what is sensitive stands apart, and a search finds it", async ({ person }) => {
  const page = await person(NAME);
  await go(page, "Records");
  const apart = page.getByRole("main").getByRole("group", { name: "Sensitive" });
  await expect(apart.getByRole("radio")).toHaveCount(1);
  await expect(apart.getByRole("radio", { name: "Mental health" })).toBeVisible();
  await expect(page.getByRole("heading", { level: 2 }).last()).toHaveText("Sensitive");
  await expect(rows(page).last()).toContainText("Full blood count");
  await expect(rows(page).last()).toContainText("Sensitive");
  await looksRight(page, "patient-records-folders");
  await page.getByRole("searchbox").fill("mental");
  await expect(rows(page)).toHaveText([/Full blood count/]);
  await page.getByRole("searchbox").fill("");
  await go(page, "Home");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByText("Full blood count")).toHaveCount(0);
});

test("a file is added to a folder that is made for it", async ({ person }) => {
  const page = await person(NAME);
  const dialog = await chooseRecord(page, real("head-scan.png"));
  await expect(dialog.getByLabel("Title")).toHaveValue("Head scan");
  await dialog.getByRole("radio", { name: "New folder…" }).check();
  await expect(dialog.getByRole("button", { name: "Add record" })).toBeDisabled();
  await dialog.getByLabel("Name of the folder").fill("Accident 2026");
  await looksRight(page, "patient-add-new-folder");
  await dialog.getByRole("button", { name: "Add record" }).click();
  await wallet.confirm(page);
  await expect(page.getByText("Head scan is in your chart.")).toBeVisible();
  await chip(page, "Accident 2026").check();
  await expect(rows(page)).toHaveText([/Head scan/]);
});

test("a folder is renamed, made sensitive and listed with the others again", async ({ person }) => {
  const page = await person(NAME);
  await chip(page, "Travel and vaccines").check();
  await line(page, "Travel and vaccines").getByRole("button", { name: /^Rename/ }).click();
  const dialog = page.getByRole("dialog", { name: "Rename Travel and vaccines" });
  await expect(dialog.getByRole("button", { name: "Rename" })).toBeDisabled();
  await dialog.getByLabel("Name of the folder").fill("mental HEALTH");
  await expect(dialog.getByText("You have a folder of this name already.")).toBeVisible();
  await dialog.getByLabel("Name of the folder").fill("Journeys");
  await looksRight(page, "patient-folder-rename");
  await dialog.getByRole("button", { name: "Rename" }).click();
  await wallet.confirm(page);
  await expect(chip(page, "Journeys")).toBeChecked();

  await line(page, "Journeys").getByRole("button", { name: /^Make sensitive/ }).click();
  const asking = page.getByRole("dialog", { name: "Make Journeys sensitive?" });
  await expect(asking).toContainText("never suggested when you share");
  await looksRight(page, "patient-folder-sensitive");
  await asking.getByRole("button", { name: "Make sensitive" }).click();
  const sheet = page.getByRole("region", { name: "Changing the folder Journeys" });
  await wallet.decline(page);
  await expect(sheet).toContainText("You declined in the wallet. Nothing was changed.");
  await sheet.getByRole("button", { name: "Try again" }).click();
  await wallet.confirm(page);
  await expect(page.getByRole("main").getByRole("group", { name: "Sensitive" }).getByRole("radio")).toHaveCount(2);
  await line(page, "Journeys").getByRole("button", { name: /^Not sensitive/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Not sensitive" }).click();
  await wallet.confirm(page);
  await expect(page.getByRole("main").getByRole("group", { name: "Sensitive" }).getByRole("radio")).toHaveCount(1);

  // After a reload everything is as it was left.
  await page.reload();
  await expect(chip(page, "Journeys")).toBeVisible();
});

test("only an empty folder is removed", async ({ person }) => {
  const page = await person(NAME);
  await chip(page, "Mental health").check();
  await line(page, "Mental health").getByRole("button", { name: /^Remove/ }).click();
  const held = page.getByRole("dialog", { name: "Mental health cannot be removed yet" });
  await expect(held).toContainText("One record is in it. Open the record and move it to another folder.");
  await looksRight(page, "patient-folder-held");
  await held.getByRole("button", { name: "Close" }).click();
  await wallet.isQuiet(page);

  await chip(page, "Journeys").check();
  await line(page, "Journeys").getByRole("button", { name: /^Remove/ }).click();
  const dialog = page.getByRole("dialog", { name: "Remove the folder Journeys?" });
  await looksRight(page, "patient-folder-remove");
  await dialog.getByRole("button", { name: "Remove" }).click();
  await wallet.confirm(page);
  await expect(page.getByText("The folder Journeys is removed.")).toBeVisible();
  await expect(chip(page, "Journeys")).toHaveCount(0);
  await expect(chip(page, "All")).toBeChecked();
  await expect(rows(page)).toHaveCount(4);
});

/** The doctor asks for folders by category. */
async function ask(page, words, folders, days) {
  await page.getByRole("button", { name: "Ask for access" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Ask for access" });
  await dialog.getByLabel("Patient’s address").fill(mara.address);
  for (const folder of folders) await dialog.getByRole("checkbox", { name: folder }).check();
  await dialog.getByRole("radio", { name: days }).check();
  await dialog.getByLabel("Why").fill(words);
  await dialog.getByRole("button", { name: "Ask for access" }).click();
  await wallet.confirm(page);
  await expect(page.getByText(/sees your request/).last()).toBeVisible();
}

test("a doctor asks twice, and both are answered as asked with one press", async ({ person }) => {
  const doctor = await person(HALE);
  await expect(doctor.getByText("Nothing waits for you")).toBeVisible();
  await ask(doctor, "How your blood is", [/Laboratory/], "30 days");
  await ask(doctor, "And your letters, please", [/Laboratory/, /General/], "30 days");

  const page = await person(NAME);
  await go(page, "Requests");
  const card = page.getByRole("article");
  await expect(card).toHaveCount(1);
  await expect(card).toContainText("“And your letters, please”");
  await expect(card).toContainText("Asked before, and answered together with this:");
  await expect(card).toContainText("“How your blood is”");
  await expect(card).toContainText("Demo wallet asks once, to share General and Laboratory with Dr. Rosa Hale until");
  await looksRight(page, "patient-requests-twice");
  // Who it is can be read.
  await card.getByRole("link", { name: HALE }).click();
  await expect(page.getByRole("heading", { level: 1, name: HALE })).toBeVisible();
  await page.goBack();
  await card.getByRole("button", { name: `Share as asked ${HALE}` }).click();
  const sheet = page.getByRole("region", { name: `Sharing with ${HALE}` });
  await wallet.decline(page);
  await expect(sheet).toContainText("You declined in the wallet. Nothing was changed.");
  await sheet.getByRole("button", { name: "Try again" }).click();
  await wallet.confirm(page);
  await expect(page.getByText("Nobody is waiting for an answer")).toBeVisible();
  await expect(page.getByText("Shared", { exact: true })).toHaveCount(2);
  await looksRight(page, "patient-requests-answered");
});

test("a sensitive folder is shared by name only, and the doctor reads its name", async ({ person }) => {
  const page = await person(NAME);
  await go(page, "People");
  await page.getByRole("button", { name: "Share", exact: true }).click();
  await page.getByRole("dialog", { name: "Share with…" }).getByRole("button", { name: HALE }).click();
  const dialog = page.getByRole("dialog", { name: new RegExp(`^Share.* with ${HALE}$`) });
  await expect(dialog.getByRole("checkbox", { name: /General/ })).toBeChecked();
  const apart = dialog.getByRole("group", { name: "Sensitive" }).getByRole("checkbox", { name: /Mental health/ });
  await expect(apart).not.toBeChecked();
  await dialog.getByRole("checkbox", { name: /General/ }).uncheck();
  await apart.check();
  const titled = page.getByRole("dialog", { name: `Share Mental health with ${HALE}` });
  await expect(titled).toContainText(`This folder is sensitive: ${HALE} learns its name`);
  await looksRight(page, "patient-share-sensitive");
  await titled.getByRole("button", { name: "Share" }).click();
  await wallet.confirm(page);
  await expect(page.getByText(`${HALE} can read it now.`)).toBeVisible();
  await expect(page.getByText("Mental health").first()).toBeVisible();

  const doctor = await person(HALE);
  await go(doctor, "Patients");
  await doctor.getByRole("link", { name: /^(Mara Vogt|Patient 0x)/ }).click();
  await doctor.getByRole("button", { name: "Open chart" }).click();
  await wallet.confirm(doctor);
  await expect(doctor.getByText(/This visit was logged at/)).toBeVisible();
  await expect(doctor.getByText("Mental health").first()).toBeVisible();
  await expect(doctor.getByRole("listitem").filter({ hasText: "Full blood count" })).toContainText("Mental health");
  await looksRight(doctor, "doctor-chart-own-folder");
  await doctor.getByRole("link", { name: "Full blood count" }).click();
  await expect(doctor.getByRole("navigation", { name: "You are here" })).toContainText("Mental health");
});

test("a code that can be used is among the people, and has no sensitive folder chosen", async ({ person }) => {
  const page = await person(NAME);
  await go(page, "People");
  await page.getByRole("link", { name: "Share by QR" }).click();
  await page.getByRole("button", { name: "Make a code" }).click();
  const dialog = page.getByRole("dialog", { name: "Make a QR code" });
  await expect(dialog.getByRole("radio", { name: /Folder General/ })).toBeChecked();
  const apart = dialog.getByRole("group", { name: "Sensitive" }).getByRole("radio", { name: /Mental health/ });
  await apart.check();
  await expect(dialog).toContainText("This folder is sensitive, and everybody verified who gets hold of the code");
  await looksRight(page, "patient-make-offer-sensitive");
  await dialog.getByRole("radio", { name: /Folder Accident 2026/ }).check();
  await dialog.getByRole("button", { name: "Make code" }).click();
  await wallet.confirm(page);
  await page.getByRole("dialog", { name: "Code for Accident 2026" }).getByRole("button", { name: "Close" }).click();
  await go(page, "People");
  const code = page.getByRole("listitem").filter({ hasText: "Code for Accident 2026" });
  await expect(code).toContainText("0 of 1 used");
  await looksRight(page, "patient-people-codes");
  await code.getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1, name: "QR codes" })).toBeVisible();

  // Such a folder is not removed.
  await go(page, "Records");
  await chip(page, "Accident 2026").check();
  await line(page, "Accident 2026").getByRole("button", { name: /^Remove/ }).click();
  const held = page.getByRole("dialog", { name: "Accident 2026 cannot be removed yet" });
  await expect(held).toContainText("A code for Accident 2026 can still be used.");
  await held.getByRole("button", { name: "Close" }).click();
});

test("a request is denied, and one of a suspended doctor can only be denied", async ({ person }) => {
  const doctor = await person(HALE);
  await go(doctor, "Requests");
  await ask(doctor, "Your pictures", [/Imaging/], "7 days");
  const page = await person(NAME);
  await go(page, "Requests");
  const card = page.getByRole("article");
  await expect(card).toContainText("asks to read Imaging until");
  await card.getByRole("button", { name: `Deny ${HALE}` }).click();
  await wallet.confirm(page);
  await expect(page.getByText("Denied", { exact: true })).toBeVisible();

  await ask(doctor, "Your pictures after all", [/Imaging/], "7 days");
  await expect(card).toContainText("“Your pictures after all”");
  const registrar = await person(REGISTRAR);
  await go(registrar, "Members");
  await registrar.getByRole("button", { name: `Suspend ${HALE}` }).click();
  const suspending = registrar.getByRole("dialog", { name: `Suspend ${HALE}` });
  await suspending.getByRole("button", { name: "Suspend" }).click();
  await wallet.confirm(registrar);
  await page.reload();
  await expect(card).toContainText("The registrar vouches for this account no longer");
  await expect(card.getByRole("button")).toHaveText([/^Deny/]);
  await looksRight(page, "patient-request-suspended");
  await card.getByRole("button", { name: /^Deny/ }).click();
  await wallet.confirm(page);
  await expect(page.getByText("Nobody is waiting for an answer")).toBeVisible();
});
