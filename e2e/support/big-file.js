/** Files too large to be kept in the repository. */
import { createCipheriv } from "node:crypto";
import { once } from "node:events";
import { createWriteStream, mkdirSync } from "node:fs";
import { resolve } from "node:path";

const MIB = 1024 * 1024;

/**
 * Writes a file of so many MiB that no compression shortens, the same bytes each time, and answers with its path.
 * @param {string} name
 * @param {number} mebibytes
 */
export async function bigFile(name, mebibytes) {
  const dir = resolve("results/files");
  mkdirSync(dir, { recursive: true });
  const path = resolve(dir, name);
  const file = createWriteStream(path);
  const noise = createCipheriv("aes-128-ctr", Buffer.alloc(16), Buffer.alloc(16));
  const zeros = Buffer.alloc(MIB);
  for (let written = 0; written < mebibytes; written++) {
    if (!file.write(noise.update(zeros))) await once(file, "drain");
  }
  file.end();
  await once(file, "close");
  return path;
}
