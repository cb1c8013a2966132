/** A patient keeps order: finds records again, renames, moves, replaces and removes them. */
import { readFile } from "node:fs/promises";
import { PATIENT, PROMPTS, addRecord, connect, go, real, register, savesTheSame } from "./support/acts.js";
import { expect, test } from "./support/fixtures.js";
import { looksRight } from "./support/look.js";
import { wallet } from "./support/wallet.js";

test.describe.configure({ mode: "serial" });

/** An account that was nobody before. */
const NAME = "Nora Lind";

const rows = (page) => page.getByRole("main").getByRole("listitem");
const search = (page) => page.getByRole("searchbox", { name: "Search by name, kind or author" });
const open = (page, title) => page.getByRole("main").getByRole("link", { name: title, exact: true }).click();

test("a patient with a report, a scan and a letter", async ({ person }) => {
  const page = await person(NAME);
  await connect(page, "Someone new");
  await register(page, PATIENT(NAME, "1979-02-11"), PROMPTS.patient);
  await addRecord(page, real("lipid-panel.json"), "Lipid panel");
});

test("several files are added at once, with what they say of themselves, and asked about once", async ({ person }) => {
  const page = await person(NAME);
  const files = [real("head-ct.dcm"), real("blood-count.pdf"), real("lipid-panel.json"), real("head-scan.png")];
  await page.getByRole("button", { name: "Add record" }).click();
  const dialog = page.getByRole("dialog");
  await looksRight(page, "patient-add-files");
  await dialog.getByLabel("Choose files").setInputFiles(files);
  await expect(page.getByRole("dialog", { name: "Add 4 records" })).toBeVisible();
  const of = (name) => dialog.getByRole("group", { name });
  await expect(of("head-ct.dcm").getByLabel("Title")).toHaveValue("CT head");
  await expect(of("head-ct.dcm").getByLabel("Kind")).toHaveValue("18748-4");
  await expect(of("head-ct.dcm").getByLabel("Date")).toHaveValue("2025-11-18");
  await expect(of("blood-count.pdf").getByLabel("Title")).toHaveValue("Full blood count");
  await expect(of("blood-count.pdf").getByLabel("Date")).toHaveValue("2025-11-20");
  await expect(of("lipid-panel.json").getByLabel("Date")).toHaveValue("2025-11-19");
  // The chart holds this one already.
  await expect(of("lipid-panel.json")).toContainText("It is there as Lipid panel.");
  await expect(of("head-ct.dcm").getByRole("alert")).toBeEmpty();
  await looksRight(page, "patient-add-several");
  await of("lipid-panel.json").getByRole("button", { name: "Take lipid-panel.json out" }).click();
  await expect(of("lipid-panel.json")).toHaveCount(0);
  await of("blood-count.pdf").getByLabel("Title").fill("Blood count");

  await dialog.getByRole("button", { name: "Add 3 records" }).click();
  await wallet.decline(page);
  const sheet = page.getByRole("region", { name: "Adding three records" });
  await expect(sheet).toContainText("You declined in the wallet.");
  await sheet.getByRole("button", { name: "Try again" }).click();
  await wallet.confirm(page);
  await expect(page.getByText("Three records are in your chart.")).toBeVisible();
  await wallet.isQuiet(page);
  await expect(rows(page)).toHaveCount(5);
});

test("a file that is dropped on the page is about to be added", async ({ person }) => {
  const page = await person(NAME);
  const dropped = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["Dear Nora"], "letter-2026-11-02.txt", { type: "text/plain" }));
    return transfer;
  });
  const heading = page.getByRole("heading", { level: 1, name: "Records" });
  await heading.dispatchEvent("dragover", { dataTransfer: dropped });
  await heading.dispatchEvent("drop", { dataTransfer: dropped });
  const dialog = page.getByRole("dialog", { name: "Add a record" });
  await expect(dialog.getByLabel("Title")).toHaveValue("Letter");
  await expect(dialog.getByLabel("Kind")).toHaveValue("57133-1");
  await expect(dialog.getByLabel("Date")).toHaveValue("2026-11-02");
  await dialog.getByRole("button", { name: "Cancel" }).click();
});

test("records are found by words, kind, folder and month", async ({ person }) => {
  const page = await person(NAME);
  await search(page).fill("LIPID you");
  await expect(rows(page)).toHaveCount(1);
  await expect(page.getByText("1 of 5 records")).toBeVisible();
  await search(page).fill("imaging");
  await expect(rows(page)).toHaveText([/Head scan/, /CT head/]);
  const month = await page.getByRole("heading", { level: 2 }).first().innerText();
  await search(page).fill(month);
  await expect(rows(page)).toHaveCount(5);

  await search(page).fill("");
  await page.getByLabel("Kind", { exact: true }).selectOption("Laboratory report");
  await expect(rows(page)).toHaveCount(2);
  await looksRight(page, "patient-records-found");
  await page.getByRole("radio", { name: "Imaging" }).check();
  await expect(page.getByText("Nothing matches")).toBeVisible();
  await looksRight(page, "patient-records-nothing");
  await page.getByRole("button", { name: "Clear the search" }).click();
  await expect(rows(page)).toHaveCount(5);

  // What was looked for is still there after a look at a record.
  await search(page).fill("scan");
  await open(page, "Head scan");
  await page.goBack();
  await expect(search(page)).toHaveValue("scan");
  await expect(rows(page)).toHaveCount(1);
  await search(page).fill("");
});

test("a record is renamed, after the wallet declined once", async ({ person }) => {
  const page = await person(NAME);
  await open(page, "Lipid panel");
  await page.getByRole("button", { name: "Rename" }).click();
  const dialog = page.getByRole("dialog", { name: "Rename this record" });
  await expect(dialog.getByRole("button", { name: "Rename" })).toBeDisabled();
  await dialog.getByLabel("Title").fill("Lipids, fasting");
  await looksRight(page, "patient-record-rename");
  const uploads = [];
  page.on("request", (request) => request.method() === "PUT" && uploads.push(request.postDataBuffer()?.length ?? 0));
  await dialog.getByRole("button", { name: "Rename" }).click();
  await wallet.decline(page);
  const sheet = page.getByRole("region", { name: "Renaming Lipid panel" });
  await expect(sheet).toContainText("You declined in the wallet. Nothing was changed.");
  await expect(page.getByRole("heading", { level: 1, name: "Lipid panel" })).toBeVisible();
  await sheet.getByRole("button", { name: "Try again" }).click();
  await wallet.confirm(page);
  await expect(page.getByRole("heading", { level: 1, name: "Lipids, fasting" })).toBeVisible();
  // A manifest each time, and not the file.
  expect(uploads).toHaveLength(2);
  expect(Math.max(...uploads)).toBeLessThan(16_384);
  await expect(page.getByRole("heading", { level: 2, name: "Earlier" })).toBeVisible();
  await expect(page.getByText(/^Laboratory · filed by you/)).toBeVisible();
  await expect(page.getByRole("row", { name: /^LDL cholesterol/ })).toContainText("4.05");
  await looksRight(page, "patient-record-renamed");
});

test("a record is moved to another folder", async ({ person }) => {
  const page = await person(NAME);
  await page.getByRole("button", { name: "Move", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Move to another folder" });
  await expect(dialog).toContainText("It is in Laboratory now.");
  await dialog.getByRole("radio", { name: /^Private/ }).check();
  await expect(dialog).toContainText("Who reads only Laboratory is not given it any more");
  await looksRight(page, "patient-record-move");
  await dialog.getByRole("button", { name: "Move" }).click();
  await wallet.confirm(page);
  await expect(page.getByText("Lipids, fasting is in Private now.")).toBeVisible();
  await go(page, "Records");
  await page.getByRole("radio", { name: "Private" }).check();
  await expect(rows(page)).toHaveText([/Lipids, fasting/]);
  await page.getByRole("radio", { name: "All" }).check();
});

test("a file is replaced, and the old one can still be saved", async ({ person }) => {
  const page = await person(NAME);
  await open(page, "Blood count");
  await page.getByRole("button", { name: "Replace file" }).click();
  const dialog = page.getByRole("dialog", { name: "Replace the file" });
  await dialog.locator("input[type=file]").setInputFiles(real("head-scan.png"));
  await dialog.getByLabel("Title").fill("Blood count, corrected");
  await looksRight(page, "patient-record-replace");
  await dialog.getByRole("button", { name: "Replace file" }).click();
  const sheet = page.getByRole("region", { name: "Replacing Blood count" });
  await wallet.decline(page);
  await expect(sheet).toContainText("You declined in the wallet.");
  await sheet.getByRole("button", { name: "Try again" }).click();
  await wallet.confirm(page);
  // The page goes on with the new file.
  await expect(page.getByRole("heading", { level: 1, name: "Blood count, corrected" })).toBeVisible();
  await expect(page.getByRole("img", { name: "Blood count, corrected" })).toBeVisible();
  await looksRight(page, "patient-record-replaced");
  await savesTheSame(page, page.getByRole("button", { name: "Save old file" }), "blood-count.pdf");
  await savesTheSame(page, page.getByRole("button", { name: "Download" }), "head-scan.png");
  await go(page, "Records");
  await expect(rows(page)).toHaveCount(5);
});

test("everything is exported: the files as they were, and a bundle", async ({ person }) => {
  const page = await person(NAME);
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export" }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe("medkey-records.zip");
  await expect(page.getByText("All records are in the ZIP.")).toBeVisible();
  const zip = await readFile(await download.path());
  expect(zip.subarray(0, 4).toString("latin1")).toBe("PK\x03\x04");
  for (const name of ["Private/lipid-panel.json", "Imaging/head-scan.png", "Laboratory/head-scan.png", "Imaging/head-ct.dcm", "bundle.json"]) {
    expect(zip.includes(name), name).toBe(true);
  }
  // Stored, not packed: each file is in it byte for byte.
  for (const name of ["lipid-panel.json", "head-scan.png", "head-ct.dcm"]) {
    expect(zip.includes(await readFile(real(name))), name).toBe(true);
  }
  expect(zip.includes('"resourceType": "DocumentReference"')).toBe(true);
});

test("a record is removed, after the wallet declined once", async ({ person }) => {
  const page = await person(NAME);
  await open(page, "Head scan");
  await page.getByRole("button", { name: "Remove" }).click();
  const dialog = page.getByRole("dialog", { name: "Remove this record?" });
  await expect(dialog).toContainText("the chain keeps that it was there");
  await looksRight(page, "patient-record-remove");
  await dialog.getByRole("button", { name: "Remove" }).click();
  await wallet.decline(page);
  const sheet = page.getByRole("region", { name: "Removing Head scan" });
  await expect(sheet).toContainText("You declined in the wallet. Nothing was changed.");
  await expect(page.getByRole("link", { name: "Head scan" })).toBeVisible();
  await sheet.getByRole("button", { name: "Try again" }).click();
  await wallet.confirm(page);
  await expect(page.getByText("Head scan is no longer in your chart.")).toBeVisible();
  await expect(rows(page)).toHaveCount(4);
  await expect(page.getByText("Complete")).toBeVisible();
  await looksRight(page, "patient-records-changed");
});
