/**
 * Codes that are read: with a camera, from a picture, as text; and what happens where there is no camera, or it may not
 * be used. Its people are nobody else's, so that this file runs alone too.
 */
import { PATIENT, PROMPTS, addRecord, addressOf, connect, enter, go, real, register } from "./support/acts.js";
import { WITH_CAMERA, pictureOf, putBeforeCamera, squaresOf } from "./support/camera.js";
import { PEOPLE, expect, test } from "./support/fixtures.js";
import { looksRight } from "./support/look.js";
import { wallet } from "./support/wallet.js";

test.describe.configure({ mode: "serial" });
test.use(WITH_CAMERA);

const NAME = "Ines Carvalho";
const STRANGE = "Piet Bakker";
const DOCTOR = "Dr. Noa Levin";
const REGISTRAR = "Registrar of the scans";

/** Learnt on the way. */
const known = { address: "", strange: "", own: [], offer: [], strangeOwn: [] };

const scan = (page) => page.getByRole("dialog", { name: "Scan a patient’s code" });
const asking = (page) => page.getByRole("dialog", { name: "Ask for access" });
/** The camera's picture, while there is one. */
const track = (page) => page.evaluateHandle(() => document.querySelector("video").srcObject.getTracks()[0]);
const choose = (page, picture) => scan(page).getByLabel("A picture of the code").setInputFiles(picture);

async function openAsking(page) {
  await go(page, "Patients");
  await page.getByRole("button", { name: "Ask for access" }).click();
  await expect(asking(page)).toBeVisible();
}

async function openScan(page) {
  await asking(page).getByRole("button", { name: "Scan the patient’s code" }).click();
  await expect(scan(page)).toBeVisible();
}

async function ownCode(page) {
  await go(page, "Settings");
  await page.getByRole("button", { name: "Show my code" }).click();
  const dialog = page.getByRole("dialog", { name: "Your code" });
  const squares = await squaresOf(dialog.getByRole("img", { name: "QR code with your address" }));
  return { dialog, squares };
}

test("two patients and a doctor of their own for these tests", async ({ person }) => {
  putBeforeCamera();
  for (const [name, born] of [
    [NAME, "1991-01-30"],
    [STRANGE, "1950-10-11"],
  ]) {
    const page = await person(name);
    await connect(page, "Someone new");
    await register(page, PATIENT(name, born), PROMPTS.patient);
    await expect(page.getByRole("heading", { level: 1, name: new RegExp(`, ${name.split(" ")[0]}$`) })).toBeVisible();
  }
  const patient = await person(NAME);
  await addRecord(patient, real("lipid-panel.json"), "Lipid panel");

  const doctor = await person(DOCTOR);
  await connect(doctor, "Someone new");
  const fields = { "Name with title": DOCTOR, Profession: "Physician", Specialty: "Geriatrics", Licence: "HH-71001" };
  await register(doctor, { role: /^Doctor/, fields }, PROMPTS.professional);
  await expect(doctor.getByText("The registrar has not verified you yet")).toBeVisible();
  const registrar = await person(REGISTRAR);
  await connect(registrar, PEOPLE.registrar);
  await registrar.getByRole("button", { name: `Verify ${DOCTOR}` }).click();
  await registrar.getByRole("dialog", { name: `Verify ${DOCTOR}` }).getByRole("button", { name: "Verify" }).click();
  await wallet.confirm(registrar);
  await expect(doctor.getByText("Nothing waits for you")).toBeVisible();
});

test("a patient shows the own code, with the words of the key", async ({ person }) => {
  const page = await person(NAME);
  known.address = await addressOf(page);
  const { dialog, squares } = await ownCode(page);
  known.own = squares;
  await expect(dialog).toContainText(known.address);
  await expect(dialog).toContainText("It opens nothing.");
  await expect(dialog.getByText(/^[a-z]+-[a-z]+-[a-z]+-\d\d$/)).toBeVisible();
  await looksRight(page, "patient-own-code");
  await dialog.getByRole("button", { name: "Close" }).click();

  const other = await person(STRANGE);
  known.strange = await addressOf(other);
  const shown = await ownCode(other);
  known.strangeOwn = shown.squares;
  await shown.dialog.getByRole("button", { name: "Close" }).click();
});

test("where the camera may not be used, a picture or the text does", async ({ person }) => {
  const page = await person(DOCTOR);
  await openAsking(page);
  await openScan(page);
  await expect(scan(page)).toContainText("Your browser does not let this page use the camera.");
  await expect(scan(page).locator("video")).toBeHidden();
  await looksRight(page, "scan-refused");

  // What is none of it is said, and looked at no further.
  await choose(page, real("head-scan.png"));
  await expect(scan(page).getByRole("alert")).toContainText("No code was found in this picture.");
  await choose(page, { name: "broken.png", mimeType: "image/png", buffer: Buffer.from("no picture") });
  await expect(scan(page).getByRole("alert")).toContainText("This file is no picture");
  const text = scan(page).getByLabel("Or paste its text");
  await text.fill("https://example.org");
  await scan(page).getByRole("button", { name: "Use this text" }).click();
  await expect(scan(page).getByRole("alert")).toContainText("This is no code of Medkey.");
  await text.fill("MEDKEY-RECOVERY:1:31337");
  await scan(page).getByRole("button", { name: "Use this text" }).click();
  await expect(scan(page).getByRole("alert")).toContainText("It opens somebody’s whole record");
  await looksRight(page, "scan-unlike");

  await choose(page, pictureOf(known.own));
  await expect(scan(page)).toBeHidden();
  await expect(asking(page).getByLabel("Patient’s address")).toHaveValue(known.address);
  await looksRight(page, "doctor-ask-scanned");

  // The words in the code have to be those of the key.
  const contract = process.env.MEDKEY_CONTRACT.replace(/^0x/, "").toUpperCase();
  const member = known.address.replace(/^0x/, "").toUpperCase();
  await openScan(page);
  await text.fill(`MEDKEY-PATIENT:1:31337:${contract}:${member}:ACORN-ACORN-ACORN-00`);
  await scan(page).getByRole("button", { name: "Use this text" }).click();
  await expect(asking(page).getByRole("alert")).toContainText("not those of the patient's key any more");
  await asking(page).getByRole("button", { name: "Cancel" }).click();
});

test("where there is no camera, that is said", async ({ person }) => {
  const page = await person(DOCTOR);
  await page.evaluate(() => {
    const none = () => Promise.reject(new DOMException("", "NotFoundError"));
    Object.defineProperty(navigator.mediaDevices, "getUserMedia", { value: none, configurable: true });
  });
  await openAsking(page);
  await openScan(page);
  await expect(scan(page)).toContainText("No camera was found here.");
  await page.keyboard.press("Escape");
  await expect(scan(page)).toBeHidden();
  await page.evaluate(() => delete navigator.mediaDevices.getUserMedia);
  await asking(page).getByRole("button", { name: "Cancel" }).click();
});

test("the camera looks until it sees a code, and stops when the dialog closes", async ({ person }) => {
  const page = await person(DOCTOR);
  await page.context().grantPermissions(["camera", "clipboard-write"]);
  putBeforeCamera();
  await openAsking(page);
  await openScan(page);
  await expect(scan(page)).toContainText("Hold the code in front of the camera.");
  await expect(scan(page).locator("video")).toBeVisible();
  await looksRight(page, "scan-looking");
  const left = await track(page);
  expect(await left.evaluate((track) => track.readyState)).toBe("live");
  await scan(page).getByRole("button", { name: "Cancel" }).click();
  await expect(scan(page)).toBeHidden();
  expect(await left.evaluate((track) => track.readyState)).toBe("ended");

  putBeforeCamera(known.own);
  await openScan(page);
  await expect(scan(page)).toBeHidden();
  await expect(asking(page).getByLabel("Patient’s address")).toHaveValue(known.address);
  await asking(page).getByRole("button", { name: "Cancel" }).click();
});

test("a patient’s own code leads to asking, where nothing is shared", async ({ person }) => {
  const page = await person(DOCTOR);
  await go(page, "Patients");
  await page.getByRole("link", { name: "Open with a code" }).click();
  await looksRight(page, "doctor-open-code-scan");
  putBeforeCamera(known.strangeOwn);
  await page.getByRole("button", { name: "Scan a code" }).click();
  const dialog = page.getByRole("dialog", { name: /^Ask .* for access$/ });
  await expect(dialog).toBeVisible();
  await dialog.getByRole("button", { name: "Cancel" }).click();
});

test("an offer that is scanned opens the chart, and then the patient’s own code does", async ({ person }) => {
  const patient = await person(NAME);
  await go(patient, "People");
  await patient.getByRole("link", { name: "Share by QR" }).click();
  await patient.getByRole("button", { name: "Make a code" }).click();
  const making = patient.getByRole("dialog", { name: "Make a QR code" });
  await making.getByRole("radio", { name: /Laboratory/ }).check();
  await making.getByRole("button", { name: "Make code" }).click();
  await wallet.confirm(patient);
  const shown = patient.getByRole("dialog", { name: "Code for Laboratory" });
  known.offer = await squaresOf(shown.getByRole("img", { name: "QR code that opens Laboratory" }));

  const page = await person(DOCTOR);
  await go(page, "Patients");
  await page.getByRole("link", { name: "Open with a code" }).click();
  putBeforeCamera(known.offer);
  await page.getByRole("button", { name: "Scan a code" }).click();
  await wallet.confirm(page);
  await expect(page.getByRole("heading", { level: 1, name: NAME })).toBeVisible();
  await expect(page.getByRole("link", { name: "Lipid panel" })).toBeVisible();
  // Nothing of it stands in an address or is kept.
  const kept = await page.evaluate(() => JSON.stringify([location.href, { ...localStorage }, { ...sessionStorage }]));
  expect(kept).not.toContain("MEDKEY-OFFER");

  await go(page, "Patients");
  await page.getByRole("link", { name: "Open with a code" }).click();
  putBeforeCamera(known.own);
  await page.getByRole("button", { name: "Scan a code" }).click();
  await expect(page.getByRole("heading", { level: 1, name: NAME })).toBeVisible();
  await wallet.isQuiet(page);
});

test("a recovery code that is scanned fills its fields", async ({ stranger: page, person }) => {
  // Not finished: the code of somebody who is about to register.
  const other = await person("Somebody about to register");
  await connect(other, "Someone new");
  const groups = await enter(other, PATIENT("Ana Lima", "2000-02-02"));
  const contract = process.env.MEDKEY_CONTRACT.replace(/^0x/, "").toUpperCase();
  const member = known.address.replace(/^0x/, "").toUpperCase();

  await connect(page, "Someone new", "/recover");
  await page.getByRole("button", { name: "Scan the printed code" }).click();
  const dialog = page.getByRole("dialog", { name: "Scan your recovery code" });
  const text = dialog.getByLabel("Or paste its text");
  await text.fill(known.address);
  await dialog.getByRole("button", { name: "Use this text" }).click();
  await expect(dialog.getByRole("alert")).toContainText("not a recovery code");
  await text.fill(`MEDKEY-RECOVERY:1:31337:${contract}:${member}:${groups.join("-")}`);
  await dialog.getByRole("button", { name: "Use this text" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("textbox", { name: "Group 8" })).toHaveValue(groups[7]);
  await expect(page.getByLabel("Address of the account")).toHaveValue(known.address);
  await looksRight(page, "recover-scanned");
});
