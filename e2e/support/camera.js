/**
 * A camera that sees what a test puts before it: a file that Chromium plays instead of one. It is opened when the page
 * asks for the camera, so what is seen is written before that.
 *
 * @typedef {import("@playwright/test").Locator} Locator
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import config from "../playwright.config.js";

const WIDTH = 640;
const HEIGHT = 480;
const [DARK, BRIGHT, GREY] = [16, 235, 128];
/** White around a code, in squares. */
const QUIET = 4;
const PATH = resolve("results/files/camera.y4m");

const { launchOptions } = config.use;

/** For `test.use`: a browser with this camera. Whether a page may use it is asked as always. */
export const WITH_CAMERA = {
  launchOptions: {
    ...launchOptions,
    args: [
      ...launchOptions.args,
      "--use-fake-device-for-media-stream",
      `--use-file-for-fake-video-capture=${PATH}`,
    ],
  },
};

/**
 * The squares of a code that the page draws, row by row; true is dark.
 * @param {Locator} code
 */
export async function squaresOf(code) {
  const [box, path] = await Promise.all([
    code.getAttribute("viewBox"),
    code.locator("path").getAttribute("d"),
  ]);
  const width = Number(box.split(" ")[2]);
  const rows = Array.from({ length: width }, () => Array(width).fill(false));
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) rows[Number(y)][Number(x)] = true;
  return rows;
}

/** The brightness of every pixel of a picture with a code in its middle, or of a grey one. */
function pixels(rows, width, height) {
  if (!rows) return Buffer.alloc(width * height, GREY);
  const picture = Buffer.alloc(width * height, BRIGHT);
  const square = Math.floor(Math.min(width, height) / (rows.length + 2 * QUIET));
  const [left, top] = [width, height].map((edge) => Math.floor((edge - square * rows.length) / 2));
  rows.forEach((row, y) =>
    row.forEach((dark, x) => {
      for (let line = 0; dark && line < square; line++) {
        const start = (top + y * square + line) * width + left + x * square;
        picture.fill(DARK, start, start + square);
      }
    }),
  );
  return picture;
}

/**
 * Puts a code before the camera; without one it sees grey.
 * @param {boolean[][]} [rows]
 */
export function putBeforeCamera(rows) {
  const colour = Buffer.alloc((WIDTH * HEIGHT) / 2, 128);
  const frame = Buffer.concat([Buffer.from("FRAME\n"), pixels(rows, WIDTH, HEIGHT), colour]);
  mkdirSync(resolve("results/files"), { recursive: true });
  writeFileSync(PATH, Buffer.concat([Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F30:1 Ip A1:1\n`), frame, frame]));
}

/**
 * The same as a picture that somebody took.
 * @param {boolean[][]} rows
 */
export function pictureOf(rows) {
  const [width, height] = [WIDTH, HEIGHT];
  const grey = pixels(rows, width, height);
  const lines = Array.from({ length: height }, (_, y) =>
    Buffer.concat([Buffer.from([0]), grey.subarray(y * width, (y + 1) * width)]),
  );
  const chunk = (kind, data) => {
    const body = Buffer.concat([Buffer.from(kind, "latin1"), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const buffer = Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.concat(lines))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
  return { name: "code.png", mimeType: "image/png", buffer };
}
