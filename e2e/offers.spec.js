/**
 * QR codes: a patient makes one, a doctor opens the chart with it, the patient sees who, and withdraws. Its people are
 * nobody else's, so that this file runs alone too.
 */
import { PATIENT, PROMPTS, addRecord, connect, go, real, register } from "./support/acts.js";
import { PEOPLE, expect, test } from "./support/fixtures.js";
import { looksRight, shoot } from "./support/look.js";
import { wallet } from "./support/wallet.js";

test.describe.configure({ mode: "serial" });

const NAME = "Kofi Mensah";
const DOCTOR = (name, licence) => ({
  role: /^Doctor/,
  fields: { "Name with title": name, Profession: "Physician", Specialty: "Emergency medicine", Licence: licence },
});
const BRANDT = "Dr. Lea Brandt";
const OKAFOR = "Dr. Ben Okafor";
const REGISTRAR = "Registrar of the codes";

/** Learnt on the way. */
const code = { laboratory: "" };

/** Opens the row's dialog and reads the code as text, as somebody does who sends it. */
async function readCode(page) {
  const dialog = page.getByRole("dialog", { name: /^Code / });
  await dialog.getByText("As text").click();
  return (await dialog.getByText(/^MEDKEY-OFFER:/).innerText()).trim();
}

/** Pastes a code on the doctor's page and presses. */
async function paste(page, text) {
  await go(page, "Patients");
  await page.getByRole("link", { name: "Open with a code" }).click();
  await page.getByLabel("Code").fill(text);
  await page.getByRole("button", { name: "Open the chart" }).click();
}

const row = (page, name) => page.getByRole("listitem").filter({ hasText: name });

test("a patient and two doctors of their own for these tests", async ({ person }) => {
  const patient = await person(NAME);
  await connect(patient, "Someone new");
  await register(patient, PATIENT(NAME, "1964-08-09"), PROMPTS.patient);
  await expect(patient.getByRole("heading", { level: 1, name: /, Kofi$/ })).toBeVisible();
  await addRecord(patient, real("lipid-panel.json"), "Lipid panel");

  for (const [name, licence] of [
    [BRANDT, "HH-51007"],
    [OKAFOR, "HH-51008"],
  ]) {
    const doctor = await person(name);
    await connect(doctor, "Someone new");
    await register(doctor, DOCTOR(name, licence), PROMPTS.professional);
    await expect(doctor.getByText("The registrar has not verified you yet")).toBeVisible();
  }
});

test("whoever is not verified opens nothing with a code", async ({ person }) => {
  const doctor = await person(BRANDT);
  await go(doctor, "Patients");
  await doctor.getByRole("link", { name: "Open with a code" }).click();
  await expect(doctor.getByText("The registrar has not verified you yet")).toBeVisible();
  await expect(doctor.getByLabel("Code")).toHaveCount(0);

  const registrar = await person(REGISTRAR);
  await connect(registrar, PEOPLE.registrar);
  for (const name of [BRANDT, OKAFOR]) {
    await registrar.getByRole("button", { name: `Verify ${name}` }).click();
    await registrar.getByRole("dialog", { name: `Verify ${name}` }).getByRole("button", { name: "Verify" }).click();
    await wallet.confirm(registrar);
    await expect(registrar.getByRole("button", { name: `Verify ${name}` })).toBeHidden();
  }
  // It learns by itself.
  await expect(doctor.getByLabel("Code")).toBeVisible();
  await looksRight(doctor, "doctor-open-code");
});

test("the patient makes a code: declines once, confirms, and sees it big", async ({ person }) => {
  const page = await person(NAME);
  await go(page, "People");
  await page.getByRole("link", { name: "Share by QR" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "QR codes" })).toBeVisible();
  await expect(page.getByText("No code can be used today.")).toBeVisible();
  await looksRight(page, "patient-offers-empty");

  await page.getByRole("button", { name: "Make a code" }).click();
  const making = page.getByRole("dialog", { name: "Make a QR code" });
  await making.getByRole("radio", { name: /Laboratory/ }).check();
  await making.getByRole("radio", { name: "3", exact: true }).check();
  await expect(making).toContainText("The first three verified doctors or laboratories who scan it each read Laboratory");
  await expect(making.getByRole("radio", { name: /Private/ })).toHaveCount(0);
  await looksRight(page, "patient-make-offer");
  await making.getByRole("button", { name: "Make code" }).click();

  const sheet = page.getByRole("region", { name: "Making a code for Laboratory" });
  await wallet.decline(page);
  await expect(sheet).toContainText("You declined in the wallet. Nothing was changed.");
  await expect(page.getByText("No code can be used today.")).toBeVisible();
  await sheet.getByRole("button", { name: "Try again" }).click();
  await wallet.confirm(page);

  const shown = page.getByRole("dialog", { name: "Code for Laboratory" });
  await expect(shown.getByRole("img", { name: "QR code that opens Laboratory" })).toBeVisible();
  await expect(shown).toContainText("none used yet");
  await looksRight(page, "patient-offer");
  await page.emulateMedia({ media: "print" });
  await expect(shown.getByRole("img")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, name: "QR codes" })).toBeHidden();
  await expect(shown.getByRole("button", { name: "Print" })).toBeHidden();
  await page.screenshot({ path: "results/screens/patient-offer-print.png" });
  await page.emulateMedia({ media: null });

  await shown.getByRole("button", { name: "Full screen" }).click();
  await expect(shown.getByRole("button", { name: "Leave full screen" })).toBeVisible();
  await looksRight(page, "patient-offer-full");
  await page.keyboard.press("Escape");
  await expect(shown.getByRole("button", { name: "Print" })).toBeVisible();
  code.laboratory = await readCode(page);
  await shown.getByRole("button", { name: "Close" }).click();
});

test("the secret of a code is kept nowhere in the browser", async ({ person }) => {
  const page = await person(NAME);
  const secret = code.laboratory.split(":").at(-1);
  expect(secret).toMatch(/^[0-9A-F]{64}$/);
  const kept = await page.evaluate(() => JSON.stringify([location.href, { ...localStorage }, { ...sessionStorage }]));
  expect(kept.toUpperCase()).not.toContain(secret);
  expect((await page.content()).toUpperCase()).not.toContain(secret);
});

test("a doctor opens the chart with the pasted text, and is told what does not open", async ({ person }) => {
  const page = await person(BRANDT);
  await paste(page, "https://example.org");
  await expect(page.getByRole("alert")).toContainText("This is not a Medkey offer");
  await looksRight(page, "doctor-open-code-wrong");
  const last = code.laboratory.endsWith("0") ? "1" : "0";
  await paste(page, code.laboratory.slice(0, -1) + last);
  await expect(page.getByRole("alert")).toContainText("There is no offer with this code.");

  await paste(page, code.laboratory);
  await wallet.decline(page);
  const sheet = page.getByRole("region", { name: "Opening a chart with a code" });
  await expect(sheet).toContainText("You declined in the wallet. Nothing was changed.");
  await sheet.getByRole("button", { name: "Try again" }).click();
  await wallet.confirm(page);
  await expect(page.getByRole("heading", { level: 1, name: NAME })).toBeVisible();
  await expect(page.getByRole("link", { name: "Lipid panel" })).toBeVisible();
});

test("the patient sees who used it and when", async ({ person }) => {
  const page = await person(NAME);
  await expect(row(page, "Laboratory")).toContainText("1 of 3 used");
  await expect(row(page, "Laboratory")).toContainText(new RegExp(`Used by ${BRANDT}, today`));
  await looksRight(page, "patient-offers");
  await row(page, "Laboratory").getByRole("button", { name: "Show Laboratory" }).click();
  const shown = page.getByRole("dialog", { name: "Code for Laboratory" });
  await expect(shown).toContainText(`1 used, ${BRANDT}`);
  expect(await readCode(page)).toBe(code.laboratory);
  await shown.getByRole("button", { name: "Close" }).click();
  await go(page, "Timeline");
  await expect(page.getByText(`${BRANDT} used your code for Laboratory`)).toBeVisible();
});

test("revoking a doctor who could come back with a code withdraws it along", async ({ person }) => {
  const page = await person(NAME);
  await go(page, "People");
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const picking = page.getByRole("dialog", { name: "Share with…" });
  await picking.getByRole("link", { name: "Make a QR code" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "QR codes" })).toBeVisible();
  await expect(picking).toBeHidden();
  await go(page, "People");
  await page.getByRole("button", { name: "Share", exact: true }).click();
  await picking.getByRole("button", { name: OKAFOR }).click();
  const sharing = page.getByRole("dialog", { name: new RegExp(OKAFOR) });
  await sharing.getByRole("checkbox", { name: /General/ }).uncheck();
  await sharing.getByRole("checkbox", { name: /Laboratory/ }).check();
  await sharing.getByRole("button", { name: "Share" }).click();
  await wallet.confirm(page);
  await page.getByRole("button", { name: `Revoke ${OKAFOR}` }).click();
  const dialog = page.getByRole("dialog", { name: /^Revoke access/ });
  await expect(dialog).toContainText(`A QR code for Laboratory can still be used. If ${OKAFOR} holds it, it opens Laboratory again.`);
  await expect(dialog.getByRole("checkbox", { name: /^Withdraw the code too/ })).toBeChecked();
  await looksRight(page, "patient-revoke-with-code");
  await dialog.getByRole("button", { name: "Revoke" }).click();
  // Both in one confirmation.
  await wallet.confirm(page);
  await expect(page.getByText(`${OKAFOR} can no longer read Laboratory, and the code for it is withdrawn.`)).toBeVisible();
  await expect(page.getByText(/revoked by you on/)).toBeVisible();
  await wallet.isQuiet(page);

  const doctor = await person(OKAFOR);
  await paste(doctor, code.laboratory);
  await expect(doctor.getByRole("alert")).toContainText("The patient has withdrawn this code.");
  // Who used it before reads on, and is told so by the code itself.
  const before = await person(BRANDT);
  await paste(before, code.laboratory);
  await expect(before.getByRole("heading", { level: 1, name: NAME })).toBeVisible();
});

test("a code that is used up says so; a withdrawn one opens nothing", async ({ person }) => {
  const page = await person(NAME);
  await page.goto("/offers");
  const make = async () => {
    await page.getByRole("button", { name: "Make a code" }).click();
    await page.getByRole("button", { name: "Make code" }).click();
    await wallet.confirm(page);
    const text = await readCode(page);
    await page.getByRole("dialog", { name: /^Code for/ }).getByRole("button", { name: "Close" }).click();
    return text;
  };
  const once = await make();
  const first = await person(OKAFOR);
  await paste(first, once);
  await wallet.confirm(first);
  await expect(first.getByRole("heading", { level: 1, name: NAME })).toBeVisible();
  const second = await person(BRANDT);
  await paste(second, once);
  await expect(second.getByRole("alert")).toContainText("This code is used up");

  const withdrawn = await make();
  await page.getByRole("button", { name: "Withdraw General" }).click();
  const dialog = page.getByRole("dialog", { name: "Withdraw the code for General?" });
  await expect(dialog).toContainText("Nobody has used it.");
  await looksRight(page, "patient-offer-withdraw");
  await dialog.getByRole("button", { name: "Withdraw" }).click();
  await wallet.confirm(page);
  await expect(page.getByText(/withdrawn on/).first()).toBeVisible();
  await expect(page.getByText(/used up on/)).toBeVisible();
  await looksRight(page, "patient-offers-former");
  await paste(second, withdrawn);
  await expect(second.getByRole("alert")).toContainText("The patient has withdrawn this code.");
  await shoot(second, "doctor-open-code-withdrawn");
});

test("the emergency card: filled in, with a code, on the phone and on paper", async ({ person }) => {
  const page = await person(NAME);
  await go(page, "People");
  await page.getByRole("link", { name: "Share by QR" }).click();
  await page.getByRole("link", { name: "Emergency card" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Emergency card" })).toBeVisible();
  await expect(page.getByText("Nothing is on it yet")).toBeVisible();
  await looksRight(page, "patient-emergency-empty");

  await page.getByRole("button", { name: "Fill in the card" }).click();
  const dialog = page.getByRole("dialog", { name: "What the card says" });
  await expect(dialog.getByLabel("Name")).toHaveValue(NAME);
  await dialog.getByLabel("Name").fill("");
  await dialog.getByRole("button", { name: "Save card" }).click();
  await expect(dialog.getByText("Enter a name.")).toBeVisible();
  await dialog.getByLabel("Name").fill(NAME);
  await dialog.getByLabel("Blood group").selectOption("A+");
  await dialog.getByLabel("Allergies").fill("Penicillin, anaphylaxis");
  await dialog.getByLabel("Conditions").fill("Hypertension\nHyperlipidaemia");
  await dialog.getByLabel("Medicines").fill("Ramipril 5 mg\nAtorvastatin 20 mg");
  const call = dialog.getByRole("group", { name: "Person to call 1" });
  await call.getByLabel("Called").fill("Efua Mensah");
  await call.getByLabel("Is your").fill("wife");
  await call.getByLabel("Telephone").fill("+49 151 0000 0000");
  await looksRight(page, "patient-emergency-fill");
  await dialog.getByRole("button", { name: "Save card" }).click();
  await wallet.confirm(page);

  const card = page.getByRole("article");
  await expect(card).toContainText("Penicillin, anaphylaxis");
  await expect(card).toContainText("Efua Mensah, wife, +49 151 0000 0000");
  await page.getByRole("button", { name: "Put a code on it" }).click();
  await page.getByRole("button", { name: "Make code" }).click();
  await wallet.confirm(page);
  await expect(card.getByRole("img", { name: "QR code that opens General" })).toBeVisible();
  await expect(card).toContainText("A verified doctor who scans this reads General for one day. The patient is told.");
  await looksRight(page, "patient-emergency");
  await page.getByRole("button", { name: "Full screen" }).click();
  await expect(page.getByRole("button", { name: "Leave full screen" })).toBeVisible();
  await looksRight(page, "patient-emergency-full");
  await page.getByRole("button", { name: "Leave full screen" }).click();
  await page.emulateMedia({ media: "print" });
  await expect(card.getByText("Penicillin, anaphylaxis")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toBeHidden();
  await expect(page.getByRole("button", { name: "Print" })).toBeHidden();
  await page.screenshot({ path: "results/screens/patient-emergency-print.png" });
  await page.emulateMedia({ media: null });
  // What was said at registration is not there beside it.
  await go(page, "Records");
  await expect(page.getByRole("link", { name: "About me" })).toHaveCount(1);
});

test("a doctor who scans the emergency card sees it at once, and the patient is told", async ({ person }) => {
  const page = await person(NAME);
  await page.goto("/offers");
  await page.getByRole("button", { name: "Show Emergency card, General" }).click();
  const emergency = await readCode(page);
  await page.getByRole("dialog", { name: /^Code of the emergency card/ }).getByRole("button", { name: "Close" }).click();

  const doctor = await person(BRANDT);
  await paste(doctor, emergency);
  await wallet.confirm(doctor);
  await expect(doctor.getByRole("heading", { level: 1, name: NAME })).toBeVisible();
  await expect(doctor.getByText("Allergy: Penicillin, anaphylaxis")).toBeVisible();
  await expect(doctor.getByText("blood group A+")).toBeVisible();
  await expect(doctor.getByText("Hypertension; Hyperlipidaemia")).toBeVisible();
  await expect(doctor.getByText("Efua Mensah, wife, +49 151 0000 0000")).toBeVisible();
  await looksRight(doctor, "doctor-chart-emergency");

  await go(page, "Home");
  await expect(page.getByText(`${BRANDT} used your emergency card.`)).toBeVisible();
  await looksRight(page, "patient-home-emergency");
  await go(page, "Timeline");
  await expect(page.getByText(`${BRANDT} used your emergency card for General`)).toBeVisible();
});
