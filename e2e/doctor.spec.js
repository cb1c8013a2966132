/**
 * What a doctor writes: a diagnosis, several entries in one confirmation, the correction of an own entry; what was
 * measured, in the chart; and what waits today. With what goes wrong in between. Its people are nobody else's, so that
 * this file runs alone too.
 */
import { PATIENT, PROMPTS, connect, go, register } from "./support/acts.js";
import { PEOPLE, expect, test } from "./support/fixtures.js";
import { looksRight } from "./support/look.js";
import { wallet } from "./support/wallet.js";

test.describe.configure({ mode: "serial" });

const NAME = "Ines Albers";
const AHRENS = "Dr. Nils Ahrens";
const REGISTRAR = "Registrar of the entries";
const WORDS = "My head hurts in the morning.";
const BLOCKS = "**/v1/blocks/**";

const row = (page, text) => page.getByRole("listitem").filter({ hasText: text });
const dialogOf = (page, name) => page.getByRole("dialog", { name });
const vital = (page, word) =>
  page.getByRole("list", { name: "Newest measurements" }).getByRole("listitem").filter({ hasText: new RegExp(`^${word}`) });
const another = (page) => page.getByRole("group", { name: "Add another" });
const together = (page) => page.getByRole("group", { name: "Filed together" });
const chart = (page) => page.getByRole("heading", { level: 1, name: NAME });

async function measures(page, day, { upper, lower, weight, height }) {
  await page.getByRole("button", { name: "Add measurement" }).click();
  const dialog = dialogOf(page, "Add a measurement");
  await dialog.getByLabel("Upper (systolic)").fill(upper);
  await dialog.getByLabel("Lower (diastolic)").fill(lower);
  await dialog.getByLabel("Weight, kg").fill(weight);
  if (height) await dialog.getByLabel("Height, cm").fill(height);
  await dialog.getByLabel("Day").fill(day);
  await dialog.getByLabel("Time").fill("07:12");
  await dialog.getByRole("button", { name: "Save measurement" }).click();
  await wallet.confirm(page);
  await expect(dialog).toBeHidden();
  await expect(page.getByText("is in your chart.").first()).toBeVisible();
}

test("a doctor who is verified, and a patient who measures at home and asks for treatment", async ({ person }) => {
  const doctor = await person(AHRENS);
  await connect(doctor, "Someone new");
  const fields = { "Name with title": AHRENS, Profession: "Physician", Specialty: "Cardiology", Licence: "HH-71001" };
  await register(doctor, { role: /^Doctor/, fields: { ...fields, Languages: "German" } }, PROMPTS.professional);
  await expect(doctor.getByText("The registrar has not verified you yet")).toBeVisible();
  const registrar = await person(REGISTRAR);
  await connect(registrar, PEOPLE.registrar);
  await registrar.getByRole("button", { name: `Verify ${AHRENS}` }).click();
  await dialogOf(registrar, `Verify ${AHRENS}`).getByRole("button", { name: "Verify" }).click();
  await wallet.confirm(registrar);
  await expect(doctor.getByText("Nothing waits for you")).toBeVisible();

  const page = await person(NAME);
  await connect(page, "Someone new");
  await register(page, PATIENT(NAME, "1968-04-21"), PROMPTS.patient);
  await page.getByRole("main").getByRole("link", { name: "Say more about you" }).click();
  await measures(page, "2026-01-10", { upper: "158", lower: "96", weight: "84", height: "170" });
  await measures(page, "2026-02-10", { upper: "149", lower: "92", weight: "82,5" });

  await go(page, "Home");
  await page.getByRole("link", { name: "Ask for treatment" }).click();
  await expect(page.getByText("You have not asked for treatment yet")).toBeVisible();
  await page.getByRole("link", { name: "Ask for treatment" }).click();
  await page.getByLabel("In your own words").fill(WORDS);
  await page.getByRole("checkbox", { name: new RegExp(`^${AHRENS}`) }).check();
  await page.getByRole("checkbox", { name: /^Folder Vitals/ }).check();
  await page.getByRole("checkbox", { name: /^Folder General/ }).check();
  await page.getByRole("button", { name: "Send request" }).click();
  await wallet.confirm(page);
  await expect(row(page, WORDS)).toContainText("Pending");
});

test("the chart shows what was measured, each with its course", async ({ person }) => {
  const page = await person(AHRENS);
  await row(page, "asks you something").getByRole("link", { name: /^Open chart/ }).click();
  await page.getByRole("button", { name: "Open chart" }).click();
  await wallet.confirm(page);
  await expect(chart(page)).toBeVisible();
  await expect(page.getByRole("heading", { name: "Measurements" })).toBeVisible();
  await expect(vital(page, "Blood pressure")).toContainText("149/92 mmHg");
  await expect(vital(page, "Blood pressure")).toContainText("High");
  await expect(vital(page, "Body mass index")).toContainText("28.5");
  await expect(vital(page, "Weight")).toContainText("82.5 kg");
  await looksRight(page, "doctor-chart-measurements");

  await vital(page, "Blood pressure").getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1, name: "Blood pressure" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Upper (systolic)" })).toBeVisible();
  await expect(row(page, "158/96")).toContainText("measured by the patient");
  await expect(page.getByRole("button", { name: "Correct" })).toHaveCount(0);
  await looksRight(page, "doctor-vital");
  await page.getByRole("navigation", { name: "You are here" }).getByRole("link", { name: NAME }).click();
  await expect(chart(page)).toBeVisible();
});

test("a request that was answered by a note waits for a prescription still", async ({ person }) => {
  const page = await person(AHRENS);
  await page.getByRole("button", { name: "Note as an answer" }).click();
  const dialog = dialogOf(page, `Note for ${NAME}`);
  await dialog.getByLabel("Note", { exact: true }).fill("Please measure every morning this week.");
  await dialog.getByRole("button", { name: "File note" }).click();
  await wallet.confirm(page);
  await expect(page.getByRole("heading", { name: "Answered", exact: true })).toBeVisible();
  await go(page, "Today");
  await expect(page.getByRole("heading", { name: "Answered without a prescription" })).toBeVisible();
  await expect(row(page, WORDS)).toContainText("Answered");
  await looksRight(page, "doctor-today-answered");
});

test("several entries are written, kept over a reload, and filed with one confirmation", async ({ person }) => {
  const page = await person(AHRENS);
  await page.getByRole("button", { name: `Prescribe for ${NAME}` }).click();
  let dialog = dialogOf(page, `Prescribe for ${NAME}`);
  await expect(dialog.getByRole("checkbox", { name: `Answers “${WORDS}”` })).toBeChecked();
  await dialog.getByLabel("Medicine").fill("Ramipril 5 mg, tablet");
  // What is not finished is not put aside.
  await expect(another(dialog).getByRole("button", { name: "Diagnosis" })).toBeDisabled();
  await dialog.getByLabel("Dose").fill("1 tablet");
  await dialog.getByRole("textbox", { name: "When" }).fill("in the morning");
  await dialog.getByLabel("For", { exact: true }).fill("90 days");
  await another(dialog).getByRole("button", { name: "Diagnosis" }).click();

  dialog = dialogOf(page, `Diagnosis for ${NAME}`);
  await expect(together(dialog)).toContainText("One entry is kept and not filed yet:");
  await expect(dialog.getByRole("button", { name: "File 1 entry" })).toBeEnabled();
  await dialog.getByLabel("Diagnosis").fill("Arterial hypertension");
  await expect(together(dialog)).toContainText("Two entries will be filed together, with one confirmation.");
  await dialog.getByRole("textbox", { name: /^Code/ }).fill("high");
  await expect(dialog).toContainText("A code of ICD-10 is written like I10 or E11.9.");
  await expect(dialog.getByRole("button", { name: "File 2 entries" })).toBeDisabled();
  await looksRight(page, "doctor-diagnosis-refused");
  await dialog.getByRole("textbox", { name: /^Code/ }).fill("I10");
  await dialog.getByLabel("Since").fill("2026-01-10");
  await page.reload();
  await expect(page.getByRole("heading", { name: "Not filed yet" })).toBeVisible();
  await looksRight(page, "doctor-today-unfiled");
  await row(page, "Ramipril 5 mg, tablet, Arterial hypertension").getByRole("link").click();
  await expect(page.getByText("Ramipril 5 mg, tablet and Arterial hypertension are not filed yet.")).toBeVisible();
  await looksRight(page, "doctor-chart-unfiled");
  await page.getByRole("button", { name: "Go on writing" }).click();
  await expect(dialog.getByText("Your draft is here again.")).toBeVisible();
  await expect(dialog.getByRole("textbox", { name: /^Code/ })).toHaveValue("I10");
  await dialog.getByLabel("Remarks").fill("Measured at home, twice.");
  await looksRight(page, "doctor-diagnosis");

  // Opened again and changed, it goes on with the others, and still answers what it was written for.
  await together(dialog).getByRole("button", { name: "Change Ramipril 5 mg, tablet" }).click();
  dialog = dialogOf(page, `Prescribe for ${NAME}`);
  await expect(dialog.getByRole("checkbox", { name: `Answers “${WORDS}”` })).toBeChecked();
  await dialog.getByLabel("Route").fill("by mouth");
  await looksRight(page, "doctor-prescribe-together");
  await another(dialog).getByRole("button", { name: "Note" }).click();
  dialog = dialogOf(page, `Note for ${NAME}`);
  await dialog.getByLabel("Note", { exact: true }).fill("Begin with the half in the first week.");
  await another(dialog).getByRole("button", { name: "Plan" }).click();
  dialog = dialogOf(page, `Treatment plan for ${NAME}`);
  await together(dialog).getByRole("button", { name: "Discard Consultation note" }).click();
  await dialog.getByLabel("What it is for").fill("Less pressure");
  await dialog.getByLabel("What to do").fill("Walk 30 minutes every day\nLess salt");
  await expect(together(dialog)).toContainText("Three entries will be filed together");
  await looksRight(page, "doctor-plan-together");

  await page.route(BLOCKS, (route) => route.abort("connectionfailed"));
  await dialog.getByRole("button", { name: "File 3 entries" }).click();
  const sheet = page.getByRole("region", { name: "Filing three entries" });
  await expect(sheet).toContainText("The connection is lost. It goes on by itself when it is back.");
  await page.unrouteAll({ behavior: "wait" });
  await wallet.decline(page);
  await expect(sheet).toContainText("You declined in the wallet. Nothing was changed.");
  await expect(page.getByText("are not filed yet.")).toBeVisible();
  const again = [];
  page.on("request", (request) => request.method() === "PUT" && again.push(request.url()));
  await sheet.getByRole("button", { name: "Try again" }).click();
  await wallet.confirm(page);
  await expect(page.getByText(`Three entries are in the chart of ${NAME}.`)).toBeVisible();
  await wallet.isQuiet(page);
  // Files are not uploaded again: raw blocks begin with bafkrei.
  expect(again.filter((url) => url.includes("/bafk"))).toEqual([]);
  await expect(page.getByText("are not filed yet.")).toBeHidden();
  for (const title of ["Arterial hypertension", "Ramipril 5 mg, tablet", "Less pressure"]) {
    await expect(row(page, title).last()).toBeVisible();
  }
  await expect(page.getByRole("term").filter({ hasText: "Conditions" })).toBeVisible();
  await expect(page.getByText("You prescribed")).toContainText("Ramipril 5 mg, tablet");
  await looksRight(page, "doctor-chart-filed");
});

test("an own entry is amended: declined, kept over a reload, and filed beside it", async ({ person }) => {
  const page = await person(AHRENS);
  await page.getByRole("listitem").getByRole("link", { name: "Arterial hypertension" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Arterial hypertension" })).toBeVisible();
  await expect(page.getByText("I10").first()).toBeVisible();
  await looksRight(page, "doctor-record-own");
  await page.getByRole("button", { name: "Amend" }).click();
  const dialog = dialogOf(page, "Amend Arterial hypertension");
  await expect(dialog.getByLabel("Diagnosis")).toHaveValue("Arterial hypertension");
  await expect(dialog.getByRole("textbox", { name: /^Code/ })).toHaveValue("I10");
  await expect(dialog).toContainText("The correction goes into General, too.");
  await expect(dialog.getByRole("button", { name: "File correction" })).toBeDisabled();
  await dialog.getByLabel("Diagnosis").fill("White coat hypertension");
  await dialog.getByLabel("How sure").selectOption({ label: "Provisional" });
  await looksRight(page, "doctor-amend");
  await page.reload();
  await page.getByRole("button", { name: "Amend" }).click();
  await expect(dialog.getByText("Your draft is here again.")).toBeVisible();
  await expect(dialog.getByLabel("Diagnosis")).toHaveValue("White coat hypertension");
  await dialog.getByRole("button", { name: "File correction" }).click();
  const sheet = page.getByRole("region", { name: "Amending Arterial hypertension" });
  await wallet.decline(page);
  await expect(sheet).toContainText("You declined in the wallet. Nothing was changed.");
  await sheet.getByRole("button", { name: "Try again" }).click();
  await wallet.confirm(page);
  await expect(page.getByText("Corrected by you on")).toContainText("White coat hypertension");
  await expect(page.getByRole("button", { name: "Amend" })).toHaveCount(0);
  await looksRight(page, "doctor-record-corrected");
  await page.getByRole("link", { name: "White coat hypertension" }).click();
  await expect(page.getByText("Corrects")).toContainText("Arterial hypertension");
  await expect(page.getByRole("button", { name: "Amend" })).toBeVisible();

  // The chart tells what counts now.
  await page.getByRole("navigation", { name: "You are here" }).getByRole("link", { name: NAME }).click();
  await expect(page.getByRole("definition").filter({ hasText: "White coat hypertension" })).toBeVisible();
  await expect(page.getByRole("definition").filter({ hasText: "Arterial hypertension" })).toHaveCount(0);
  await expect(row(page, "Arterial hypertension")).toContainText("Corrected");
});

test("the patient sees both, linked, and gives no more access to what was moved", async ({ person }) => {
  const page = await person(NAME);
  await go(page, "Records");
  await expect(row(page, "White coat hypertension")).toContainText("Correction");
  await expect(row(page, "Arterial hypertension").last()).toContainText("Corrected");
  await looksRight(page, "patient-records-corrected");
  await page.getByRole("link", { name: "Arterial hypertension", exact: true }).click();
  await expect(page.getByText(`Corrected by ${AHRENS} on`)).toContainText("White coat hypertension");
  await looksRight(page, "patient-record-corrected");
});

test("a prescription is stopped, and nobody takes it for one that is taken", async ({ person }) => {
  const page = await person(AHRENS);
  await expect(page.getByRole("definition").filter({ hasText: "Ramipril" })).toBeVisible();
  await page.getByRole("listitem").getByRole("link", { name: "Ramipril 5 mg, tablet" }).click();
  await page.getByRole("button", { name: "Amend" }).click();
  const dialog = dialogOf(page, "Amend Ramipril 5 mg, tablet");
  await expect(dialog.getByLabel("Route")).toHaveValue("by mouth");
  await expect(dialog.getByLabel("For", { exact: true })).toHaveValue("90 days");
  await dialog.getByRole("radio", { name: "It was stopped" }).check();
  await looksRight(page, "doctor-amend-prescription");
  await dialog.getByRole("button", { name: "File correction" }).click();
  await wallet.confirm(page);
  await expect(page.getByText("Corrected by you on")).toBeVisible();
  await page.getByRole("link", { name: "Ramipril 5 mg, tablet" }).click();
  await expect(page.getByText("Stopped").first()).toBeVisible();
  await page.getByRole("navigation", { name: "You are here" }).getByRole("link", { name: NAME }).click();
  await expect(chart(page)).toBeVisible();
  await expect(page.getByRole("definition").filter({ hasText: "Ramipril" })).toHaveCount(0);
});
