/**
 * What several tests do on the way to what they are about.
 *
 * @typedef {import("@playwright/test").Page} Page
 */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect } from "@playwright/test";
import { wallet } from "./wallet.js";

/** The path of a file in `files/`. */
export const real = (name) => fileURLToPath(new URL(`../files/${name}`, import.meta.url));

/**
 * Opens the page and connects the demo wallet as this person.
 * @param {Page} page
 * @param {string} name
 * @param {string} [path]
 */
export async function connect(page, name, path = "/") {
  await page.goto(path);
  await page.getByRole("main").getByRole("button", { name: /^Demo wallet/ }).click();
  await wallet.choose(page, name);
}

/** @typedef {{ role: RegExp, fields: Record<string, string>, selects?: Record<string, string> }} Applicant */

/**
 * From the role to the recovery code. Answers with the code's groups.
 * @param {Page} page
 * @param {Applicant} applicant
 * @param {(name: string) => Promise<void>} [look] is called on every step
 */
export async function enter(page, { role, fields, selects = {} }, look = async () => {}) {
  await expect(page.getByRole("heading", { level: 1, name: "Who are you here?" })).toBeVisible();
  await look("register-role");
  await page.getByRole("radio", { name: role }).check();
  await page.getByRole("button", { name: "Continue" }).click();
  for (const [label, text] of Object.entries(fields)) await page.getByLabel(label).fill(text);
  for (const [label, word] of Object.entries(selects)) await page.getByLabel(label).selectOption({ label: word });
  await look("register-about");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Your recovery code" })).toBeVisible();
  await look("register-code");
  const items = await page.getByRole("list", { name: "Recovery code" }).getByRole("listitem").allInnerTexts();
  // Each item is its number and its group.
  return items.map((item, at) => item.trim().slice(String(at + 1).length).trim());
}

/**
 * Types the groups back that are asked for.
 * @param {Page} page
 * @param {string[]} groups
 */
export async function typeBack(page, groups) {
  const asked = page.getByRole("group", { name: /^Type back groups/ });
  for (const input of await asked.getByRole("textbox").all()) {
    const number = Number((await input.getAttribute("aria-label")).replace(/\D/g, ""));
    await input.fill(groups[number - 1]);
  }
}

/**
 * All of registration, without a stumble. Answers with the recovery code.
 * @param {Page} page
 * @param {Applicant} applicant
 * @param {number} prompts how often the wallet asks
 * @param {(name: string) => Promise<void>} [look]
 */
export async function register(page, applicant, prompts, look) {
  const groups = await enter(page, applicant, look);
  await typeBack(page, groups);
  await page.getByRole("button", { name: /^Create my/ }).click();
  await page.getByRole("button", { name: "Open Demo wallet" }).click();
  await wallet.confirmAll(page, prompts);
  return groups;
}

/** Signing twice and registering; a patient also files the name. */
export const PROMPTS = { patient: 4, professional: 3 };

export const PATIENT = (name, birthDate) => ({
  role: /^Patient/,
  fields: { Name: name, "Birth date": birthDate },
});

/**
 * Chooses a place in the rail.
 * @param {Page} page
 * @param {string} place
 */
export const go = (page, place) =>
  page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: place }).click();

/**
 * Opens the dialog that adds a record and chooses the file.
 * @param {Page} page
 * @param {string | { name: string, mimeType: string, buffer: Buffer }} file its path or itself
 */
export async function chooseRecord(page, file) {
  await go(page, "Records");
  await page.getByRole("button", { name: "Add record" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a record" });
  await dialog.getByLabel("Choose files").setInputFiles(file);
  return dialog;
}

/**
 * Adds a file as what it suggests itself to be.
 * @param {Page} page
 * @param {string} path
 * @param {string} title the title that its name suggests
 */
export async function addRecord(page, path, title) {
  const dialog = await chooseRecord(page, path);
  await expect(dialog.getByLabel("Title")).toHaveValue(title);
  await dialog.getByRole("button", { name: "Add record" }).click();
  await wallet.confirm(page);
  await expect(page.getByText(`${title} is in your chart.`)).toBeVisible();
}

/**
 * Presses a button that saves the file, and compares it with the original.
 * @param {Page} page
 * @param {import("@playwright/test").Locator} button
 * @param {string} name in `files/`
 */
export async function savesTheSame(page, button, name) {
  const downloading = page.waitForEvent("download");
  await button.click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe(name);
  const [saved, original] = await Promise.all([readFile(await download.path()), readFile(real(name))]);
  expect(saved.equals(original)).toBe(true);
}

/**
 * The account, as the settings show it.
 * @param {Page} page
 */
export async function addressOf(page) {
  await go(page, "Settings");
  return (await page.getByText(/^0x[0-9a-fA-F]{40}$/).first().innerText()).trim();
}
