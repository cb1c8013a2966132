/** A patient says who they are, measures, and takes over what a hospital wrote; with what can go wrong on the way. */
import { readFile } from "node:fs/promises";
import { PATIENT, PROMPTS, connect, go, real, register } from "./support/acts.js";
import { expect, test } from "./support/fixtures.js";
import { looksRight } from "./support/look.js";
import { wallet } from "./support/wallet.js";

test.describe.configure({ mode: "serial" });

/** An account that was nobody before. */
const NAME = "Lena Vogt";

const main = (page) => page.getByRole("main");
const row = (page, name) => main(page).getByRole("listitem").filter({ hasText: name });
const newest = (page, name) =>
  main(page).getByRole("listitem").filter({ has: page.getByRole("link", { name, exact: true }) });
const fact = (page, name) => main(page).getByRole("row", { name: new RegExp(`^${name} `) });
const card = (page, name) => main(page).locator("section").filter({ has: page.getByRole("heading", { name, exact: true }) }).last();
const measurement = (page) => page.getByRole("button", { name: "Add measurement" });

/** Chooses a file that is made of these words. */
const choose = (dialog, name, text) =>
  dialog.getByLabel("Choose a file").setInputFiles({ name, mimeType: "application/json", buffer: Buffer.from(text) });

/** Tries to leave the page; says no when the browser asks whether to. */
async function staysWhenAsked(page) {
  const asked = page.waitForEvent("dialog");
  await page.evaluate(() => void setTimeout(() => location.reload()));
  const dialog = await asked;
  expect(dialog.type()).toBe("beforeunload");
  await dialog.dismiss();
}

test("a new patient is led to the page about them, which says what is missing", async ({ person }) => {
  const page = await person(NAME);
  await connect(page, "Someone new");
  await register(page, PATIENT(NAME, "1975-03-09"), PROMPTS.patient);
  await main(page).getByRole("link", { name: "Say more about you" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "About me" })).toBeVisible();
  await expect(fact(page, "Name")).toContainText(NAME);
  await expect(fact(page, "Born")).toContainText(/9 March 1975, \d\d years old/);
  await expect(fact(page, "Email")).toContainText("not said");
  await expect(page.getByText("Nothing measured yet")).toBeVisible();
  await looksRight(page, "about-empty");
  await go(page, "Settings");
  await page.getByRole("main").getByRole("link", { name: "About me" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "About me" })).toBeVisible();
});

test("what cannot be is refused, and what was typed survives a no in the wallet", async ({ person }) => {
  const page = await person(NAME);
  await page.getByRole("button", { name: "Edit you" }).click();
  const dialog = page.getByRole("dialog", { name: "Who you are" });
  await dialog.getByLabel("Birth date").fill("2999-01-01");
  await dialog.getByLabel("Email").fill("lena at home");
  await dialog.getByLabel("Telephone").fill("call me");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toContainText("This day is still to come.");
  await expect(dialog).toContainText("Enter an address such as name@example.org.");
  await expect(dialog).toContainText("Enter a number such as +49 30 1234.");
  await looksRight(page, "about-you-refused");
  await wallet.isQuiet(page);
  await staysWhenAsked(page);
  await expect(dialog.getByLabel("Telephone")).toHaveValue("call me");

  await dialog.getByLabel("Birth date").fill("1975-03-09");
  await dialog.getByLabel("Email").fill("");
  await dialog.getByLabel("Telephone").fill("+49 40 5550 410");
  await dialog.getByLabel("Address").fill("Deichstr. 20, 20459 Hamburg");
  await dialog.getByLabel("Sex").selectOption({ label: "Female" });
  await dialog.getByRole("button", { name: "Save" }).click();
  await wallet.decline(page);
  const sheet = page.getByRole("region", { name: "Saving who you are" });
  await expect(sheet).toContainText("You declined in the wallet. Nothing was changed.");
  await expect(fact(page, "Address")).toContainText("not said");
  await sheet.getByRole("button", { name: "Cancel" }).click();

  await page.getByRole("button", { name: "Edit you" }).click();
  await expect(dialog).toContainText("It is not saved yet.");
  await expect(dialog.getByLabel("Address")).toHaveValue("Deichstr. 20, 20459 Hamburg");
  await dialog.getByRole("button", { name: "Save" }).click();
  await wallet.confirm(page);
  await expect(fact(page, "Address")).toContainText("Deichstr. 20, 20459 Hamburg");
  await expect(fact(page, "Sex")).toContainText("Female");
});

test("allergies are told line by line, and stand on the emergency card", async ({ person }) => {
  const page = await person(NAME);
  await page.getByRole("button", { name: "Edit allergies" }).click();
  const dialog = page.getByRole("dialog", { name: "Allergies" });
  await dialog.getByLabel("Allergies").fill("Nuts, swelling\n\n<i>Latex</i>");
  await looksRight(page, "about-allergies");
  await dialog.getByRole("button", { name: "Save" }).click();
  await wallet.confirm(page);
  await expect(card(page, "Allergies").getByRole("listitem")).toHaveText(["Nuts, swelling", "<i>Latex</i>"]);
  await page.getByRole("button", { name: "Edit in an emergency" }).click();
  const emergency = page.getByRole("dialog", { name: "In an emergency" });
  await emergency.getByRole("group", { name: "Person to call 1" }).getByLabel("Called").fill("Ida Vogt");
  await looksRight(page, "about-emergency");
  await emergency.getByRole("button", { name: "Save" }).click();
  await wallet.confirm(page);
  await expect(fact(page, "To call")).toContainText("Ida Vogt");
  await page.getByRole("main").getByRole("link", { name: "Emergency card" }).click();
  await expect(page.getByText("Nuts, swelling")).toBeVisible();
  await page.getByRole("main").getByRole("link", { name: "About me" }).click();
});

test("impossible numbers are refused; a comma is a point; a lost connection comes back", async ({ person }) => {
  const page = await person(NAME);
  await measurement(page).click();
  const dialog = page.getByRole("dialog", { name: "Add a measurement" });
  await looksRight(page, "about-measure");
  await dialog.getByRole("button", { name: "Save measurement" }).click();
  await expect(dialog).toContainText("Enter at least one value.");
  await dialog.getByLabel("Upper (systolic)").fill("80");
  await dialog.getByLabel("Lower (diastolic)").fill("120");
  await dialog.getByLabel("Height, cm").fill("1,68");
  await dialog.getByLabel("Pulse, per minute").fill("fast");
  await dialog.getByLabel("Day").fill("2999-01-01");
  await dialog.getByRole("button", { name: "Save measurement" }).click();
  await expect(dialog).toContainText("Are the two swapped?");
  await expect(dialog).toContainText("Height of 1.68 cm cannot be right");
  await expect(dialog).toContainText("Enter a number such as 72.");
  await expect(dialog).toContainText("This day is still to come.");
  await looksRight(page, "about-measure-refused");
  await staysWhenAsked(page);

  await dialog.getByLabel("Upper (systolic)").fill("128");
  await dialog.getByLabel("Lower (diastolic)").fill("82");
  await dialog.getByLabel("Height, cm").fill("168");
  await dialog.getByLabel("Pulse, per minute").fill("");
  await dialog.getByLabel("Weight, kg").fill("77,50");
  await dialog.getByLabel("Day").fill("2025-06-15");
  await dialog.getByLabel("Time").fill("07:12");
  await page.route("**/v1/blocks/**", (route) => route.abort());
  await dialog.getByRole("button", { name: "Save measurement" }).click();
  const sheet = page.getByRole("region", { name: /^Saving blood pressure/ });
  await expect(sheet).toBeVisible();
  await page.unroute("**/v1/blocks/**");
  await wallet.confirm(page);
  await expect(newest(page, "Blood pressure")).toContainText("128/82");
  await expect(newest(page, "Blood pressure")).toContainText("In range");
  await expect(newest(page, "Blood pressure")).toContainText("measured by you");
  await expect(newest(page, "Weight")).toContainText("77.50");
  await expect(newest(page, "Body mass index")).toContainText("27.5");
  await expect(newest(page, "Body mass index")).toContainText("Overweight");
});

test("what is no FHIR R4 is not read, and says why", async ({ person }) => {
  const page = await person(NAME);
  await page.getByRole("button", { name: "Import", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Import a health record" });
  await looksRight(page, "about-import");
  for (const [name, text, sentence] of [
    ["empty.json", "", "This file is empty."],
    ["letter.json", "Dear Lena", "it cannot be read as JSON"],
    ["other.json", '{"name":"<script>alert(1)</script>"}', "This file is not FHIR."],
    ["summary.xml", "<Bundle xmlns='http://hl7.org/fhir'/>", "This file is XML."],
    ["deep.json", `{"resourceType":"Bundle","entry":${"[".repeat(200_000)}`, "built in a way that no health record is"],
    ["old.json", '{"resourceType":"MedicationOrder"}', "FHIR DSTU2"],
    ["new.json", '{"resourceType":"MedicationStatement","medication":{"concept":{"text":"x"}}}', "FHIR R5"],
    ["many.json", `{"resourceType":"Bundle","entry":[${'{"resource":{"resourceType":"Goal"}},'.repeat(100_000)}{}]}`, "too many"],
    ["goal.json", '{"resourceType":"Goal"}', "Nothing about you is in this file"],
  ]) {
    await choose(dialog, name, text);
    await expect(dialog.getByRole("alert")).toContainText(sentence);
  }
  await looksRight(page, "about-import-refused");
  const picture = dialog.getByLabel("Choose a file");
  await picture.setInputFiles(real("head-scan.png"));
  await expect(dialog.getByRole("alert")).toContainText("it cannot be read as JSON");
});

test("somebody else's document is said to be so, and nothing of it is ticked", async ({ person }) => {
  const page = await person(NAME);
  const dialog = page.getByRole("dialog", { name: "Import a health record" });
  const summary = await readFile(real("patient-summary.json"), "utf8");
  const other = summary.replace('"Lena"', '"Jonas"').replace('"Vogt"', '"Berg"').replace("1975-03-09", "1958-11-23");
  await choose(dialog, "berg.json", other);
  await expect(dialog.getByRole("alert")).toContainText("This document may be about somebody else");
  await expect(dialog.getByRole("alert")).toContainText("another name and birth date");
  await expect(dialog.getByRole("checkbox", { checked: true })).toHaveCount(0);
  await expect(dialog.getByRole("button", { name: "Save", exact: true })).toBeDisabled();
  await looksRight(page, "about-import-other");
  await dialog.getByRole("button", { name: "Cancel" }).click();
});

test("a summary is taken over: what still holds, with its codes; the file is kept too", async ({ person }) => {
  const page = await person(NAME);
  await page.getByRole("button", { name: "Import", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Import a health record" });
  await dialog.getByLabel("Choose a file").setInputFiles(real("patient-summary.json"));
  const ticked = (name) => dialog.getByRole("checkbox", { name });
  await expect(ticked(/^Penicillin/)).toBeChecked();
  await expect(ticked(/^Hypertension/)).toBeChecked();
  await expect(ticked(/^Ramipril 5 mg/)).toBeChecked();
  await expect(ticked(/^Weight/)).toBeChecked();
  await expect(ticked(/^Pneumonia/)).not.toBeChecked();
  await expect(ticked(/^Amoxicillin <b>500 mg<\/b>/)).not.toBeChecked();
  await expect(ticked(/^Telephone/)).not.toBeChecked();
  await expect(dialog).toContainText("You said +49 40 5550 410");
  await expect(dialog.getByRole("alert")).toHaveCount(0);
  await looksRight(page, "about-import-found");
  await dialog.getByRole("button", { name: /^Save .* entries$/ }).click();
  await wallet.decline(page);
  const sheet = page.getByRole("region", { name: /^Saving .* entries/ });
  await expect(sheet).toContainText("You declined in the wallet.");
  await sheet.getByRole("button", { name: "Try again" }).click();
  await wallet.confirm(page);
  await expect(page.getByText(/entries are in your record now/)).toBeVisible();
  await wallet.isQuiet(page);
  await expect(card(page, "Allergies").getByRole("listitem")).toHaveText([
    "Nuts, swelling",
    "<i>Latex</i>",
    /Penicillin.*Anaphylaxis, since 1998/,
  ]);
  await expect(card(page, "Medicines")).toContainText("Ramipril 5 mg");
  await expect(fact(page, "Blood group")).toContainText("0+");
  await expect(newest(page, "Weight")).toContainText("77.50");
  await looksRight(page, "about");

  // The same file again has nothing new.
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await dialog.getByLabel("Choose a file").setInputFiles(real("patient-summary.json"));
  await expect(dialog).toContainText("in your chart already, as Imported health record");
  await expect(dialog.getByRole("checkbox", { checked: true })).toHaveCount(0);
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await go(page, "Records");
  await expect(newest(page, "Imported health record")).toContainText("Private");
  await expect(newest(page, "Imported measurements")).toContainText("Vitals");
});

test("another field is edited, and the imported allergy keeps what came with it", async ({ person }) => {
  const page = await person(NAME);
  await page.goto("/about");
  await page.getByRole("button", { name: "Edit conditions" }).click();
  const dialog = page.getByRole("dialog", { name: "Conditions" });
  await expect(dialog.getByLabel("Conditions")).toHaveValue("Hypertension");
  await dialog.getByLabel("Conditions").fill("Migraine\nHypertension");
  await dialog.getByRole("button", { name: "Save" }).click();
  await wallet.confirm(page);
  await expect(card(page, "Conditions").getByRole("listitem")).toHaveText(["Migraine", /Hypertension.*since 2019/]);
  await expect(card(page, "Allergies")).toContainText("Anaphylaxis, since 1998");
});

test("a vital sign over time, from all who measured it; a wrong entry is put right and removed", async ({ person }) => {
  const page = await person(NAME);
  await main(page).getByRole("link", { name: "Weight" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Weight" })).toBeVisible();
  await expect(row(page, "79.85 kg")).toContainText("imported by you");
  await expect(main(page).getByRole("listitem").filter({ hasText: " kg" })).toHaveCount(5);
  await looksRight(page, "about-weight");
  await page.getByRole("button", { name: "Correct 77.50 kg" }).click();
  const dialog = page.getByRole("dialog", { name: "Correct a measurement" });
  await expect(dialog.getByLabel("Weight, kg")).toHaveValue("77.50");
  await expect(dialog.getByLabel("Upper (systolic)")).toHaveValue("128");
  await expect(dialog.getByLabel("Time")).toHaveValue("07:12");
  await dialog.getByLabel("Weight, kg").fill("76.50");
  await looksRight(page, "about-correct");
  await dialog.getByRole("button", { name: "Save correction" }).click();
  await wallet.decline(page);
  await page.getByRole("button", { name: "Try again" }).click();
  await wallet.confirm(page);
  await expect(row(page, "76.50 kg")).toBeVisible();
  await expect(row(page, "77.50 kg")).toHaveCount(0);

  await page.goto("/about/blood-pressure");
  await expect(row(page, "154/97")).toContainText("High");
  await looksRight(page, "about-pressure");
  await page.getByRole("button", { name: "Remove 128/82 mmHg" }).click();
  const asked = page.getByRole("dialog", { name: "Remove this entry?" });
  await expect(asked).toContainText("blood pressure, weight, height");
  await looksRight(page, "about-remove");
  await asked.getByRole("button", { name: "Remove" }).click();
  await wallet.confirm(page);
  await expect(row(page, "128/82")).toHaveCount(0);
  await page.goto("/about/nothing");
  await expect(page.getByRole("heading", { level: 1, name: "About me" })).toBeVisible();
});
