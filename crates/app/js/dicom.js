/**
 * The worker that reads DICOM. Files from anywhere are taken apart here, where no key is, and whatever they do to the
 * reader ends with the worker. It is asked one thing at a time:
 *
 *     { bytes }                                → { told }      what there is to know, as JSON
 *     { frame, centre, width, inverted }       → { picture }   red, green, blue and opacity of each pixel
 *
 * It answers { away } where its program could not be fetched, and { damaged } where the file was too much for it.
 */
import start, { DicomFile } from "./medkey-dicom.js";

const started = start().then(
  () => true,
  () => false,
);
/** @type {DicomFile | undefined} */
let file;

self.onmessage = async ({ data }) => {
  if (!(await started)) return self.postMessage({ away: true });
  try {
    if (data.bytes) {
      file = new DicomFile(data.bytes);
      self.postMessage({ told: file.told() });
    } else {
      const picture = file.picture(data.frame, data.centre, data.width, data.inverted);
      self.postMessage({ picture }, [picture.buffer]);
    }
  } catch {
    self.postMessage({ damaged: true });
  }
};
