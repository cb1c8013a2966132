/**
 * What a FHIR document says: a report with its trends, a summary in sections, a plan, hundreds of entries, hostile ones;
 * and a doctor who marks a report as checked. Its people are nobody else's, so that this file runs alone too.
 */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { PATIENT, PROMPTS, chooseRecord, connect, go, register } from "./support/acts.js";
import { PEOPLE, expect, test } from "./support/fixtures.js";
import { looksRight } from "./support/look.js";
import { wallet } from "./support/wallet.js";

test.describe.configure({ mode: "serial" });

const NAME = "Femke Aalders";
const DOCTOR = "Dr. Ruth Adeyemi";
const REGISTRAR = "Registrar of the readers";

/** A file of the unit tests. */
const document = (name) => fileURLToPath(new URL(`../crates/app/vectors/fhir/${name}`, import.meta.url));

const json = (name, value) => ({ name, mimeType: "application/fhir+json", buffer: Buffer.from(value) });

/** Adds one file under a title of our own, once the one that the file suggests is there. */
async function add(page, file, title, suggested) {
  const folder = "General";
  const dialog = await chooseRecord(page, file);
  if (suggested) await expect(dialog.getByLabel("Title")).toHaveValue(suggested);
  await dialog.getByLabel("Title").fill(title);
  await dialog.getByRole("radio", { name: folder }).check();
  await dialog.getByRole("button", { name: "Add record" }).click();
  await wallet.confirm(page);
  await expect(page.getByText(`${title} is in your chart.`)).toBeVisible();
}

async function open(page, title) {
  await go(page, "Records");
  await page.getByRole("main").getByRole("link", { name: title, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
}

const group = (page, title) =>
  page.locator("section").filter({ has: page.getByRole("heading", { level: 2, name: title, exact: true }) });

/** A history as a hospital hands it out: a Bundle of hundreds of resources, the oldest first. */
function history() {
  const entry = [{ resource: { resourceType: "Patient", name: [{ given: ["Femke"], family: "Aalders" }], birthDate: "1958" } }];
  for (let at = 0; at < 120; at++) {
    const day = new Date(Date.UTC(2006, at * 2, 3)).toISOString().slice(0, 10);
    entry.push({
      resource: {
        resourceType: "Encounter",
        status: "finished",
        class: { code: "AMB" },
        type: [{ text: `Visit ${at + 1}` }],
        period: { start: day, end: day },
      },
    });
    entry.push({
      resource: {
        resourceType: "Observation",
        status: "final",
        code: { text: "Body weight", coding: [{ system: "http://loinc.org", code: "29463-7" }] },
        effectiveDateTime: day,
        valueQuantity: { value: 70 + (at % 9), unit: "kg", system: "http://unitsofmeasure.org", code: "kg" },
      },
    });
    entry.push({
      resource: { resourceType: "Immunization", status: "completed", vaccineCode: { text: `Vaccine ${at}` }, occurrenceDateTime: day },
    });
  }
  return JSON.stringify({ resourceType: "Bundle", type: "searchset", entry });
}

test("a patient with three reports, added at once", async ({ person }) => {
  const page = await person(NAME);
  await connect(page, "Someone new");
  await register(page, PATIENT(NAME, "1958-06-21"), PROMPTS.patient);
  await expect(page.getByRole("heading", { level: 1, name: /, Femke$/ })).toBeVisible();
  const files = [1, 2, 3].map((number) => document(`metabolic-${number}.json`));
  await go(page, "Records");
  await page.getByRole("button", { name: "Add record" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Choose files").setInputFiles(files);
  for (const number of [1, 2, 3]) {
    await dialog.getByRole("group", { name: `metabolic-${number}.json` }).getByLabel("Title").fill(`Metabolic panel ${number}`);
  }
  await dialog.getByRole("button", { name: "Add 3 records" }).click();
  await wallet.confirm(page);
  await expect(page.getByText("Three records are in your chart.")).toBeVisible();
});

test("a report is one table, as written, with flags in words", async ({ person }) => {
  const page = await person(NAME);
  await open(page, "Metabolic panel 3");
  const row = (name) => page.getByRole("row").filter({ has: page.getByRole("rowheader", { name }) });
  await expect(row(/^LDL cholesterol/)).toContainText("4.05");
  await expect(row(/^LDL cholesterol/)).toContainText("High");
  await expect(row(/^Cholesterol, total/)).toContainText("6.30");
  await expect(row(/^Potassium/)).toContainText("Critical");
  await expect(row(/^Thyrotropin/)).toContainText("Entered in error");
  await expect(row(/^Ferritin/)).toContainText("Not measured");
  await expect(row(/^Measles/)).toContainText("1 : 128");
  await expect(page.getByText("Potassium is far too high: please repeat at once.")).toBeVisible();
  await looksRight(page, "fhir-report");
});

test("a press on a measurement opens its course, in words and as a table too", async ({ person }) => {
  const page = await person(NAME);
  await page.getByRole("button", { name: "LDL cholesterol, earlier values" }).press("Enter");
  const dialog = page.getByRole("dialog", { name: "LDL cholesterol" });
  await expect(dialog).toContainText("Three values from 11 March 2025 to 3 March 2026, between 3.62 and 4.05 mmol/L.");
  await expect(dialog).toContainText("The newest is 4.05 mmol/L, above the range.");
  await dialog.getByText("Values as a table").click();
  await expect(dialog.getByRole("row", { name: "2 September 2025" })).toContainText("3.91 mmol/L");
  await looksRight(page, "fhir-trend");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  // The first glucose was measured in another unit: it is no part of this line.
  await page.getByRole("cell", { name: /^5\.60/ }).click();
  const glucose = page.getByRole("dialog", { name: "Glucose" });
  await expect(glucose).toContainText("Two values from 2 September 2025");
  await glucose.getByRole("button", { name: "Close" }).click();
  // Without earlier values there is nothing to open.
  await expect(page.getByRole("button", { name: /^Potassium/ })).toHaveCount(0);
});

test("a patient summary has its sections in order, what unfolds and what was a mistake", async ({ person }) => {
  const page = await person(NAME);
  await add(page, document("ips.json"), "Summary of Amara", "Patient summary");
  await open(page, "Summary of Amara");
  await expect(page.getByRole("heading", { level: 2, name: "Medicines" })).toBeVisible();
  const titles = await page.locator(".group h2").allInnerTexts();
  expect(titles.slice(0, 5)).toEqual(["Medicines", "Allergies and intolerances", "Problems", "Vaccinations", "Results"]);
  await group(page, "Medicines").getByText("Atorvastatin 20 mg tablet").click();
  await expect(group(page, "Medicines").getByText("1 tablet, once a day, in the evening").last()).toBeVisible();
  await expect(group(page, "Results").getByRole("row", { name: /^Blood pressure/ })).toContainText("138/92");
  await expect(page.getByText("This was entered in error. Do not rely on it.")).toBeVisible();
  await looksRight(page, "fhir-summary");
});

test("a treatment plan says what is to be done", async ({ person }) => {
  const page = await person(NAME);
  await add(page, document("care-plan.json"), "Plan");
  await open(page, "Plan");
  await expect(page.getByText("Brisk walking: in progress, 5 times a week, for 30 minutes each time")).toBeVisible();
  await expect(page.getByText("90 tablets, for 90 days, 3 repeats")).toBeVisible();
  await looksRight(page, "fhir-plan");
});

test("hundreds of entries are grouped, newest first, and drawn in portions", async ({ person }) => {
  const page = await person(NAME);
  await add(page, json("history.json", history()), "History");
  await open(page, "History");
  const visits = group(page, "Visits");
  await expect(visits.getByText("120", { exact: true })).toBeVisible();
  await expect(visits.getByRole("listitem").first()).toContainText("Visit 120");
  await expect(visits.getByRole("listitem")).toHaveCount(8);
  await looksRight(page, "fhir-history");
  await visits.getByRole("button", { name: "Show 50 more" }).click();
  await expect(visits.getByRole("listitem")).toHaveCount(58);
  await visits.getByRole("button", { name: "Show 50 more" }).click();
  await visits.getByRole("button", { name: "Show all 120" }).click();
  await expect(visits.getByRole("listitem")).toHaveCount(120);
  await expect(group(page, "Results").getByRole("table")).toHaveCount(3);
});

test("what is hostile is shown as what is written, and runs nothing", async ({ person }) => {
  const page = await person(NAME);
  let alerts = 0;
  page.on("dialog", (dialog) => {
    alerts += 1;
    dialog.dismiss();
  });
  await add(page, document("hostile.json"), "<img src=x onerror=alert(0)>");
  await open(page, "<img src=x onerror=alert(0)>");
  await expect(page.getByText("<img src=x onerror=alert(1)>").first()).toBeVisible();
  await expect(page.getByText("120000000000000000001")).toBeVisible();
  await expect(page.getByRole("main").locator("img, script, iframe, object")).toHaveCount(0);
  await expect(page.getByRole("main").locator('a[href^="javascript:"]')).toHaveCount(0);
  expect(alerts).toBe(0);

  const bomb = `{"resourceType":"Bundle","entry":${"[".repeat(200_000)}`;
  await add(page, json("bomb.json", bomb), "Nested");
  await open(page, "Nested");
  await expect(page.getByText("This document is nested so deeply that it is not opened here")).toBeVisible();
  await add(page, json("none.json", "no JSON at all"), "Damaged");
  await open(page, "Damaged");
  await expect(page.getByText("it is damaged and cannot be read. You can download it.")).toBeVisible();
  await looksRight(page, "fhir-refused");
});

test("a doctor of these tests, who is given the laboratory's folder", async ({ person }) => {
  const doctor = await person(DOCTOR);
  await connect(doctor, "Someone new");
  const fields = { "Name with title": DOCTOR, Profession: "Physician", Specialty: "Internal medicine", Licence: "HH-61200" };
  await register(doctor, { role: /^Doctor/, fields }, PROMPTS.professional);
  const registrar = await person(REGISTRAR);
  await connect(registrar, PEOPLE.registrar);
  await registrar.getByRole("button", { name: `Verify ${DOCTOR}` }).click();
  await registrar.getByRole("dialog", { name: `Verify ${DOCTOR}` }).getByRole("button", { name: "Verify" }).click();
  await wallet.confirm(registrar);
  await expect(registrar.getByRole("button", { name: `Verify ${DOCTOR}` })).toBeHidden();

  const page = await person(NAME);
  await go(page, "People");
  await page.getByRole("link", { name: "Find somebody" }).click();
  await page.getByRole("link", { name: DOCTOR }).click();
  await page.getByRole("button", { name: /^Share/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("checkbox", { name: /Laboratory/ }).check();
  await dialog.getByRole("button", { name: "Share", exact: true }).click();
  await wallet.confirm(page);
});

test("the doctor marks a report as checked, after declining once", async ({ person }) => {
  const page = await person(DOCTOR);
  await go(page, "Patients");
  await page.getByRole("link", { name: /^(Femke Aalders|Patient 0x)/ }).click();
  await page.getByRole("button", { name: "Open chart" }).click();
  await wallet.confirm(page);
  await page.getByRole("link", { name: "Metabolic panel 3" }).click();
  await page.getByRole("button", { name: "Mark as checked" }).click();
  const dialog = page.getByRole("dialog", { name: "Mark this record as checked?" });
  await looksRight(page, "fhir-check");
  await dialog.getByRole("button", { name: "Mark as checked" }).click();
  await wallet.decline(page);
  const sheet = page.getByRole("region", { name: "Marking Metabolic panel 3 as checked" });
  await expect(sheet).toContainText("You declined in the wallet. Nothing was changed.");
  await sheet.getByRole("button", { name: "Try again" }).click();
  await wallet.confirm(page);
  await expect(page.getByRole("link", { name: /^Checked by you on / })).toBeVisible();
  await expect(page.getByRole("button", { name: "Mark as checked" })).toHaveCount(0);
  await looksRight(page, "fhir-checked-doctor");
});

test("the patient sees who checked it, and it stays through a new title", async ({ person }) => {
  const page = await person(NAME);
  await go(page, "Records");
  const row = page.getByRole("listitem").filter({ hasText: "Metabolic panel 3" });
  await expect(row).toHaveCount(1);
  await expect(row).toContainText("Checked");
  await open(page, "Metabolic panel 3");
  await page.getByRole("button", { name: "Details" }).click();
  await expect(page.getByText("Entry before it")).toBeVisible();
  await looksRight(page, "fhir-checked");
  await page.getByRole("link", { name: new RegExp(`^Checked by ${DOCTOR} on `) }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Checked: Metabolic panel 3" })).toBeVisible();
  await page.getByRole("main").getByRole("link", { name: "Metabolic panel 3", exact: true }).click();
  await page.getByRole("button", { name: "Rename" }).click();
  const dialog = page.getByRole("dialog", { name: "Rename this record" });
  await dialog.getByLabel("Title").fill("Blood, March");
  await dialog.getByRole("button", { name: "Rename" }).click();
  await wallet.confirm(page);
  await expect(page.getByRole("heading", { level: 1, name: "Blood, March" })).toBeVisible();
  await expect(page.getByRole("link", { name: new RegExp(`^Checked by ${DOCTOR} on `) })).toBeVisible();
  await expect(page.getByText(/renamed by you on/)).toBeVisible();
});

test("moving to Private says that nobody is given it there", async ({ person }) => {
  const page = await person(NAME);
  await page.getByRole("button", { name: "Move", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Move to another folder" });
  await dialog.getByRole("radio", { name: /^Private/ }).check();
  await expect(dialog).toContainText("Private is never shared as a whole, so nobody else is given it there.");
  await expect(dialog).not.toContainText("Who reads Private");
  await looksRight(page, "fhir-move");
  await dialog.getByRole("button", { name: "Cancel" }).click();
});

test("the file is still the one that was added", async ({ person }) => {
  const page = await person(NAME);
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download" }).click();
  const saved = await readFile(await (await downloading).path());
  expect(saved.equals(await readFile(document("metabolic-3.json")))).toBe(true);
});
