/**
 * Who reads until when: a hospital's doctors who join and leave, terms that are changed and run out, what is said before a
 * revocation, and past records under new keys. Its people are nobody else's, so that this file runs alone too.
 */
import { PATIENT, PROMPTS, addRecord, addressOf, connect, go, real, register } from "./support/acts.js";
import { leavesHospital, passDays } from "./support/chain.js";
import { PEOPLE, expect, test } from "./support/fixtures.js";
import { looksRight } from "./support/look.js";
import { wallet } from "./support/wallet.js";

test.describe.configure({ mode: "serial" });

const NAME = "Marta Klein";
const HOSPITAL = "Klinik Nordpark";
const HALE = "Dr. Vera Hale";
const ORTIZ = "Dr. Luis Ortiz";
const WINTER = "Dr. Nora Winter";
const REGISTRAR = "Registrar of the doctors";
const DOCTOR = (name, licence) => ({
  role: /^Doctor/,
  fields: { "Name with title": name, Profession: "Physician", Specialty: "Neurology", Licence: licence },
  selects: { Hospital: HOSPITAL },
});

/** Learnt on the way. */
const account = { [HALE]: "", [ORTIZ]: "", [WINTER]: "" };

const row = (page, name) => page.locator("main .row").filter({ hasText: name });
const sheet = (page, name) => page.getByRole("region", { name });

/** A doctor of the hospital registers, and the registrar verifies. */
async function joins(person, name, licence) {
  const doctor = await person(name);
  await connect(doctor, "Someone new");
  await register(doctor, DOCTOR(name, licence), PROMPTS.professional);
  await expect(doctor.getByText("The registrar has not verified you yet")).toBeVisible();
  const registrar = await person(REGISTRAR);
  await go(registrar, "To verify");
  await registrar.getByRole("button", { name: `Verify ${name}` }).click();
  await registrar.getByRole("dialog", { name: `Verify ${name}` }).getByRole("button", { name: "Verify" }).click();
  await wallet.confirm(registrar);
  await expect(registrar.getByRole("button", { name: `Verify ${name}` })).toBeHidden();
  await expect(doctor.getByText("The registrar has not verified you yet")).toBeHidden();
  account[name] = await addressOf(doctor);
}

/** Reads the chart again as it is now. */
async function reload(page, place) {
  await page.reload();
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
  await go(page, place);
}

test("a hospital, two of its doctors, and a patient with two records", async ({ person }) => {
  const registrar = await person(REGISTRAR);
  await connect(registrar, PEOPLE.registrar);
  await go(registrar, "Hospitals");
  await registrar.getByRole("button", { name: "Add hospital" }).click();
  const dialog = registrar.getByRole("dialog", { name: "Add a hospital" });
  await dialog.getByLabel("Name").fill(HOSPITAL);
  await dialog.getByLabel("Address").fill("Parkallee 3, 20144 Hamburg");
  await dialog.getByRole("button", { name: "Add hospital" }).click();
  await wallet.confirm(registrar);
  await expect(row(registrar, HOSPITAL)).toBeVisible();
  await joins(person, HALE, "HH-61001");
  await joins(person, ORTIZ, "HH-61002");

  const page = await person(NAME);
  await connect(page, "Someone new");
  await register(page, PATIENT(NAME, "1956-03-12"), PROMPTS.patient);
  await expect(page.getByRole("heading", { level: 1, name: /, Marta$/ })).toBeVisible();
  await addRecord(page, real("lipid-panel.json"), "Lipid panel");
  await addRecord(page, real("blood-count.pdf"), "Full blood count");
});

test("the doctors of the hospital are given a folder in one step", async ({ person }) => {
  const page = await person(NAME);
  await go(page, "People");
  await page.getByRole("link", { name: "Find somebody" }).click();
  await page.getByRole("radio", { name: "Hospitals" }).check();
  await page.getByRole("link", { name: HOSPITAL }).click();
  await page.getByRole("button", { name: /^Share with its/ }).click();
  const dialog = page.getByRole("dialog", { name: new RegExp(`with the doctors of ${HOSPITAL}$`) });
  await dialog.getByRole("checkbox", { name: /Folder General/ }).uncheck();
  await dialog.getByRole("checkbox", { name: /Folder Laboratory/ }).check();
  await dialog.getByRole("radio", { name: "1 year" }).check();
  await dialog.getByRole("button", { name: "Share", exact: true }).click();
  await wallet.confirm(page);
  await expect(page.getByText(`The doctors of ${HOSPITAL} can read it now.`)).toBeVisible();
  await go(page, "People");
  for (const name of [HALE, ORTIZ]) await expect(row(page, name)).toContainText("Laboratory");
});

test("one who joins is asked about, declined once, and given the same", async ({ person }) => {
  await joins(person, WINTER, "HH-61003");
  const page = await person(NAME);
  await reload(page, "Home");
  const asked = page.getByRole("main").getByText(`${WINTER} joined ${HOSPITAL}.`);
  await expect(asked).toBeVisible();
  await expect(page.getByRole("main")).toContainText(/Share Laboratory with them too, until .*\?/);
  await expect(page.getByText("Something needs your decision.")).toBeVisible();
  await looksRight(page, "patient-home-joined");
  await page.getByRole("button", { name: `Share ${WINTER}` }).click();
  await wallet.decline(page);
  const sharing = sheet(page, `Sharing Laboratory with ${WINTER}`);
  await expect(sharing).toContainText("You declined in the wallet. Nothing was changed.");
  await expect(asked).toBeVisible();
  await sharing.getByRole("button", { name: "Try again" }).click();
  await wallet.confirm(page);
  await expect(page.getByText(`${WINTER} can read Laboratory now.`)).toBeVisible();
  await expect(asked).toBeHidden();
  await go(page, "People");
  await expect(row(page, WINTER)).toContainText("Laboratory");
});

test("a term is changed to each of the others", async ({ person }) => {
  const page = await person(NAME);
  const until = row(page, WINTER).locator(".row__fact");
  for (const [choice, said] of [
    ["I revoke it", "until you revoke it"],
    ["1 day", "until "],
    ["30 days", "until "],
    ["1 year", "until "],
  ]) {
    await page.getByRole("button", { name: `Change ${WINTER}` }).click();
    const dialog = page.getByRole("dialog", { name: new RegExp(`with ${WINTER}$`) });
    await dialog.getByRole("radio", { name: choice }).check();
    if (choice === "I revoke it") await looksRight(page, "patient-change-term");
    await dialog.getByRole("button", { name: "Save change" }).click();
    await wallet.confirm(page);
    await expect(page.getByText(`The access of ${WINTER} is changed.`).last()).toBeVisible();
    await expect(until).toContainText(said);
  }
  await page.getByRole("button", { name: `Change ${WINTER}` }).click();
  const dialog = page.getByRole("dialog", { name: new RegExp(`with ${WINTER}$`) });
  await dialog.getByRole("radio", { name: "A date…" }).check();
  await dialog.getByLabel("Last day").fill("2020-01-01");
  await expect(dialog).toContainText("That day is over. Enter a later one.");
  await expect(dialog.getByRole("button", { name: "Save change" })).toBeDisabled();
  await dialog.getByRole("button", { name: "Cancel" }).click();
});

test("a doctor opens the folder, and the revocation says what could be read", async ({ person }) => {
  const doctor = await person(HALE);
  await go(doctor, "Patients");
  await doctor.getByRole("link", { name: /^Patient 0x|^Marta/ }).click();
  await doctor.getByRole("button", { name: "Open chart" }).click();
  await wallet.confirm(doctor);
  await expect(doctor.getByText(/This visit was logged at/)).toBeVisible();

  const page = await person(NAME);
  await expect(row(page, HALE)).not.toContainText("never opened");
  await page.getByRole("button", { name: `Revoke ${HALE}` }).click();
  const dialog = page.getByRole("dialog", { name: `Revoke access of ${HALE}?` });
  await expect(dialog).toContainText("It was opened once, today");
  await expect(dialog).toContainText("Two records could be read then; what was read cannot be taken back.");
  await dialog.getByText("What could be read").click();
  await expect(dialog).toContainText("Full blood count");
  await looksRight(page, "patient-revoke-opened");
  await dialog.getByRole("checkbox", { name: /Encrypt two past records anew/ }).check();
  await dialog.getByRole("button", { name: "Revoke" }).click();
  await wallet.confirm(page);
  await expect(page.getByText(`${HALE} can no longer read Laboratory.`)).toBeVisible();

  // The job begins by itself, and is declined.
  const job = sheet(page, "Encrypting past records of Laboratory anew");
  await wallet.decline(page);
  await expect(job).toContainText("0 of 2 are done.");
  await expect(job).toContainText("You declined in the wallet.");
  await looksRight(page, "patient-anew-declined");
  await job.getByRole("button", { name: "Cancel" }).click();
});

test("the job is taken up after a reload, says what it does, and ends", async ({ person }) => {
  const page = await person(NAME);
  await reload(page, "People");
  await expect(page.getByRole("heading", { name: "Past records" })).toBeVisible();
  await looksRight(page, "patient-people-past");
  await page.getByRole("button", { name: "Encrypt anew Laboratory" }).click();
  const dialog = page.getByRole("dialog", { name: "Encrypt two records of Laboratory anew?" });
  await expect(dialog).toContainText("What was read before cannot be taken back");
  await expect(dialog).toContainText("Demo wallet asks once.");
  await looksRight(page, "patient-anew");
  await dialog.getByRole("button", { name: "Encrypt anew" }).click();
  await wallet.confirm(page);
  await expect(page.getByText("The past records of Laboratory are encrypted anew.")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Past records" })).toBeHidden();

  await go(page, "Timeline");
  await expect(page.getByText("You encrypted Full blood count anew")).toBeVisible();
  await looksRight(page, "patient-timeline-anew");
  await go(page, "Records");
  await page.getByRole("link", { name: "Lipid panel" }).click();
  await expect(page.getByRole("row", { name: /^LDL cholesterol/ })).toContainText("4.05");
  // Who stays reads on.
  const doctor = await person(ORTIZ);
  await go(doctor, "Patients");
  await doctor.getByRole("link", { name: /^Patient 0x|^Marta/ }).click();
  await doctor.getByRole("button", { name: "Open chart" }).click();
  await wallet.confirm(doctor);
  await doctor.getByRole("link", { name: "Lipid panel" }).click();
  await expect(doctor.getByRole("row", { name: /^LDL cholesterol/ })).toContainText("4.05");
});

test("one who leaves is asked about: one is kept, one is revoked", async ({ person }) => {
  await leavesHospital(account[WINTER]);
  const page = await person(NAME);
  await reload(page, "People");
  const left = page.getByText(`${WINTER} left ${HOSPITAL}.`);
  await expect(left).toBeVisible();
  await expect(page.getByRole("main")).toContainText("Still reads Laboratory.");
  await looksRight(page, "patient-people-left");
  await page.getByRole("button", { name: `Keep ${WINTER}` }).click();
  await expect(left).toBeHidden();
  await expect(row(page, WINTER)).toContainText("Laboratory");

  await leavesHospital(account[ORTIZ]);
  await reload(page, "Home");
  await expect(page.getByText(`${ORTIZ} left ${HOSPITAL}.`)).toBeVisible();
  await expect(left).toBeHidden();
  await page.getByRole("button", { name: `Revoke ${ORTIZ}` }).click();
  await wallet.confirm(page);
  await expect(page.getByText(`${ORTIZ} can no longer read Laboratory.`)).toBeVisible();
  await expect(page.getByText(`${ORTIZ} left ${HOSPITAL}.`)).toBeHidden();
});

test("a relay that loses or keeps back the notebook costs conveniences alone", async ({ person }) => {
  const page = await person(NAME);
  await page.route("**/v1/notebook", (route) =>
    route.fulfill({
      status: 404,
      contentType: "application/json",
      body: JSON.stringify({ code: route.request().method() === "PUT" ? "outdated" : "not_found", message: "no" }),
    }),
  );
  await reload(page, "Home");
  await expect(page.getByText("Your notebook is not at hand.")).toBeVisible();
  await looksRight(page, "patient-home-no-notebook");
  await go(page, "Records");
  await expect(page.getByRole("link", { name: "Lipid panel" })).toBeVisible();
  await page.unroute("**/v1/notebook");
  await reload(page, "Home");
  await expect(page.getByText("Your notebook is not at hand.")).toBeHidden();
});

test("what ran out is noticed at unlock, and renewed with one button", async ({ person }) => {
  const page = await person(NAME);
  await go(page, "People");
  await page.getByRole("button", { name: `Change ${WINTER}` }).click();
  const dialog = page.getByRole("dialog", { name: new RegExp(`with ${WINTER}$`) });
  await dialog.getByRole("radio", { name: "1 day" }).check();
  await dialog.getByRole("button", { name: "Save change" }).click();
  await wallet.confirm(page);
  await expect(page.getByText(`The access of ${WINTER} is changed.`).last()).toBeVisible();
  await passDays(2);
  await reload(page, "Home");
  await expect(page.getByText("An access to Laboratory ran out.")).toBeVisible();
  await looksRight(page, "patient-home-renewal");
  await page.getByRole("button", { name: "Renew key" }).click();
  await wallet.confirm(page);
  await expect(page.getByText("Your keys fit who may read again.")).toBeVisible();
  await expect(page.getByText("An access to Laboratory ran out.")).toBeHidden();
});
