/**
 * The worker that reads QR codes. What a camera sees is looked through here, where no key is, and whatever it does to
 * the reader ends with the worker. It is asked one thing at a time:
 *
 *     { pixels, width }        → { text }      red, green, blue and opacity of each pixel; the text may be empty
 *
 * It answers { away } where its program could not be fetched, and { damaged } where the picture was too much for it.
 */
import start, { readCode } from "./medkey-scan.js";

const started = start().then(
  () => true,
  () => false,
);

self.onmessage = async ({ data }) => {
  if (!(await started)) return self.postMessage({ away: true });
  try {
    self.postMessage({ text: readCode(data.pixels, data.width) ?? "" });
  } catch {
    self.postMessage({ damaged: true });
  }
};
