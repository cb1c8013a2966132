/** What is drawn inside the record page: PDF, DICOM and pictures; and what hostile files do not get done. */
import { readFile } from "node:fs/promises";
import { PATIENT, PROMPTS, chooseRecord, connect, go, real, register, savesTheSame } from "./support/acts.js";
import { expect, test } from "./support/fixtures.js";
import { looksRight } from "./support/look.js";
import { wallet } from "./support/wallet.js";

test.describe.configure({ mode: "serial" });

/** An account that was nobody before. */
const NAME = "Edda Falk";

const PDF = "application/pdf";
const DICOM = "application/dicom";
const MARKUP = `<img src=x onerror="window.ran=1">`;

/** The place of an element of explicit VR in a DICOM file. */
const elementAt = (bytes, group, number, vr) =>
  bytes.indexOf(Buffer.concat([Buffer.from(Uint16Array.of(group, number).buffer), Buffer.from(vr)]));

/** Every file with its title: what is shown, then what is hostile or broken. */
async function files() {
  const names = ["discharge-letter.pdf", "hostile.pdf", "locked.pdf", "head-ct.dcm", "head-series.dcm", "head-scan.png"];
  const [letter, hostile, locked, ct, series, scan] = await Promise.all(names.map((name) => readFile(real(name))));
  const absurd = Buffer.from(ct);
  for (const number of [0x0010, 0x0011]) absurd.writeUInt16LE(65_535, elementAt(absurd, 0x0028, number, "US") + 8);
  const marked = Buffer.from(ct);
  // As long as the name that it takes the place of.
  marked.write("<b>x</b>^A", elementAt(marked, 0x0010, 0x0010, "PN") + 8, "latin1");
  const turned = Buffer.from(letter.toString("latin1").replace(/startxref\n\d+/, "startxref\n99999999"), "latin1");
  const html = Buffer.from(`<!doctype html><script>window.ran = true</script>${MARKUP}`);
  const svg = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg"><script>window.ran = true</script></svg>`);
  const file = (name, mimeType, buffer) => ({ name, mimeType, buffer });
  return [
    [file("discharge-letter.pdf", PDF, letter), "Discharge letter"],
    [file("head-ct.dcm", DICOM, ct), "CT head"],
    [file("head-series.dcm", DICOM, series), "MR head"],
    [file("head-scan.png", "image/png", scan), "Head scan"],
    [file("hostile.pdf", PDF, hostile), `Hostile ${MARKUP}`],
    [file("locked.pdf", PDF, locked), "Locked letter"],
    [file("turned.pdf", PDF, turned), "Letter without its table"],
    [file("broken.pdf", PDF, Buffer.from("%PDF-1.7\nnothing of it is left")), "Broken letter"],
    [file("absurd.dcm", DICOM, absurd), "Absurd image"],
    [file("cut.dcm", DICOM, ct.subarray(0, ct.length - 5000)), "Cut image"],
    [file("marked.dcm", DICOM, marked), "Marked image"],
    [file("junk.dcm", DICOM, Buffer.from("not DICOM at all")), "Junk image"],
    [file("page.png", "image/png", html), "Page as a picture"],
    [file("drawing.svg", "image/svg+xml", svg), "Drawing"],
    [file("page.html", "text/html", html), "Page"],
  ];
}

/** Opens a record from the list. */
async function open(page, title) {
  await go(page, "Records");
  await page.getByRole("main").getByRole("link", { name: title, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
}

/** How bright a canvas is: the mean of its reds. */
const brightness = (canvas) =>
  canvas.evaluate((element) => {
    const { data } = element.getContext("2d").getImageData(0, 0, element.width, element.height);
    return data.filter((_, at) => at % 4 === 0).reduce((sum, red) => sum + red, 0) / (data.length / 4);
  });

/** Every address that was asked for, and every dialog and window that opened. */
const requests = [];
const opened = [];

test("a patient with good and with hostile files", async ({ person }) => {
  const page = await person(NAME);
  page.on("request", (request) => requests.push(request.url()));
  page.on("dialog", async (dialog) => {
    opened.push(dialog.message());
    await dialog.dismiss();
  });
  // Only what the page opens: the check of its accessibility has pages of its own.
  page.on("popup", (other) => opened.push(other.url()));
  await connect(page, "Someone new");
  await register(page, PATIENT(NAME, "1971-05-04"), PROMPTS.patient);
  const all = await files();
  await chooseRecord(page, all.map(([file]) => file));
  for (const [{ name }, title] of all) {
    await page.getByRole("dialog").getByRole("group", { name }).getByLabel("Title").fill(title);
  }
  await page.getByRole("dialog").getByRole("button", { name: `Add ${all.length} records` }).click();
  await wallet.confirm(page);
  await expect(page.getByText(/records are in your chart/)).toBeVisible({ timeout: 60_000 });
  // What draws them is not here before it is needed.
  expect(requests.filter((url) => /pdf|dicom/.test(new URL(url).pathname))).toEqual([]);
});

test("the viewer is fetched with the first PDF; if it does not come that is said, and tried again", async ({ person }) => {
  const page = await person(NAME);
  await page.context().route("**/pdfjs/*.mjs", (route) => route.abort());
  await open(page, "Discharge letter");
  await expect(page.getByText("The viewer could not be loaded.")).toBeVisible();
  await looksRight(page, "viewer-away");
  await page.context().unroute("**/pdfjs/*.mjs");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("Page 1 of 12")).toBeVisible();
});

test("a PDF is read page after page, larger and smaller", async ({ person }) => {
  const page = await person(NAME);
  const pages = page.getByRole("group", { name: "Pages of Discharge letter" });
  const first = pages.getByRole("group", { name: "Page 1 of 12" });
  await expect(first.locator("canvas")).toBeVisible();
  // The words are there, to be selected and read out.
  await expect(first.getByText("Discharge letter, part 1")).toBeAttached();
  const selected = await first.getByText("Discharge letter, part 1").evaluate((words) => {
    getSelection().selectAllChildren(words);
    return getSelection().toString();
  });
  expect(selected).toBe("Discharge letter, part 1");
  const last = pages.getByRole("group", { name: "Page 12 of 12" });
  await expect(last.locator("canvas")).toHaveCount(0);
  await looksRight(page, "viewer-pdf");

  const width = async () => Math.round((await first.boundingBox()).width);
  const fits = await width();
  await page.getByRole("button", { name: "Zoom in" }).click();
  await expect.poll(width).toBeGreaterThan(fits);
  await page.getByRole("button", { name: "Zoom out" }).click();
  await page.getByRole("button", { name: "Zoom out" }).click();
  await expect(page.getByText("80 %")).toBeVisible();
  await page.getByRole("button", { name: "Fit width" }).click();
  await expect.poll(width).toBe(fits);
  await pages.focus();
  await page.keyboard.press("+");
  await expect(page.getByText("125 %")).toBeVisible();
  await page.keyboard.press("0");
  await expect(page.getByText("100 %")).toBeVisible();

  await page.getByRole("button", { name: "Next page" }).click();
  await expect(page.getByText("Page 2 of 12")).toBeVisible();
  await pages.focus();
  await page.keyboard.press("End");
  await expect(last.locator("canvas")).toBeVisible();
  await expect(last.getByText("Discharge letter, part 12")).toBeAttached();
  // What is far away is put away again.
  await expect(first.locator("canvas")).toHaveCount(0);
  await savesTheSame(page, page.getByRole("button", { name: "Download" }), "discharge-letter.pdf");
});

test("a hostile PDF is drawn, and gets nothing done", async ({ person }) => {
  const page = await person(NAME);
  await open(page, `Hostile ${MARKUP}`);
  const first = page.getByRole("group", { name: "Page 1 of 1" });
  await expect(first.locator("canvas")).toBeVisible();
  await expect(first.getByText("A hostile file")).toBeAttached();
  // Where the links would be nothing is: no link, no field, no frame.
  await expect(first.locator("a, input, iframe, object, embed, script, form")).toHaveCount(0);
  await first.click({ position: { x: 200, y: 200 } });
  await looksRight(page, "viewer-pdf-hostile");
  expect(await page.evaluate(() => window.ran)).toBeUndefined();
});

test("a locked and a broken PDF are told apart, and can be saved", async ({ person }) => {
  const page = await person(NAME);
  await open(page, "Locked letter");
  await expect(page.getByText("This PDF is locked with a password")).toBeVisible();
  await looksRight(page, "viewer-pdf-locked");
  await savesTheSame(page, page.getByRole("button", { name: "Save file" }), "locked.pdf");
  await open(page, "Broken letter");
  await expect(page.getByText("This file is damaged, so it cannot be shown here.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Save file" })).toBeVisible();
  // A table of contents that leads nowhere is made anew from what is there.
  await open(page, "Letter without its table");
  await expect(page.getByText("Page 1 of 12")).toBeVisible();
});

test("a DICOM image in the window that shows what is looked for", async ({ person }) => {
  const page = await person(NAME);
  await open(page, "CT head");
  const image = page.getByRole("img", { name: "CT head" });
  await expect(image).toBeVisible();
  for (const [name, value] of [
    ["Patient", "Amara Osei"],
    ["Born", "4 May 1971"],
    ["Made on", "18 November 2025"],
    ["Kind of image", "Computed tomography (CT)"],
  ]) {
    await expect(page.getByRole("row", { name: new RegExp(`^${name}`) })).toContainText(value);
  }
  const bright = () => brightness(image);
  await expect.poll(bright).toBeGreaterThan(10);
  await looksRight(page, "viewer-dicom");
  const brain = await bright();
  await page.getByLabel("Window", { exact: true }).selectOption("Bone");
  await expect.poll(bright).not.toBeCloseTo(brain, 0);
  const bone = await bright();
  await page.getByRole("button", { name: "Invert" }).click();
  await expect.poll(bright).toBeCloseTo(255 - bone, 0);
  await page.getByRole("button", { name: "Invert" }).click();
  await page.getByLabel("Level").fill("150");
  await expect.poll(bright).not.toBeCloseTo(bone, 0);
  await expect(page.getByLabel("Window", { exact: true })).toHaveValue("");
  const level = await bright();
  const { x, y } = await image.boundingBox();
  await page.mouse.move(x + 100, y + 100);
  await page.mouse.down();
  await page.mouse.move(x + 100, y + 180, { steps: 4 });
  await page.mouse.up();
  await expect.poll(bright).not.toBeCloseTo(level, 0);
  await page.getByRole("button", { name: "Actual size" }).click();
  await expect.poll(async () => Math.round((await image.boundingBox()).width)).toBe(128);

  await page.getByRole("button", { name: "Details" }).first().click();
  const header = page.getByRole("table", { name: "All that the file says of itself" });
  await expect(header.getByRole("row", { name: /Patient Name/ })).toContainText("(0010,0010)");
  await expect(header.getByRole("row", { name: /Patient Name/ })).toContainText("Osei^Amara");
  await looksRight(page, "viewer-dicom-details");
});

test("a series is gone through by slider, buttons and keys", async ({ person }) => {
  const page = await person(NAME);
  await open(page, "MR head");
  const at = (number) => page.getByRole("img", { name: `MR head, image ${number} of 8` });
  await expect(at(1)).toBeVisible();
  await expect.poll(() => brightness(at(1))).toBeGreaterThan(10);
  await expect(page.getByRole("row", { name: /^Institution/ })).toContainText("Harbour Hospital");
  const first = await brightness(at(1));
  await looksRight(page, "viewer-dicom-series");
  await page.getByRole("button", { name: "Next image" }).click();
  await expect.poll(() => brightness(at(2))).toBeLessThan(first);
  await page.getByRole("group", { name: /arrow keys/ }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(at(3)).toBeVisible();
  await page.getByLabel("Image", { exact: true }).fill("8");
  await expect(at(8)).toBeVisible();
  await expect(page.getByRole("button", { name: "Next image" })).toBeDisabled();
});

test("hostile and broken DICOM files are said to be what they are", async ({ person }) => {
  const page = await person(NAME);
  await open(page, "Absurd image");
  await expect(page.getByText("65535 × 65535 pixels. That is too large")).toBeVisible();
  await expect(page.getByRole("row", { name: /^Patient/ })).toContainText("Amara Osei");
  await looksRight(page, "viewer-dicom-refused");
  await page.getByRole("button", { name: "Details" }).first().click();
  await expect(page.getByRole("row", { name: /Rows \(0028,0010\)/ })).toContainText("65535");
  await open(page, "Cut image");
  await expect(page.getByText("The file ends before its image does.")).toBeVisible();
  await open(page, "Junk image");
  await expect(page.getByText("This is not a DICOM file, or it is damaged.")).toBeVisible();
  await open(page, "Marked image");
  await expect(page.getByRole("img", { name: "Marked image" })).toBeVisible();
  await expect(page.getByRole("row", { name: /^Patient/ })).toContainText("A <b>x</b>");
  expect(await page.evaluate(() => window.ran)).toBeUndefined();
});

test("a picture is shown as large as there is room or as it is; what could run is saved only", async ({ person }) => {
  const page = await person(NAME);
  await open(page, "Head scan");
  const picture = page.getByRole("img", { name: "Head scan" });
  await expect(picture).toBeVisible();
  await page.getByRole("button", { name: "Actual size" }).click();
  await expect.poll(async () => Math.round((await picture.boundingBox()).width)).toBe(384);
  await looksRight(page, "viewer-picture");
  // Called a picture, it is drawn as one, which fails; nothing in it runs.
  await open(page, "Page as a picture");
  await expect(page.getByText("This picture is damaged and cannot be drawn. You can still download it.")).toBeVisible();
  for (const title of ["Drawing", "Page"]) {
    await open(page, title);
    await expect(page.getByText("This kind of file is not shown here.")).toBeVisible();
    await expect(page.getByRole("main").locator("iframe, object, embed, svg script, img")).toHaveCount(0);
  }
});

test("nothing ran, nothing was opened, and nothing was fetched from elsewhere", async ({ person }) => {
  const page = await person(NAME);
  expect(await page.evaluate(() => window.ran)).toBeUndefined();
  expect(opened).toEqual([]);
  const own = new Set([new URL(page.url()).origin, new URL(process.env.MEDKEY_RPC ?? page.url()).origin]);
  expect(requests.filter((url) => !/^(blob|data):/.test(url) && !own.has(new URL(url).origin))).toEqual([]);
  // Of the viewer only what it needs, of the file nothing.
  const parts = requests.map((url) => new URL(url).pathname).filter((path) => path.startsWith("/pdfjs/"));
  const needed = /^\/pdfjs\/(pdf(\.worker)?\.min\.mjs|(cmaps|iccs|standard_fonts|wasm)\/[\w.-]+)$/;
  for (const part of parts) expect(part).toMatch(needed);
});
