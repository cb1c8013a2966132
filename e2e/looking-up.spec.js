/** A patient looks somebody up and shares with all doctors of a hospital. Its doctors are those of the journey before. */
import { PATIENT, PROMPTS, connect, go, register } from "./support/acts.js";
import { PEOPLE, expect, test } from "./support/fixtures.js";
import { looksRight } from "./support/look.js";
import { wallet } from "./support/wallet.js";

test.describe.configure({ mode: "serial" });

const NAME = "Ines Roth";

test("a patient looks for somebody by specialty and by hospital", async ({ person }) => {
  const page = await person(NAME);
  await connect(page, "Someone new");
  await register(page, PATIENT(NAME, "1990-04-30"), PROMPTS.patient);
  await go(page, "People");
  await page.getByRole("link", { name: "Find somebody" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Find somebody" })).toBeVisible();
  const found = page.getByRole("main").getByRole("listitem");
  await expect(found.filter({ hasText: PEOPLE.lindqvist })).toBeVisible();
  await looksRight(page, "directory");

  const search = page.getByLabel("Search by name, specialty, hospital or language");
  await search.fill("cardio marien");
  await expect(found.filter({ hasText: PEOPLE.nordlab })).toBeHidden();
  await page.getByRole("radio", { name: "Hospitals" }).check();
  await search.fill("nowhere");
  await expect(page.getByText("Nobody here matches.")).toBeVisible();
  await search.fill("");
  await page.getByRole("radio", { name: "All" }).check();
  await page.getByRole("link", { name: PEOPLE.lindqvist }).click();
  await expect(page.getByRole("heading", { level: 1, name: PEOPLE.lindqvist })).toBeVisible();
  await expect(page.getByText("Licence")).toBeVisible();
  await looksRight(page, "directory-doctor");
});

test("all doctors of a hospital are given a folder at once", async ({ person }) => {
  const page = await person(NAME);
  await page.getByRole("link", { name: "Marienhospital" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Marienhospital" })).toBeVisible();
  await expect(page.getByRole("link", { name: PEOPLE.lindqvist })).toBeVisible();
  await looksRight(page, "directory-hospital");
  await page.getByRole("button", { name: /^Share with its/ }).click();
  const dialog = page.getByRole("dialog", { name: /with the doctors of Marienhospital$/ });
  await expect(dialog).toContainText(PEOPLE.lindqvist);
  await looksRight(page, "directory-share");
  await dialog.getByRole("button", { name: "Share", exact: true }).click();
  await wallet.decline(page);
  const sheet = page.getByRole("region", { name: "Sharing with the doctors of Marienhospital" });
  await expect(sheet).toContainText("You declined in the wallet.");
  await sheet.getByRole("button", { name: "Try again" }).click();
  await wallet.confirm(page);
  await expect(page.getByText("The doctors of Marienhospital can read it now.")).toBeVisible();
  await go(page, "People");
  await expect(page.getByRole("button", { name: new RegExp(`Revoke.*${PEOPLE.lindqvist}`) })).toBeVisible();
});
