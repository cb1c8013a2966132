/**
 * The registrar's day, and the profile that a doctor or a laboratory proposes: changes, refusals, a profile that changes
 * while it is looked at, departures, hospitals, and a server that lists somebody otherwise than the chain. Its people are
 * nobody else's, so that this file runs alone too.
 */
import { PROMPTS, addressOf, connect, go, register } from "./support/acts.js";
import { PEOPLE, expect, test } from "./support/fixtures.js";
import { looksRight } from "./support/look.js";
import { wallet } from "./support/wallet.js";

test.describe.configure({ mode: "serial" });

const REGISTRAR = "Registrar at the desk";
const VOGEL = "Dr. Ida Vogel";
const LAB = "Labor Seeblick";
const LAKE = "Klinik Seeblick";
const HILL = "Haus am Berg";

const DOCTOR = {
  role: /^Doctor/,
  fields: {
    "Name with title": VOGEL,
    Profession: "Physician",
    Specialty: "Cardiology",
    Licence: "HH-71001",
    Languages: "German, Danish",
    "Telephone or e-mail": "+49 40 5550 711",
  },
  selects: { Hospital: LAKE },
};
const LABORATORY = { role: /^Laboratory/, fields: { "Name of the laboratory": LAB, Licence: "L-1" } };

/** Learnt on the way. */
let vogel = "";

const row = (page, name) => page.locator("main .row").filter({ hasText: name });
const section = (page, title) =>
  page.locator("main section").filter({ has: page.getByRole("heading", { level: 2, name: title, exact: true }) });

async function addHospital(page, name, address) {
  await page.getByRole("button", { name: "Add hospital" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a hospital" });
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByLabel("Address").fill(address);
  await dialog.getByLabel("Specialties").fill("Cardiology, Neurology");
  await dialog.getByLabel("Telephone or e-mail").fill("+49 40 5550 700");
  await dialog.getByRole("button", { name: "Add hospital" }).click();
  await wallet.confirm(page);
  await expect(row(page, name)).toBeVisible();
}

/** The dialog in which a profile is proposed. */
async function proposing(page) {
  await go(page, "My profile");
  await page.getByRole("button", { name: /^Propose / }).click();
  return page.getByRole("dialog", { name: /^Propose / });
}

async function propose(page, fields, selects = {}) {
  const dialog = await proposing(page);
  for (const [label, text] of Object.entries(fields)) await dialog.getByLabel(label).fill(text);
  for (const [label, word] of Object.entries(selects)) await dialog.getByLabel(label).selectOption({ label: word });
  await dialog.getByRole("button", { name: "Propose" }).click();
  await wallet.confirm(page);
  await expect(page.getByText("Your profile is proposed. The registrar looks at it.").last()).toBeVisible();
}

const reviewing = (page, name) => page.getByRole("dialog", { name: `Verify ${name}` });

async function verify(page, name) {
  await go(page, "To verify");
  await page.getByRole("button", { name: `Verify ${name}` }).click();
  await reviewing(page, name).getByRole("button", { name: "Verify" }).click();
  await wallet.confirm(page);
  await expect(page.getByRole("button", { name: `Verify ${name}` })).toBeHidden();
}

test("two hospitals, and a doctor who is not verified yet", async ({ person }) => {
  const registrar = await person(REGISTRAR);
  await connect(registrar, PEOPLE.registrar);
  await go(registrar, "Hospitals");
  await addHospital(registrar, LAKE, "Seeweg 1, 22087 Hamburg");
  await addHospital(registrar, HILL, "Bergstrasse 9, 20095 Hamburg");

  const doctor = await person(VOGEL);
  await connect(doctor, "Someone new");
  await register(doctor, DOCTOR, PROMPTS.professional);
  vogel = await addressOf(doctor);
  await doctor.getByRole("main").getByRole("link", { name: "My profile" }).click();
  await expect(doctor.getByRole("heading", { level: 1, name: "My profile" })).toBeVisible();
  await expect(doctor.getByText("Nothing is verified yet")).toBeVisible();
  await expect(section(doctor, "Proposed")).toContainText("Not verified yet");
  await expect(section(doctor, "Proposed")).toContainText(LAKE);
  await looksRight(doctor, "doctor-profile-new");
});

test("a profile that changes while it is looked at is looked at again, and declined once", async ({ person }) => {
  const registrar = await person(REGISTRAR);
  await go(registrar, "To verify");
  await registrar.getByRole("button", { name: `Verify ${VOGEL}` }).click();
  const dialog = reviewing(registrar, VOGEL);
  await expect(dialog).toContainText("HH-71001");
  await propose(await person(VOGEL), { Licence: "HH-71999" });
  await expect(dialog.getByRole("alert")).toContainText("The profile changed meanwhile: look at it again.");
  await expect(dialog).toContainText("HH-71001");
  await looksRight(registrar, "registrar-changed-meanwhile");
  await dialog.getByRole("button", { name: "Look at it again" }).click();
  await expect(dialog).toContainText("HH-71999");
  await expect(dialog.getByText("The profile changed meanwhile")).toBeHidden();
  await wallet.isQuiet(registrar);

  await dialog.getByRole("button", { name: "Verify" }).click();
  await wallet.decline(registrar);
  const sheet = registrar.getByRole("region", { name: `Verifying ${VOGEL}` });
  await expect(sheet).toContainText("You declined in the wallet. Nothing was changed.");
  await expect(registrar.getByRole("button", { name: `Verify ${VOGEL}` })).toBeVisible();
  await sheet.getByRole("button", { name: "Try again" }).click();
  await wallet.confirm(registrar);
  await expect(registrar.getByRole("button", { name: `Verify ${VOGEL}` })).toBeHidden();

  const doctor = await person(VOGEL);
  await expect(section(doctor, "Verified")).toContainText("HH-71999");
  await expect(section(doctor, "Verified")).toContainText("Verified doctor");
});

test("a change waits beside what is verified; the connection is lost, and a second takes its place", async ({
  person,
}) => {
  const doctor = await person(VOGEL);
  const dialog = await proposing(doctor);
  await expect(dialog.getByLabel("Name with title")).toHaveValue(VOGEL);
  await expect(dialog.getByLabel("Hospital")).toHaveValue(/\d+/);
  await dialog.getByRole("button", { name: "Propose" }).click();
  await expect(dialog).toContainText("Nothing differs from what is there.");
  await dialog.getByLabel("Specialty").fill("Neurology");
  await looksRight(doctor, "doctor-profile-propose");
  await doctor.route("**/v1/blocks/**", (route) => route.abort("connectionfailed"));
  await dialog.getByRole("button", { name: "Propose" }).click();
  const sheet = doctor.getByRole("region", { name: "Proposing your profile" });
  await expect(sheet.getByRole("button", { name: "Try again" })).toBeVisible();
  await wallet.isQuiet(doctor);
  await doctor.unroute("**/v1/blocks/**");
  await sheet.getByRole("button", { name: "Try again" }).click();
  await wallet.confirm(doctor);
  await expect(section(doctor, "Proposed")).toContainText("Neurology");

  await propose(doctor, { Languages: "German, Danish, English", "E-mail": "vogel@seeblick.example" }, { Hospital: HILL });
  const proposed = section(doctor, "Proposed");
  await expect(proposed).toContainText("Not verified yet");
  await expect(proposed).toContainText(/since [A-Za-z]+/);
  await expect(proposed).toContainText(HILL);
  await expect(section(doctor, "Verified")).toContainText(LAKE);
  await expect(section(doctor, "Verified")).not.toContainText("vogel@seeblick.example");
  await looksRight(doctor, "doctor-profile-proposed");
  await doctor.reload();
  await expect(section(doctor, "Proposed")).toContainText("vogel@seeblick.example");
});

test("the queue shows what differs, and a change is not taken over", async ({ person }) => {
  const registrar = await person(REGISTRAR);
  const doctor = await person(VOGEL);
  await go(registrar, "To verify");
  await expect(row(registrar, VOGEL)).toContainText("Changes the hospital");
  await expect(row(registrar, VOGEL)).toContainText("changes specialty, hospital, languages and e-mail");
  await looksRight(registrar, "registrar-queue-change");
  await registrar.getByRole("button", { name: `Verify ${VOGEL}` }).click();
  const dialog = reviewing(registrar, VOGEL);
  await expect(dialog.getByRole("deletion").filter({ hasText: "Cardiology" })).toBeVisible();
  await expect(dialog.getByRole("insertion").filter({ hasText: "Neurology" })).toBeVisible();
  await looksRight(registrar, "registrar-verify-change");
  await dialog.getByRole("button", { name: "Cancel" }).click();

  await registrar.getByRole("button", { name: `Refuse ${VOGEL}` }).click();
  const refusing = registrar.getByRole("dialog", { name: `Refuse the change of ${VOGEL}` });
  await expect(refusing).toContainText(`Patients go on seeing ${VOGEL} as verified before.`);
  await looksRight(registrar, "registrar-keep");
  await refusing.getByRole("button", { name: "Keep as verified" }).click();
  await wallet.confirm(registrar);
  await expect(row(registrar, VOGEL)).toBeHidden();

  await expect(doctor.getByText("The registrar did not take your change over")).toBeVisible();
  await expect(section(doctor, "Verified")).toContainText("Cardiology");
  await looksRight(doctor, "doctor-profile-kept");
  // What was entered is not entered again.
  const again = await proposing(doctor);
  await expect(again.getByLabel("Specialty")).toHaveValue("Neurology");
  await again.getByRole("button", { name: "Cancel" }).click();
});

test("a doctor leaves the hospital: proposed by the doctor, and on the registrar's own account", async ({ person }) => {
  const registrar = await person(REGISTRAR);
  const doctor = await person(VOGEL);
  await propose(doctor, { Specialty: "Cardiology" }, { Hospital: "None" });
  await go(registrar, "To verify");
  await expect(row(registrar, VOGEL)).toContainText(`Leaves ${LAKE}`);
  await verify(registrar, VOGEL);
  await expect(section(doctor, "Verified")).not.toContainText(LAKE);

  await propose(doctor, {}, { Hospital: HILL });
  await verify(registrar, VOGEL);
  await go(registrar, "Members");
  await registrar.getByRole("link", { name: VOGEL }).click();
  await expect(registrar.getByRole("heading", { level: 1, name: VOGEL })).toBeVisible();
  await registrar.getByRole("button", { name: "Has left the hospital" }).click();
  const dialog = registrar.getByRole("dialog", { name: `Has ${VOGEL} left the hospital?` });
  await looksRight(registrar, "registrar-left");
  await dialog.getByRole("button", { name: "Take off the hospital" }).click();
  await wallet.confirm(registrar);
  await expect(section(registrar, "What happened")).toContainText(`left ${HILL}`);
  await propose(doctor, {}, { Hospital: HILL });
  await verify(registrar, VOGEL);
});

test("a laboratory is refused, sees why, proposes again and is verified", async ({ person }) => {
  const registrar = await person(REGISTRAR);
  const lab = await person(LAB);
  await connect(lab, "Someone new");
  await register(lab, LABORATORY, PROMPTS.professional);
  await go(registrar, "To verify");
  await registrar.getByRole("button", { name: `Refuse ${LAB}` }).click();
  const refusing = registrar.getByRole("dialog", { name: `Refuse ${LAB}` });
  await refusing.getByLabel("Reason").selectOption({ label: "The profile is not complete" });
  await refusing.getByRole("button", { name: "Refuse" }).click();
  await wallet.confirm(registrar);

  await expect(lab.getByText("The registrar did not verify you")).toBeVisible();
  await go(lab, "My profile");
  await expect(lab.getByText("The registrar did not verify you")).toBeVisible();
  await expect(lab.getByText("The profile is not complete.")).toBeVisible();
  await looksRight(lab, "lab-profile-refused");
  const dialog = await proposing(lab);
  await expect(dialog.getByLabel("Name of the laboratory")).toHaveValue(LAB);
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await propose(lab, { Licence: "HH-LAB-71", Telephone: "+49 40 5550 720" });
  await expect(section(lab, "Proposed")).toContainText("HH-LAB-71");
  await verify(registrar, LAB);
  await expect(section(lab, "Verified")).toContainText("HH-LAB-71");
});

test("a member's page shows the whole profile and what happened; suspended, the member is told why", async ({
  person,
}) => {
  const registrar = await person(REGISTRAR);
  const doctor = await person(VOGEL);
  await go(registrar, "Members");
  await registrar.getByRole("searchbox").fill("vogel cardio");
  await expect(row(registrar, LAB)).toBeHidden();
  await registrar.getByRole("searchbox").fill("");
  await registrar.getByRole("radio", { name: "Laboratories" }).check();
  await expect(row(registrar, LAB)).toBeVisible();
  await expect(row(registrar, VOGEL)).toBeHidden();
  await registrar.getByLabel("State").selectOption({ label: "Suspended" });
  await expect(row(registrar, LAB)).toBeHidden();
  await registrar.getByRole("searchbox").fill("nobody of this name");
  await expect(registrar.getByText("Nobody matches")).toBeVisible();
  await looksRight(registrar, "registrar-members-none");
  await registrar.getByRole("button", { name: "Clear the search" }).click();
  await looksRight(registrar, "registrar-members-found");

  await registrar.getByRole("link", { name: VOGEL }).click();
  await expect(section(registrar, "Verified profile")).toContainText("HH-71999");
  await expect(registrar.getByText(/role, state, hospital and profile are those on the chain/)).toBeVisible();
  await registrar.getByRole("button", { name: "Suspend" }).click();
  const suspending = registrar.getByRole("dialog", { name: `Suspend ${VOGEL}` });
  await suspending.getByLabel("Reason").selectOption({ label: "The licence could not be confirmed" });
  await suspending.getByRole("button", { name: "Suspend" }).click();
  await wallet.confirm(registrar);
  const happened = section(registrar, "What happened");
  await expect(happened).toContainText("Suspended");
  await expect(happened).toContainText("The licence could not be confirmed.");
  await expect(registrar.getByRole("button", { name: "Reinstate" })).toBeVisible();
  await looksRight(registrar, "registrar-member");

  await expect(doctor.getByText("The registrar has suspended this account").first()).toBeVisible();
  await go(doctor, "My profile");
  await expect(doctor.getByRole("main")).toContainText("The licence could not be confirmed.");
  await expect(doctor.getByRole("button", { name: /^Propose / })).toBeDisabled();
  await looksRight(doctor, "doctor-profile-suspended");
  await registrar.getByRole("button", { name: "Reinstate" }).click();
  await wallet.confirm(registrar);
  await expect(happened).toContainText("Reinstated");
  await expect(doctor.getByRole("button", { name: /^Propose / })).toBeEnabled();
});

test("a hospital's page, and closing it", async ({ person }) => {
  const registrar = await person(REGISTRAR);
  await go(registrar, "Hospitals");
  await registrar.getByRole("link", { name: HILL }).click();
  await expect(registrar.getByRole("heading", { level: 1, name: HILL })).toBeVisible();
  await expect(section(registrar, "Doctors")).toContainText(VOGEL);
  await expect(section(registrar, "Contact")).toContainText("Bergstrasse 9");
  await registrar.getByRole("button", { name: "Edit" }).click();
  const editing = registrar.getByRole("dialog", { name: `Edit ${HILL}` });
  await editing.getByLabel("Website").fill("https://berg.example");
  await editing.getByRole("button", { name: "Save" }).click();
  await wallet.confirm(registrar);
  await expect(section(registrar, "Contact")).toContainText("https://berg.example");
  await looksRight(registrar, "registrar-hospital-page");

  await registrar.getByRole("main").getByRole("button", { name: "Close" }).click();
  const closing = registrar.getByRole("dialog", { name: `Close ${HILL}?` });
  await expect(closing).toContainText("No doctor can be verified there any more. This cannot be undone.");
  await expect(closing).toContainText("The page and its one doctor stay");
  await looksRight(registrar, "registrar-hospital-close");
  await closing.getByRole("button", { name: "Close hospital" }).click();
  await wallet.decline(registrar);
  const sheet = registrar.getByRole("region", { name: `Closing ${HILL}` });
  await expect(sheet).toContainText("You declined in the wallet.");
  await sheet.getByRole("button", { name: "Try again" }).click();
  await wallet.confirm(registrar);
  await expect(registrar.getByText("No doctor can be verified here any more.")).toBeVisible();
  await expect(section(registrar, "Doctors")).toContainText(VOGEL);
});

test("the overview counts, and says whether server and chain agree", async ({ person }) => {
  const registrar = await person(REGISTRAR);
  await go(registrar, "Overview");
  const told = section(registrar, "Server and chain");
  await expect(told).toContainText("names this account as registrar");
  await expect(told).toContainText("chosen at random stand on the chain as they are listed");
  await expect(told).toContainText("Last gone through today");
  await expect(section(registrar, "Members").getByRole("row", { name: /^Doctors/ })).toBeVisible();
  await expect(section(registrar, "Doctors").getByRole("row", { name: new RegExp(`^${HILL}`) })).toContainText("1");
  await expect(section(registrar, "Doctors").getByRole("row", { name: /^Cardiology/ })).toBeVisible();
  await expect(section(registrar, "What happened").getByRole("row")).not.toHaveCount(1);
  await looksRight(registrar, "registrar-overview");
});

test("a server that lists a member otherwise than the chain is caught", async ({ person }) => {
  const registrar = await person(REGISTRAR);
  await registrar.route("**/v1/members?**", async (route) => {
    const answer = await route.fetch();
    const told = await answer.json();
    for (const item of told.items ?? []) if (item.member.toLowerCase() === vogel.toLowerCase()) item.status = "suspended";
    await route.fulfill({ response: answer, json: told });
  });
  await registrar.reload();
  await go(registrar, "Members");
  await expect(registrar.getByText("The server cannot be believed")).toBeVisible();
  await expect(registrar.getByText("The server lists somebody otherwise than the chain does.")).toBeVisible();
  await looksRight(registrar, "registrar-members-lie");
  await registrar.unrouteAll({ behavior: "wait" });
  await registrar.reload();
  await go(registrar, "Members");
  await expect(row(registrar, VOGEL)).toBeVisible();
  await expect(registrar.getByText("The server cannot be believed")).toBeHidden();
});

test("without a connection the desk says so, and is read again", async ({ person }) => {
  const registrar = await person(REGISTRAR);
  await registrar.route("**/v1/members?**", (route) => route.abort("connectionfailed"));
  await registrar.reload();
  await go(registrar, "Members");
  await expect(registrar.getByRole("button", { name: "Try again" })).toBeVisible();
  await looksRight(registrar, "registrar-members-away");
  await registrar.unrouteAll({ behavior: "wait" });
  await registrar.getByRole("button", { name: "Try again" }).click();
  await expect(row(registrar, VOGEL)).toBeVisible();
});

/** What the registrar may ask of the contract, by selector: members and hospitals. */
const VIEWS = { viewMember: "3d7371d7", viewHospital: "3d55352b", viewRegistrar: "e074a8d5" };
const ACTS = {
  verify: "2b650450",
  refuse: "915cae60",
  suspend: "9252965d",
  reinstate: "830aebd9",
  addHospital: "90c2ef6e",
  updateHospital: "62191fde",
  closeHospital: "df504db5",
};
/** What the registrar may ask of the relay. */
const PATHS = /^\/v1\/(info|members|members\/0x[0-9a-fA-F]{40}(\/history)?|hospitals|registry|health|live)$/;

test("nothing medical is ever asked for in a registrar's whole session", async ({ stranger: page }) => {
  const [here, node] = [new URL(process.env.MEDKEY_PAGE), new URL(process.env.MEDKEY_RPC)];
  const unexpected = [];
  const blocks = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    const say = (what) => unexpected.push(`${request.method()} ${what}`);
    if (url.origin === node.origin) {
      for (const { method, params } of [JSON.parse(request.postData() ?? "[]")].flat()) {
        if (/sign/i.test(method)) say(method);
        const asked = params?.[0]?.data ?? params?.[0]?.input;
        const known = method === "eth_call" ? Object.values(VIEWS) : [];
        if (asked && ![...known, ...Object.values(ACTS)].includes(asked.slice(2, 10))) say(`${method} ${asked.slice(0, 10)}`);
      }
      return;
    }
    if (url.origin !== here.origin) return say(url.href);
    if (request.headers().authorization) say(`${url.pathname} in a session`);
    if (url.pathname === "/v1/live" && url.searchParams.has("chart")) say(url.href);
    if (url.pathname.startsWith("/ipfs/") || url.pathname.startsWith("/v1/blocks/")) return blocks.push(request);
    if (url.pathname.startsWith("/v1/") && !PATHS.test(url.pathname)) say(url.pathname);
  });

  await connect(page, PEOPLE.registrar);
  await expect(page.getByRole("heading", { level: 1, name: "To verify" })).toBeVisible();
  await go(page, "Members");
  await page.getByRole("link", { name: VOGEL }).click();
  await expect(page.getByText(/are those on the chain, block/)).toBeVisible();
  await page.getByRole("button", { name: "Suspend" }).click();
  await page.getByRole("dialog", { name: `Suspend ${VOGEL}` }).getByRole("button", { name: "Suspend" }).click();
  await wallet.confirm(page);
  await page.getByRole("button", { name: "Reinstate" }).click();
  await wallet.confirm(page);
  await expect(page.getByRole("button", { name: "Suspend" })).toBeVisible();
  await go(page, "Hospitals");
  await page.getByRole("link", { name: LAKE }).click();
  await page.getByRole("button", { name: "Edit" }).click();
  const editing = page.getByRole("dialog", { name: `Edit ${LAKE}` });
  await editing.getByLabel("Website").fill("https://seeblick.example");
  await editing.getByRole("button", { name: "Save" }).click();
  await wallet.confirm(page);
  await expect(page.getByText("https://seeblick.example")).toBeVisible();
  await go(page, "Overview");
  await expect(page.getByText(/chosen at random/)).toBeVisible();
  await go(page, "Settings");
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();

  expect(unexpected).toEqual([]);
  // Every block that was fetched or left is a profile or a hospital's page, in the clear for everybody.
  expect(blocks.length).toBeGreaterThan(0);
  for (const request of blocks) {
    const answer = await request.response();
    // Who registered through another relay left the profile there.
    if (answer.status() === 404) continue;
    const bytes = request.method() === "PUT" ? request.postDataBuffer() : await answer.body();
    // Its first bytes: seven fields, the version, the kind.
    expect(bytes[0]).toBe(0x87);
    expect([3, 4]).toContain(bytes[2]);
  }
});
