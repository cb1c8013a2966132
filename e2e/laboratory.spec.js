/**
 * A laboratory's day: a batch for two patients, declined, interrupted and gone on with, nothing sent twice; what was
 * delivered, found again and corrected. Its people are nobody else's, so that this file runs alone too.
 */
import { readFile } from "node:fs/promises";
import { PATIENT, PROMPTS, addressOf, connect, go, real, register } from "./support/acts.js";
import { PEOPLE, expect, test } from "./support/fixtures.js";
import { looksRight } from "./support/look.js";
import { wallet } from "./support/wallet.js";

test.describe.configure({ mode: "serial" });

const LAB = "Seeland Diagnostics";
const FIRST = "Olga Petrenko";
const SECOND = "Samir Aziz";
const REGISTRAR = "Registrar of the laboratory";
const FILES = ["blood-count.pdf", "lipid-panel.json", "head-scan.png"];

/** Learnt on the way. */
const address = { first: "", second: "" };

const row = (page, text) => page.getByRole("listitem").filter({ hasText: text });
const chooser = (page) => page.locator("input[type=file]").first();
const sheet = (page) => page.getByRole("region", { name: /^Delivering/ });

/** Names the patient of a file of the batch. */
async function match(page, file, patient, title) {
  await page.getByRole("button", { name: `Choose patient ${file}` }).click();
  const dialog = page.getByRole("dialog", { name: `Who is ${file} for?` });
  await dialog.getByLabel("Patient’s address").fill(patient);
  if (title) await dialog.getByLabel("Title").fill(title);
  await dialog.getByRole("button", { name: "Set" }).click();
  await expect(dialog).toBeHidden();
}

/** Counts the pieces of files that go to the server from now on. */
function uploads(page) {
  const sent = [];
  page.on("request", (request) => {
    if (request.method() === "PUT" && /\/v1\/blocks\/bafk/.test(request.url())) sent.push(request.url());
  });
  return sent;
}

test("a laboratory and two patients of their own for these tests", async ({ person }) => {
  for (const [key, name, born] of [
    ["first", FIRST, "1988-12-01"],
    ["second", SECOND, "1969-03-14"],
  ]) {
    const page = await person(name);
    await connect(page, "Someone new");
    await register(page, PATIENT(name, born), PROMPTS.patient);
    await expect(page.getByRole("heading", { level: 1, name: new RegExp(`, ${name.split(" ")[0]}$`) })).toBeVisible();
    address[key] = await addressOf(page);
  }
  const lab = await person(LAB);
  await connect(lab, "Someone new");
  const fields = { Name: LAB, Licence: "SH-4711" };
  await register(lab, { role: /^Laboratory/, fields }, PROMPTS.professional);
  await expect(lab.getByText("The registrar has not verified you yet")).toBeVisible();
  const registrar = await person(REGISTRAR);
  await connect(registrar, PEOPLE.registrar);
  await registrar.getByRole("button", { name: `Verify ${LAB}` }).click();
  await registrar.getByRole("dialog", { name: `Verify ${LAB}` }).getByRole("button", { name: "Verify" }).click();
  await wallet.confirm(registrar);
  await expect(lab.getByText("Drop reports here")).toBeVisible();
});

test("a batch is matched; what cannot be delivered is said", async ({ person }) => {
  const lab = await person(LAB);
  const program = { name: "viewer.exe", mimeType: "application/octet-stream", buffer: Buffer.from("MZ") };
  await chooser(lab).setInputFiles([...FILES.map(real), real("discharge-letter.pdf")]);
  await chooser(lab).setInputFiles(program);
  await expect(row(lab, "viewer.exe")).toContainText("This is not a kind of file we can show safely");
  await expect(lab.getByText("0 of 5 matched to a patient")).toBeVisible();

  // Nobody there.
  await match(lab, "blood-count.pdf", `0x${"9".repeat(40)}`);
  await expect(lab.getByRole("alert").filter({ hasText: "There is no patient with this address." })).toBeVisible();
  await match(lab, "blood-count.pdf", address.first, "Blood count");
  await match(lab, "lipid-panel.json", address.second);
  await match(lab, "head-scan.png", address.first, "Head scan");
  await expect(lab.getByRole("button", { name: "Deliver 3 reports" })).toBeEnabled();
  await expect(lab.getByText("3 of 5 matched to a patient")).toBeVisible();
  await looksRight(lab, "lab-batch");
});

test("who declines uploads nothing again, not even after the page was loaded anew", async ({ person }) => {
  const lab = await person(LAB);
  await lab.getByRole("button", { name: "Deliver 3 reports" }).click();
  await wallet.decline(lab);
  await expect(sheet(lab)).toContainText("You declined in the wallet. Nothing was changed.");
  await expect(lab.getByText("only the confirmation is missing")).toHaveCount(3);
  await looksRight(lab, "lab-declined");

  await lab.reload();
  await expect(lab.getByText("Three reports were matched and not delivered.")).toBeVisible();
  await looksRight(lab, "lab-after-reload");
  const sent = uploads(lab);
  await chooser(lab).setInputFiles([...FILES.map(real), real("discharge-letter.pdf")]);
  await expect(lab.getByText("only the confirmation is missing")).toHaveCount(3);
  await expect(row(lab, "discharge-letter.pdf")).toContainText("No patient matched");
  await lab.getByRole("button", { name: "Take discharge-letter.pdf out" }).click();
  await lab.getByRole("button", { name: "Deliver 3 reports" }).click();
  await wallet.confirm(lab);
  await expect(lab.getByText("Three reports delivered.")).toBeVisible();
  await expect(row(lab, "blood-count.pdf")).toContainText("Delivered");
  await wallet.isQuiet(lab);
  expect(sent, "no piece of a file was sent again").toEqual([]);
  await looksRight(lab, "lab-batch-delivered");

  const [first, second] = [await person(FIRST), await person(SECOND)];
  await go(first, "Records");
  await expect(first.getByRole("link", { name: "Blood count" })).toBeVisible();
  await expect(first.getByRole("link", { name: "Head scan" })).toBeVisible();
  await go(second, "Records");
  await expect(second.getByRole("link", { name: "Lipid panel" })).toBeVisible();
});

test("a file that was delivered is not delivered again, unless one insists", async ({ person }) => {
  const lab = await person(LAB);
  await lab.reload();
  await chooser(lab).setInputFiles(real("blood-count.pdf"));
  await lab.getByRole("button", { name: "Choose patient blood-count.pdf" }).click();
  const dialog = lab.getByRole("dialog", { name: "Who is blood-count.pdf for?" });
  // By an earlier delivery.
  await dialog.getByLabel("Patient’s address").fill("head scan");
  const earlier = dialog.getByRole("list", { name: "Patients of earlier deliveries" }).getByRole("button");
  await expect(earlier).toHaveCount(1);
  await expect(earlier).toContainText("Head scan, Blood count");
  await looksRight(lab, "lab-match-earlier");
  await earlier.click();
  await expect(dialog.getByLabel("Patient’s address")).toHaveValue(address.first);
  await dialog.getByRole("button", { name: "Set" }).click();
  await expect(row(lab, "blood-count.pdf")).toContainText(/Delivered on \d/);
  await expect(lab.getByRole("button", { name: "Deliver", exact: true })).toBeDisabled();
  await looksRight(lab, "lab-delivered-before");
  await lab.getByRole("button", { name: "Deliver again blood-count.pdf" }).click();
  await expect(lab.getByRole("button", { name: "Deliver 1 report" })).toBeEnabled();
  await lab.getByRole("button", { name: "Take blood-count.pdf out" }).click();
  await expect(lab.getByText("This batch")).toBeHidden();
});

test("what was announced before the page went away is known to be delivered", async ({ person }) => {
  const lab = await person(LAB);
  await chooser(lab).setInputFiles(real("discharge-letter.pdf"));
  await match(lab, "discharge-letter.pdf", address.second, "Discharge letter");
  // The page goes before it has learnt what became of it: the wallet's node does not say.
  const node = (url) => url.href.startsWith(process.env.MEDKEY_RPC);
  await lab.route(node, (route) => {
    const asksForReceipt = route.request().postData()?.includes("eth_getTransactionReceipt");
    return asksForReceipt ? route.abort("connectionfailed") : route.continue();
  });
  await lab.getByRole("button", { name: "Deliver 1 report" }).click();
  await wallet.confirm(lab);
  await expect(row(lab, "discharge-letter.pdf")).toContainText("Sent");
  const second = await person(SECOND);
  await go(second, "Records");
  await expect(second.getByRole("link", { name: "Discharge letter" })).toBeVisible();
  await lab.unrouteAll({ behavior: "ignoreErrors" });
  await lab.reload();
  // Nobody has said that it arrived: for whom it was, the draft still knows.
  await expect(lab.getByText("One report was matched and not delivered.")).toBeVisible();
  await chooser(lab).setInputFiles(real("discharge-letter.pdf"));
  await expect(row(lab, "discharge-letter.pdf")).toContainText(/Delivered on \d/);
  await lab.getByRole("button", { name: "Take discharge-letter.pdf out" }).click();
});

test("the lost connection is waited for, and one that fails is tried again with one press", async ({ person }) => {
  const lab = await person(LAB);
  const text = (number) => ({ name: `note-${number}.txt`, mimeType: "text/plain", buffer: Buffer.from(`Note ${number}`) });
  await chooser(lab).setInputFiles([text(1), text(2)]);
  await match(lab, "note-1.txt", address.first, "Note one");
  await match(lab, "note-2.txt", address.second, "Note two");
  // The server refuses the first file; the other goes its way.
  let refused = 0;
  await lab.route("**/v1/blocks/bafk*", async (route) => {
    if (route.request().method() !== "PUT" || refused > 0) return route.continue();
    refused += 1;
    const body = JSON.stringify({ code: "bad_request", message: "This block cannot be taken." });
    return route.fulfill({ status: 400, contentType: "application/json", body });
  });
  await lab.getByRole("button", { name: "Deliver 2 reports" }).click();
  await wallet.confirm(lab);
  await expect(row(lab, "note-2.txt").getByText("Delivered", { exact: true })).toBeVisible();
  await expect(row(lab, "note-1.txt")).toContainText("Not delivered");
  await looksRight(lab, "lab-batch-failed");
  await lab.unrouteAll({ behavior: "wait" });
  await lab.getByRole("button", { name: "Try the failed one again" }).click();
  await wallet.confirm(lab);
  await expect(row(lab, "note-1.txt").getByText("Delivered", { exact: true })).toBeVisible();
});

test("what was delivered is found by its patient, its words and its state, and corrected", async ({ person }) => {
  const first = await person(FIRST);
  await go(first, "Records");
  await first.getByRole("link", { name: "Head scan" }).click();
  await first.getByRole("button", { name: "Remove" }).click();
  await first.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await wallet.confirm(first);

  const lab = await person(LAB);
  await go(lab, "Delivered");
  await expect(row(lab, "Head scan")).toContainText("Removed by the patient");
  await expect(row(lab, "Blood count")).toContainText("In the chart");
  await looksRight(lab, "lab-delivered-list");
  await lab.getByRole("radio", { name: "Removed by the patient" }).check();
  await expect(lab).toHaveURL(/state=removed/);
  await expect(lab.getByRole("listitem").filter({ hasText: "Patient 0x" })).toHaveCount(1);
  await lab.getByLabel("Search by patient or title").fill("blood");
  await expect(lab.getByText("Nothing matches")).toBeVisible();
  await looksRight(lab, "lab-delivered-nothing");
  await lab.getByRole("button", { name: "Clear the search" }).click();
  await lab.getByLabel("Search by patient or title").fill(address.second.slice(0, 10));
  await expect(row(lab, "Lipid panel")).toBeVisible();
  await expect(row(lab, "Blood count")).toBeHidden();
  await lab.getByLabel("Search by patient or title").fill("");

  await lab.getByRole("link", { name: "Lipid panel" }).click();
  await expect(lab.getByRole("row", { name: /^HDL cholesterol/ })).toContainText("1.42");
  await lab.getByRole("button", { name: "Correct this report" }).click();
  const dialog = lab.getByRole("dialog", { name: "Correct this report" });
  const panel = await readFile(real("lipid-panel.json"), "utf8");
  const buffer = Buffer.from(panel.replaceAll("1.42", "1.24"));
  await dialog.locator("input[type=file]").setInputFiles({ name: "lipid-panel.json", mimeType: "application/json", buffer });
  await dialog.getByLabel("Title").fill("Lipid panel, corrected");
  await looksRight(lab, "lab-correct");
  await dialog.getByRole("button", { name: "Deliver correction" }).click();
  await wallet.decline(lab);
  const correcting = lab.getByRole("region", { name: /^Correcting/ });
  await expect(correcting).toContainText("You declined in the wallet.");
  await correcting.getByRole("button", { name: "Try again" }).click();
  await wallet.confirm(lab);
  await expect(lab.getByText(/Corrected by you on/)).toBeVisible();
  await looksRight(lab, "lab-own-copy-corrected");
  await go(lab, "Delivered");
  await expect(row(lab, "Lipid panel, corrected")).toContainText("In the chart");
  const former = lab.getByRole("link", { name: "Lipid panel", exact: true });
  await expect(lab.getByRole("listitem").filter({ has: former })).toContainText("Corrected");

  const second = await person(SECOND);
  await go(second, "Records");
  await second.getByRole("link", { name: "Lipid panel, corrected" }).click();
  await expect(second.getByRole("row", { name: /^HDL cholesterol/ })).toContainText("1.24");
});
