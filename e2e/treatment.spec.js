/**
 * Asking for treatment, on both sides: a patient asks two doctors, one prescribes, another files a plan; with what goes
 * wrong in between. Its people are nobody else's, so that this file runs alone too.
 */
import { PATIENT, PROMPTS, addRecord, connect, go, real, register } from "./support/acts.js";
import { PEOPLE, expect, test } from "./support/fixtures.js";
import { looksRight } from "./support/look.js";
import { wallet } from "./support/wallet.js";

test.describe.configure({ mode: "serial" });

const NAME = "Mira Rahman";
const HOSPITAL = "Lindenklinik";
const KRAL = "Dr. Tomas Kral";
const HADDAD = "Dr. Yara Haddad";
const REGISTRAR = "Registrar of the treatments";
const DOCTOR = (name, licence) => ({
  role: /^Doctor/,
  fields: {
    "Name with title": name,
    Profession: "Physician",
    Specialty: "Pulmonology",
    Licence: licence,
    Languages: "German, Bengali",
  },
  selects: { Hospital: HOSPITAL },
});
const WORDS = "Chest feels tight on stairs. It goes away when I rest.";
const BLOCKS = "**/v1/blocks/**";

const row = (page, text) => page.getByRole("listitem").filter({ hasText: text });
const doctor = (page, name) => page.getByRole("checkbox", { name: new RegExp(`^${name}`) });
/** Some of many doctors are shown at first. */
async function lookFor(page, name) {
  await page.getByRole("searchbox").fill(name);
  await expect(doctor(page, name)).toBeVisible();
}
const alert = (page, text) => page.getByRole("alert").filter({ hasText: text });
const asking = (page) => page.getByRole("region", { name: "Asking for treatment" });

test("a hospital, a patient and two doctors of their own for these tests", async ({ person }) => {
  const registrar = await person(REGISTRAR);
  await connect(registrar, PEOPLE.registrar);
  await go(registrar, "Hospitals");
  await registrar.getByRole("button", { name: "Add hospital" }).click();
  const dialog = registrar.getByRole("dialog", { name: "Add a hospital" });
  await dialog.getByLabel("Name").fill(HOSPITAL);
  await dialog.getByLabel("Address").fill("Lindenallee 3, 20259 Hamburg");
  await dialog.getByLabel("Specialties").fill("Pulmonology");
  await dialog.getByRole("button", { name: "Add hospital" }).click();
  await wallet.confirm(registrar);
  await expect(row(registrar, HOSPITAL)).toBeVisible();

  const patient = await person(NAME);
  await connect(patient, "Someone new");
  await register(patient, PATIENT(NAME, "1979-02-17"), PROMPTS.patient);
  await expect(patient.getByRole("heading", { level: 1, name: /, Mira$/ })).toBeVisible();
  await addRecord(patient, real("lipid-panel.json"), "Lipid panel");

  await go(registrar, "To verify");
  for (const [name, licence] of [
    [KRAL, "HH-61001"],
    [HADDAD, "HH-61002"],
  ]) {
    const page = await person(name);
    await connect(page, "Someone new");
    await register(page, DOCTOR(name, licence), PROMPTS.professional);
    await expect(page.getByText("The registrar has not verified you yet")).toBeVisible();
    await registrar.getByRole("button", { name: `Verify ${name}` }).click();
    await registrar.getByRole("dialog", { name: `Verify ${name}` }).getByRole("button", { name: "Verify" }).click();
    await wallet.confirm(registrar);
    await expect(page.getByText("Nothing waits for you")).toBeVisible();
  }
});

test("nothing was asked yet: the way there, a server that is away, and nobody who matches", async ({ person }) => {
  const page = await person(NAME);
  await go(page, "Home");
  await page.getByRole("link", { name: "Ask for treatment" }).click();
  await expect(page.getByText("You have not asked for treatment yet")).toBeVisible();
  await looksRight(page, "treatment-empty");

  await page.route("**/v1/members**", (route) => route.abort("connectionfailed"));
  await page.getByRole("link", { name: "Ask for treatment" }).click();
  await expect(alert(page, "The connection to the server was lost.").first()).toBeVisible();
  await page.getByLabel("In your own words").fill("Cough");
  await page.unrouteAll({ behavior: "wait" });
  await page.getByRole("button", { name: "Try again" }).first().click();
  await lookFor(page, KRAL);
  await expect(page.getByLabel("In your own words")).toHaveValue("Cough");
  await page.getByLabel("In your own words").fill("");
  await expect(page.getByText("Say what the matter is and choose a doctor first.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Send request" })).toBeDisabled();
  await looksRight(page, "treatment-ask-empty");

  await page.getByRole("searchbox").fill("nowhere");
  await expect(page.getByText("Nobody matches")).toBeVisible();
  await looksRight(page, "treatment-ask-nobody");
  await page.getByRole("button", { name: "Show all doctors" }).click();
  await expect(page.getByRole("searchbox")).toHaveValue("");
  await lookFor(page, KRAL);
  await page.getByRole("searchbox").fill("");
});

test("what was begun is here again after a reload, and nothing of it is readable on the device", async ({ person }) => {
  const page = await person(NAME);
  await page.getByLabel("In your own words").fill(WORDS);
  await page.getByLabel("Since when").fill("last week");
  await page.getByLabel("Hospital", { exact: true }).selectOption({ label: HOSPITAL });
  await doctor(page, KRAL).check();
  await doctor(page, HADDAD).check();
  await page.getByRole("checkbox", { name: /^Folder Laboratory/ }).check();
  await expect(page.getByText(`${KRAL} and ${HADDAD} can read your request and Laboratory until`)).toBeVisible();
  await looksRight(page, "treatment-ask");

  await page.reload();
  await expect(page.getByText("Your draft is here again.")).toBeVisible();
  await expect(page.getByLabel("In your own words")).toHaveValue(WORDS);
  await expect(page.getByLabel("Since when")).toHaveValue("last week");
  await expect(doctor(page, KRAL)).toBeChecked();
  await expect(doctor(page, HADDAD)).toBeChecked();
  await expect(page.getByRole("checkbox", { name: /^Folder Laboratory/ })).toBeChecked();
  await wallet.isQuiet(page);
  const kept = await page.evaluate(async () => {
    const found = [JSON.stringify({ ...localStorage, ...sessionStorage, at: location.search + location.hash })];
    const done = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
    for (const { name } of await indexedDB.databases()) {
      const database = await done(indexedDB.open(name));
      const store = database.transaction("kept").objectStore("kept");
      const [names, values] = [await done(store.getAllKeys()), await done(store.getAll())];
      const text = values.map((value) => (value instanceof Uint8Array ? new TextDecoder("latin1").decode(value) : ""));
      found.push(JSON.stringify([names, text]));
      database.close();
    }
    return found.join("\n");
  });
  expect(kept).toContain("kept 0x");
  expect(kept).not.toContain("Chest");
  expect(kept).not.toContain("treatment");

  await page.getByRole("link", { name: "Treatment", exact: true }).click();
  await expect(page.getByText("One request is not sent yet.")).toBeVisible();
  await looksRight(page, "treatment-begun");
  await page.getByRole("link", { name: "Go on writing" }).click();
});

test("the connection is lost, the wallet declines, and it is sent in one confirmation", async ({ person }) => {
  const page = await person(NAME);
  await expect(page.getByLabel("In your own words")).toHaveValue(WORDS);
  await page.route(BLOCKS, (route) => route.abort("connectionfailed"));
  await page.getByRole("button", { name: "Send request" }).click();
  await expect(asking(page)).toContainText("The connection is lost. It goes on by itself when it is back.");
  await page.unrouteAll({ behavior: "wait" });
  await wallet.decline(page);
  await expect(asking(page)).toContainText("You declined in the wallet. Nothing was changed.");
  await expect(page.getByText("You have not asked for treatment yet")).toBeVisible();
  await expect(page.getByText("One request is not sent yet.")).toBeVisible();
  const again = [];
  page.on("request", (request) => request.method() === "PUT" && again.push(request.url()));
  await asking(page).getByRole("button", { name: "Try again" }).click();
  await wallet.confirm(page);
  await expect(page.getByText("Your request is sent.")).toBeVisible();
  await wallet.isQuiet(page);
  // The complaint itself is not uploaded again: raw blocks begin with bafkrei.
  expect(again.filter((url) => url.includes("/bafk"))).toEqual([]);

  const asked = row(page, "Chest feels tight");
  await expect(asked).toContainText("Pending");
  await expect(asked).toContainText(`asked of ${KRAL} and ${HADDAD} · with Laboratory`);
  await expect(page.getByText("One request is not sent yet.")).toBeHidden();
  await looksRight(page, "treatment-pending");
  await go(page, "Home");
  await expect(page.getByText("You asked for treatment and wait for an answer.")).toBeVisible();
  await expect(row(page, "Chest feels tight")).toContainText("Pending");
  await looksRight(page, "patient-home-treatment");
});

test("the doctor is told that somebody asks, and reads it once the visit is logged", async ({ person }) => {
  const page = await person(KRAL);
  await expect(page.getByRole("heading", { name: "Waiting for you" })).toBeVisible();
  const waiting = page.getByRole("listitem").filter({ hasText: "asks you something" });
  await expect(waiting).toContainText("shares Laboratory");
  // Nothing is asked of the wallet, and nothing is known yet.
  await wallet.isQuiet(page);
  await expect(page.getByText("Chest")).toHaveCount(0);
  await looksRight(page, "doctor-today-asked");
  await waiting.getByRole("link", { name: /^Open chart/ }).click();
  await page.getByRole("button", { name: "Open chart" }).click();
  await wallet.decline(page);
  await expect(page.getByText("You declined in the wallet. Nothing was changed.")).toBeVisible();
  await page.getByRole("button", { name: "Try again" }).click();
  await wallet.confirm(page);
  await expect(page.getByRole("heading", { level: 1, name: NAME })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Needs you" })).toBeVisible();
  await expect(page.getByText(`“${WORDS}”`)).toBeVisible();
  await expect(page.getByText("since last week · asked")).toContainText(`also asked of ${HADDAD}`);
  await looksRight(page, "doctor-chart-needs");
  await go(page, "Today");
  await expect(row(page, "“Chest feels tight")).toContainText("Pending");
  await looksRight(page, "doctor-today-waiting");
});

test("a prescription is begun, kept over a reload, declined, and turns the request to prescribed", async ({ person }) => {
  const page = await person(KRAL);
  await page.getByRole("button", { name: `Prescribe for ${NAME}` }).click();
  const dialog = page.getByRole("dialog", { name: `Prescribe for ${NAME}` });
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeVisible();
  await dialog.getByLabel("Medicine").fill("Salbutamol 100 µg, inhaler");
  await dialog.getByLabel("Dose").fill("2 puffs");
  await dialog.getByRole("button", { name: "Keep as draft" }).click();
  await page.reload();
  await page.getByRole("link", { name: NAME }).first().click();
  await page.getByRole("button", { name: "Prescribe as an answer" }).click();
  await expect(dialog.getByText("Your draft is here again.")).toBeVisible();
  await expect(dialog.getByLabel("Medicine")).toHaveValue("Salbutamol 100 µg, inhaler");
  await dialog.getByRole("textbox", { name: "When" }).fill("when it gets tight");
  await expect(dialog.getByRole("checkbox", { name: /^Answers “Chest feels tight/ })).toBeChecked();
  await looksRight(page, "doctor-prescribe-answer");
  await dialog.getByRole("button", { name: "Prescribe" }).click();
  await wallet.decline(page);
  const sheet = page.getByRole("region", { name: "Filing Salbutamol 100 µg, inhaler" });
  await expect(sheet).toContainText("You declined in the wallet.");
  await expect(page.getByRole("heading", { name: "Needs you" })).toBeVisible();
  await sheet.getByRole("button", { name: "Try again" }).click();
  await wallet.confirm(page);
  await expect(page.getByRole("heading", { name: "Answered", exact: true })).toBeVisible();
  await expect(page.getByText("You prescribed")).toContainText("Salbutamol 100 µg, inhaler");
  await looksRight(page, "doctor-chart-prescribed");
  await go(page, "Today");
  await expect(page.getByRole("heading", { name: "Waiting for you" })).toBeHidden();
});

test("the patient sees it at once, and who prescribed what", async ({ person }) => {
  const page = await person(NAME);
  await expect(row(page, "Chest feels tight").first()).toContainText("Prescribed");
  await page.getByRole("link", { name: "All requests" }).click();
  const asked = row(page, "Chest feels tight");
  await expect(asked).toContainText(`${KRAL} prescribed Salbutamol 100 µg, inhaler`);
  await expect(asked.getByRole("button", { name: "Withdraw" })).toHaveCount(0);
  await looksRight(page, "treatment-prescribed");
  await asked.getByRole("link", { name: "Salbutamol 100 µg, inhaler" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Salbutamol 100 µg, inhaler" })).toBeVisible();
});

test("from a doctor's page: one who is suspended meanwhile is taken out, and nothing that was written is lost", async ({
  person,
}) => {
  const page = await person(NAME);
  await go(page, "People");
  await page.getByRole("link", { name: "Find somebody" }).click();
  await page.getByRole("link", { name: KRAL }).click();
  await page.getByRole("link", { name: "Ask for treatment" }).click();
  await expect(doctor(page, KRAL)).toBeChecked();
  await page.getByLabel("In your own words").fill("How should I train?");
  await lookFor(page, HADDAD);
  await doctor(page, HADDAD).check();

  const registrar = await person(REGISTRAR);
  await go(registrar, "Members");
  await registrar.getByRole("button", { name: `Suspend ${KRAL}` }).click();
  await registrar.getByRole("dialog", { name: `Suspend ${KRAL}` }).getByRole("button", { name: "Suspend" }).click();
  await wallet.confirm(registrar);
  await expect(registrar.getByRole("button", { name: `Reinstate ${KRAL}` })).toBeVisible();

  await page.getByRole("button", { name: "Send request" }).click();
  await expect(alert(page, `${KRAL} is not verified at present and cannot be asked.`)).toBeVisible();
  await wallet.isQuiet(page);
  await expect(page.getByLabel("In your own words")).toHaveValue("How should I train?");
  await expect(doctor(page, KRAL)).toHaveCount(0);
  await looksRight(page, "treatment-ask-suspended");
  await page.getByRole("button", { name: "Send request" }).click();
  await wallet.confirm(page);
  await expect(row(page, "How should I train?")).toContainText(`asked of ${HADDAD}`);
  await registrar.getByRole("button", { name: `Reinstate ${KRAL}` }).click();
  await wallet.confirm(registrar);
});

test("the other doctor answers with a treatment plan", async ({ person }) => {
  const page = await person(HADDAD);
  await page.getByRole("listitem").filter({ hasText: "asks you something" }).getByRole("link", { name: /^Open chart/ }).click();
  await page.getByRole("button", { name: "Open chart" }).click();
  await wallet.confirm(page);
  // What the first one was asked too is not answered for this one, who cannot read the prescription.
  await expect(page.getByRole("heading", { name: "Needs you" })).toHaveCount(2);
  const need = page.getByRole("region", { name: "How should I train?" });
  await need.getByRole("button", { name: "Plan as an answer" }).click();
  const dialog = page.getByRole("dialog", { name: `Treatment plan for ${NAME}` });
  await dialog.getByLabel("What it is for").fill("More breath");
  await dialog.getByLabel("What to do").fill("Walk 30 minutes every day\nBreathe out slowly");
  await dialog.getByLabel("Advice to the patient").fill("Stop when it hurts.");
  await expect(dialog.getByRole("checkbox", { name: "Answers “How should I train?”" })).toBeChecked();
  await looksRight(page, "doctor-plan");
  await dialog.getByRole("button", { name: "File plan" }).click();
  await wallet.confirm(page);
  await expect(need).toContainText("Planned");

  const patient = await person(NAME);
  await expect(row(patient, "How should I train?")).toContainText("Planned");
  await expect(row(patient, "How should I train?")).toContainText(`${HADDAD} planned More breath`);
});

test("a request is given more time, and withdrawn with what was shared for it", async ({ person }) => {
  const page = await person(NAME);
  await page.getByRole("link", { name: "Ask for treatment" }).click();
  await page.getByLabel("In your own words").fill("I sleep badly.");
  await lookFor(page, HADDAD);
  await doctor(page, HADDAD).check();
  await page.getByRole("checkbox", { name: /^Folder General/ }).check();
  await page.getByRole("button", { name: "Send request" }).click();
  await wallet.confirm(page);
  const asked = row(page, "I sleep badly.");
  await expect(asked).toContainText("Pending");

  await asked.getByRole("button", { name: "Extend" }).click();
  const extending = page.getByRole("dialog", { name: "Give more time" });
  await extending.getByRole("radio", { name: "1 year" }).check();
  await looksRight(page, "treatment-extend");
  await extending.getByRole("button", { name: "Extend" }).click();
  await wallet.confirm(page);
  await expect(page.getByText("They can read your request again.")).toBeVisible();

  await asked.getByRole("button", { name: "Withdraw" }).click();
  const dialog = page.getByRole("dialog", { name: "Withdraw this request" });
  await expect(dialog.getByRole("checkbox", { name: /^Revoke General too/ })).toBeChecked();
  await looksRight(page, "treatment-withdraw");
  await dialog.getByRole("button", { name: "Withdraw" }).click();
  await wallet.decline(page);
  const sheet = page.getByRole("region", { name: "Withdrawing your request" });
  await expect(sheet).toContainText("You declined in the wallet. Nothing was changed.");
  await expect(asked).toContainText("Pending");
  await sheet.getByRole("button", { name: "Try again" }).click();
  await wallet.confirm(page);
  await expect(asked).toContainText("Withdrawn");
  await looksRight(page, "treatment-withdrawn");

  const doctorPage = await person(HADDAD);
  await expect(doctorPage.getByText("I sleep badly.")).toHaveCount(0);
});
