/**
 * The whole story, told once: from a chosen file to a doctor's screen and back out of reach. Each person has a browser
 * of their own; the chain, the relay and the page are the real ones. The tests follow each other.
 */
import {
  PATIENT,
  PROMPTS,
  addRecord,
  addressOf,
  chooseRecord,
  connect,
  enter,
  go,
  real,
  register,
  savesTheSame,
  typeBack,
} from "./support/acts.js";
import { PEOPLE, expect, test } from "./support/fixtures.js";
import { looksRight } from "./support/look.js";
import { wallet } from "./support/wallet.js";

test.describe.configure({ mode: "serial" });

const DOCTOR = {
  role: /^Doctor/,
  fields: {
    "Name with title": PEOPLE.lindqvist,
    Profession: "Physician",
    Specialty: "Cardiology",
    Licence: "HH-20417",
    Languages: "German, English",
  },
  selects: { Hospital: "Marienhospital" },
};
const LABORATORY = {
  role: /^Laboratory/,
  fields: { "Name of the laboratory": PEOPLE.nordlab, Licence: "HH-LAB-0417" },
};

/** Learnt on the way. */
const amara = { address: "", code: [] };

test("a newcomer sees what it is, and the wallets of this browser", async ({ stranger: page }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Your health record, under your key." })).toBeVisible();
  await expect(page.getByRole("main").getByRole("button", { name: /^Demo wallet/ })).toBeVisible();
  await looksRight(page, "welcome");
});

test("the registrar adds a hospital", async ({ person }) => {
  const page = await person(PEOPLE.registrar);
  await connect(page, PEOPLE.registrar);
  await expect(page.getByRole("heading", { level: 1, name: "To verify" })).toBeVisible();
  await expect(page.getByText("Nobody waits to be verified")).toBeVisible();
  await looksRight(page, "registrar-verify-empty");

  await go(page, "Hospitals");
  await looksRight(page, "registrar-hospitals-empty");
  await page.getByRole("button", { name: "Add hospital" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a hospital" });
  await dialog.getByLabel("Name").fill("Marienhospital");
  await dialog.getByLabel("Address").fill("Alfredstrasse 9, 22087 Hamburg");
  await dialog.getByLabel("Specialties").fill("Cardiology, Orthopaedics");
  await looksRight(page, "registrar-hospital");
  await dialog.getByRole("button", { name: "Add hospital" }).click();
  await wallet.confirm(page);
  await expect(page.getByRole("listitem").filter({ hasText: "Marienhospital" })).toBeVisible();
  await looksRight(page, "registrar-hospitals");
});

test("a patient registers: declines once, types the recovery code back, and goes on where it stopped", async ({
  person,
}) => {
  const page = await person(PEOPLE.amara);
  await connect(page, PEOPLE.amara);
  amara.code = await enter(page, PATIENT(PEOPLE.amara, "1971-05-04"), (name) => looksRight(page, `patient-${name}`));
  expect(amara.code).toHaveLength(8);

  const create = page.getByRole("button", { name: "Create my record" });
  await typeBack(page, amara.code.map(() => "AAAAA"));
  await expect(page.getByText(/^That is not group/).first()).toBeVisible();
  await expect(create).toBeDisabled();
  await typeBack(page, amara.code);
  await create.click();

  await expect(page.getByRole("heading", { level: 1, name: "Confirm in Demo wallet" })).toBeVisible();
  await looksRight(page, "register-confirm");
  await page.getByRole("button", { name: "Open Demo wallet" }).click();
  await wallet.decline(page);
  await expect(page.getByRole("alert")).toContainText("You declined in the wallet. Nothing was changed.");
  await looksRight(page, "register-declined");

  await page.getByRole("button", { name: "Try again" }).click();
  await wallet.confirmAll(page, PROMPTS.patient);
  await expect(page.getByRole("heading", { level: 1, name: /, Amara$/ })).toBeVisible();
  await expect(page.getByText("Your record is empty")).toBeVisible();
  await looksRight(page, "patient-home-empty");
  for (const place of ["Requests", "People"]) {
    await go(page, place);
    await expect(page.getByRole("heading", { level: 1, name: place })).toBeVisible();
    await looksRight(page, `patient-${place.toLowerCase()}-empty`);
  }
  amara.address = await addressOf(page);
  await looksRight(page, "patient-settings");
});

test("the patient adds a laboratory report, a scan, a letter and an image series", async ({ person }) => {
  const page = await person(PEOPLE.amara);
  const dialog = await chooseRecord(page, real("lipid-panel.json"));
  await expect(dialog.getByLabel("Title")).toHaveValue("Lipid panel");
  await expect(dialog.getByRole("radio", { name: "Laboratory" })).toBeChecked();
  await looksRight(page, "patient-add-record");
  await dialog.getByRole("button", { name: "Add record" }).click();

  const sheet = page.getByRole("region", { name: "Adding Lipid panel" });
  await wallet.prompt(page).waitFor();
  await expect(sheet).toContainText("Confirm in Demo wallet");
  await wallet.decline(page);
  await expect(sheet).toContainText("You declined in the wallet.");
  await looksRight(page, "patient-adding-declined");
  await sheet.getByRole("button", { name: "Try again" }).click();
  await wallet.confirm(page);
  await expect(page.getByText("Lipid panel is in your chart.")).toBeVisible();

  await addRecord(page, real("head-scan.png"), "Head scan");
  await addRecord(page, real("blood-count.pdf"), "Full blood count");
  await addRecord(page, real("head-ct.dcm"), "CT head");
  await go(page, "Records");
  for (const title of ["Lipid panel", "Head scan", "Full blood count", "CT head"]) {
    await expect(page.getByRole("link", { name: title })).toBeVisible();
  }
  await expect(page.getByText("Complete")).toBeVisible();
  await looksRight(page, "patient-records");

  await page.getByRole("radio", { name: "Imaging" }).check();
  await expect(page.getByRole("link", { name: "Lipid panel" })).toBeHidden();
  await page.getByRole("radio", { name: "All" }).check();
  await page.getByRole("searchbox").fill("lipid");
  await expect(page.getByRole("link", { name: "Head scan" })).toBeHidden();
  await page.getByRole("link", { name: "Lipid panel" }).click();
});

test("each kind of file is shown or saved as it was", async ({ person }) => {
  const page = await person(PEOPLE.amara);
  const open = async (title) => {
    await go(page, "Records");
    // What was searched for stays while one looks at what was found.
    await page.getByRole("searchbox").fill("");
    await page.getByRole("link", { name: title }).click();
    await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  };
  await open("Lipid panel");
  const row = (name) => page.getByRole("row", { name: new RegExp(`^${name}`) });
  await expect(row("Cholesterol, total")).toContainText("6.31");
  await expect(row("Cholesterol, total")).toContainText("High");
  await expect(row("LDL cholesterol")).toContainText("under 3.4");
  await expect(row("Triglycerides")).toContainText("1.10");
  await expect(page.getByText("Authentic and unchanged")).toBeVisible();
  await looksRight(page, "patient-record-fhir");
  await savesTheSame(page, page.getByRole("button", { name: "Download" }), "lipid-panel.json");

  await open("Head scan");
  const scan = page.getByRole("img", { name: "Head scan" });
  await expect(scan).toBeVisible();
  expect(await scan.evaluate((image) => image.naturalWidth)).toBe(384);
  await looksRight(page, "patient-record-image");

  await open("Full blood count");
  await expect(page.getByRole("group", { name: "Page 1 of 1" })).toContainText("Haemoglobin");
  await savesTheSame(page, page.getByRole("button", { name: "Download" }), "blood-count.pdf");

  await open("CT head");
  await expect(page.getByRole("img", { name: "CT head" })).toBeVisible();
  await savesTheSame(page, page.getByRole("button", { name: "Download" }), "head-ct.dcm");
});

test("a doctor and a laboratory register and wait", async ({ person }) => {
  const doctor = await person(PEOPLE.lindqvist);
  await connect(doctor, PEOPLE.lindqvist);
  await register(doctor, DOCTOR, PROMPTS.professional, (name) => looksRight(doctor, `doctor-${name}`));
  await expect(doctor.getByText("The registrar has not verified you yet")).toBeVisible();
  await looksRight(doctor, "doctor-unverified");

  const lab = await person(PEOPLE.nordlab);
  await connect(lab, PEOPLE.nordlab);
  await register(lab, LABORATORY, PROMPTS.professional, (name) => looksRight(lab, `lab-${name}`));
  await expect(lab.getByText("The registrar has not verified you yet")).toBeVisible();
});

test("the registrar verifies both, and sees nothing medical", async ({ person }) => {
  const page = await person(PEOPLE.registrar);
  await go(page, "To verify");
  await expect(page.getByRole("button", { name: `Verify ${PEOPLE.lindqvist}` })).toBeVisible();
  await expect(page.getByText(PEOPLE.amara)).toBeHidden();
  await looksRight(page, "registrar-verify");

  await page.getByRole("button", { name: `Refuse ${PEOPLE.lindqvist}` }).click();
  await looksRight(page, "registrar-refuse-profile");
  await page.getByRole("dialog", { name: `Refuse ${PEOPLE.lindqvist}` }).getByRole("button", { name: "Cancel" }).click();

  for (const name of [PEOPLE.lindqvist, PEOPLE.nordlab]) {
    await page.getByRole("button", { name: `Verify ${name}` }).click();
    const dialog = page.getByRole("dialog", { name: `Verify ${name}` });
    if (name === PEOPLE.lindqvist) {
      await expect(dialog.getByLabel("Works at")).toHaveValue(/.+/);
      await looksRight(page, "registrar-verify-profile");
    }
    await dialog.getByRole("button", { name: "Verify" }).click();
    await wallet.confirm(page);
    await expect(page.getByRole("button", { name: `Verify ${name}` })).toBeHidden();
  }
  await go(page, "Members");
  await expect(page.getByRole("button", { name: `Suspend ${PEOPLE.nordlab}` })).toBeVisible();
  await looksRight(page, "registrar-members");
});

test("the doctor asks for the laboratory folder, with a reason", async ({ person }) => {
  const page = await person(PEOPLE.lindqvist);
  // Nobody reloads: the page learns by itself that the registrar has verified.
  await expect(page.getByText("Nothing waits for you")).toBeVisible();
  await looksRight(page, "doctor-today-empty");
  await page.getByRole("button", { name: "Ask for access" }).click();
  const dialog = page.getByRole("dialog", { name: "Ask for access" });
  await dialog.getByLabel("Patient’s address").fill(amara.address);
  await dialog.getByRole("checkbox", { name: /Laboratory/ }).check();
  await dialog.getByRole("radio", { name: "30 days" }).check();
  await dialog.getByLabel("Why").fill("Your cholesterol before we talk on Thursday");
  await looksRight(page, "doctor-ask");
  await dialog.getByRole("button", { name: "Ask for access" }).click();
  await wallet.confirm(page);
  await go(page, "Requests");
  await expect(page.getByText("Pending")).toBeVisible();
  await looksRight(page, "doctor-requests");
});

test("the patient reads who asks and why, and grants 30 days", async ({ person }) => {
  const page = await person(PEOPLE.amara);
  await go(page, "Home");
  await expect(page.getByText("“Your cholesterol before we talk on Thursday”")).toBeVisible();
  await looksRight(page, "patient-home-request");
  await go(page, "Requests");
  await looksRight(page, "patient-requests");
  await page.getByRole("button", { name: `Review request ${PEOPLE.lindqvist}` }).click();
  const dialog = page.getByRole("dialog", { name: `Share Laboratory with ${PEOPLE.lindqvist}` });
  await expect(dialog.getByRole("checkbox", { name: /Laboratory/ })).toBeChecked();
  await dialog.getByRole("radio", { name: "30 days" }).check();
  await looksRight(page, "patient-share");
  await dialog.getByRole("button", { name: "Share" }).click();
  await wallet.confirm(page);
  await expect(page.getByText("Shared", { exact: true })).toBeVisible();
  await go(page, "People");
  await expect(page.getByText("never opened")).toBeVisible();
  await looksRight(page, "patient-people");
});

/** The doctor opens Amara's chart: the visit is logged first. */
/** The name lies in the grant's envelope, which is handed out only once the visit is logged. */
const patient = /^(Amara Osei|Patient 0x)/;

async function openChart(page) {
  await go(page, "Patients");
  await page.getByRole("link", { name: patient }).click();
  await page.getByRole("button", { name: "Open chart" }).click();
  await wallet.confirm(page);
  await expect(page.getByText(/This visit was logged at/)).toBeVisible();
}

test("the doctor opens the chart and reads the report", async ({ person }) => {
  const page = await person(PEOPLE.lindqvist);
  await go(page, "Patients");
  await expect(page.getByRole("link", { name: /^Patient 0x/ })).toBeVisible();
  await expect(page.getByText(PEOPLE.amara)).toBeHidden();
  await looksRight(page, "doctor-patients");
  await page.getByRole("link", { name: patient }).click();
  await expect(page.getByRole("button", { name: "Open chart" })).toBeVisible();
  await looksRight(page, "doctor-chart-closed");
  await openChart(page);
  await expect(page.getByText("born 4 May 1971")).toBeVisible();
  // The scan lies in another folder.
  await expect(page.getByRole("link", { name: "Head scan" })).toBeHidden();
  await looksRight(page, "doctor-chart");
  await page.getByRole("link", { name: "Lipid panel" }).click();
  await expect(page.getByRole("row", { name: /^LDL cholesterol/ })).toContainText("4.05");
  await looksRight(page, "doctor-record");
});

test("the patient sees on the timeline that it was opened", async ({ person }) => {
  const page = await person(PEOPLE.amara);
  await go(page, "Home");
  await expect(page.getByText("opened your chart")).toBeVisible();
  await looksRight(page, "patient-home");
  await go(page, "Timeline");
  const opened = page.getByRole("listitem").filter({ hasText: PEOPLE.lindqvist }).filter({ hasText: "opened" });
  await expect(opened.first()).toBeVisible();
  await expect(page.getByText("Complete")).toBeVisible();
  const delivered = page.getByRole("listitem").filter({ hasText: "The server handed encrypted files to" });
  await expect(delivered.first()).toContainText("The server’s word");
  await looksRight(page, "patient-timeline");

  await opened.first().locator("summary").click();
  await expect(opened.first()).toContainText(/Transaction\s*0x[0-9a-f]{64}/);
  await page.getByRole("radio", { name: "Shared" }).check();
  await expect(page).toHaveURL(/show=shared/);
  await expect(opened.first()).toBeHidden();
  await looksRight(page, "patient-timeline-shared");
  await page.getByRole("radio", { name: "Everything" }).check();
});

test("a laboratory delivers a batch, and the doctor who holds the folder reads it at once", async ({ person }) => {
  const lab = await person(PEOPLE.nordlab);
  await expect(lab.getByText("Drop reports here")).toBeVisible();
  await looksRight(lab, "lab-deliver-empty");
  await lab.locator("input[type=file]").setInputFiles([real("blood-count.pdf"), real("lipid-panel.json")]);
  for (const [file, title] of [
    ["blood-count.pdf", "Blood count of November"],
    ["lipid-panel.json", "Lipid panel, second sample"],
  ]) {
    await lab.getByRole("button", { name: `Choose patient ${file}` }).click();
    const dialog = lab.getByRole("dialog", { name: `Who is ${file} for?` });
    await dialog.getByLabel("Patient’s address").fill(amara.address);
    await dialog.getByLabel("Title").fill(title);
    await dialog.getByRole("radio", { name: "Laboratory" }).check();
    if (file === "blood-count.pdf") await looksRight(lab, "lab-match");
    await dialog.getByRole("button", { name: "Set" }).click();
  }
  await looksRight(lab, "lab-deliver");
  await lab.getByRole("button", { name: "Deliver 2 reports" }).click();
  await wallet.confirm(lab);
  await expect(lab.getByText("Delivered", { exact: true })).toHaveCount(2);
  await go(lab, "Delivered");
  await expect(lab.getByText("Blood count of November")).toBeVisible();
  await looksRight(lab, "lab-delivered");

  const doctor = await person(PEOPLE.lindqvist);
  await go(doctor, "Today");
  await expect(doctor.getByText("New since your last visit")).toBeVisible();
  await looksRight(doctor, "doctor-today");
  await go(doctor, "Patients");
  await doctor.getByRole("link", { name: patient }).click();
  await doctor.getByRole("link", { name: "Lipid panel, second sample" }).click();
  await expect(doctor.getByRole("row", { name: /^HDL cholesterol/ })).toContainText("1.42");
});

test("the doctor writes a note and a prescription", async ({ person }) => {
  const page = await person(PEOPLE.lindqvist);
  await go(page, "Patients");
  await page.getByRole("link", { name: patient }).click();
  await page.getByRole("button", { name: "Note" }).click();
  const note = page.getByRole("dialog", { name: /note/i });
  await note.getByLabel("Note", { exact: true }).fill("LDL too high. Diet first, control in three months.");
  await looksRight(page, "doctor-note");
  await note.getByRole("button", { name: "File note" }).click();
  await wallet.confirm(page);
  await expect(page.getByRole("link", { name: "Consultation note" })).toBeVisible();

  await page.getByRole("button", { name: "Prescribe" }).click();
  await looksRight(page, "doctor-prescribe");
  const prescription = page.getByRole("dialog", { name: `Prescribe for ${PEOPLE.amara}` });
  await prescription.getByLabel("Medicine").fill("Atorvastatin 20 mg");
  await prescription.getByLabel("Dose").fill("1 tablet");
  await prescription.getByLabel("When").fill("once a day, in the evening");
  await prescription.getByLabel("For", { exact: true }).fill("90 days");
  await prescription.getByRole("button", { name: "Prescribe" }).click();
  await wallet.confirm(page);
  await expect(page.getByRole("link", { name: "Atorvastatin 20 mg" })).toBeVisible();
});

test("the patient revokes: what it does is said first", async ({ person }) => {
  const page = await person(PEOPLE.amara);
  await go(page, "People");
  await page.getByRole("button", { name: `Revoke ${PEOPLE.lindqvist}` }).click();
  const dialog = page.getByRole("dialog", { name: /Revoke/ });
  await expect(dialog).toContainText("what was read cannot be taken back");
  await looksRight(page, "patient-revoke");
  await dialog.getByRole("button", { name: "Revoke" }).click();
  await wallet.confirm(page);
  await expect(page.getByText(/revoked by you on/)).toBeVisible();
  await looksRight(page, "patient-people-ended");
});

test("the doctor is refused", async ({ person }) => {
  const page = await person(PEOPLE.lindqvist);
  await go(page, "Patients");
  await expect(page.getByText("Ended")).not.toHaveCount(0);
  await expect(page.getByRole("link", { name: patient })).toBeHidden();
  // An address that was kept is of no use either.
  await page.goBack();
  await expect(page.getByText("You can no longer open this chart")).toBeVisible();
  await looksRight(page, "doctor-chart-ended");
});

test("with the recovery code alone the record comes back on a new device", async ({ stranger: page }) => {
  await connect(page, "Someone new", "/recover");
  await expect(page.getByRole("heading", { level: 1, name: "Use your recovery code" })).toBeVisible();
  await page.getByRole("textbox", { name: "Group 1" }).fill(amara.code.join("-"));
  await page.getByLabel("Address of the account").fill(amara.address);
  await looksRight(page, "recover");
  await page.getByRole("button", { name: "Recover" }).click();
  // This wallet's account could take the record over; reading needs nothing of it.
  await page.getByRole("button", { name: "Only read for now" }).click();
  await go(page, "Records");
  await page.getByRole("link", { name: "Lipid panel", exact: true }).click();
  await expect(page.getByRole("row").filter({ hasText: "Triglycerides" })).toContainText("1.10");
});

test("a wrong recovery code opens nothing and says so", async ({ stranger: page }) => {
  await connect(page, "Someone new", "/recover");
  const wrong = [amara.code[1], amara.code[0], ...amara.code.slice(2)];
  await page.getByRole("textbox", { name: "Group 1" }).fill(wrong.join("-"));
  await page.getByLabel("Address of the account").fill(amara.address);
  await page.getByRole("button", { name: "Recover" }).click();
  await expect(page.getByRole("alert")).toContainText("Check the code and try again.");
});
