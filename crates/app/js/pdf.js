/**
 * Draws PDF with Mozilla's pdf.js, from bytes in memory.
 *
 * Nothing in a file runs or leads anywhere: the part of pdf.js that runs scripts is not brought along, forms and notes
 * are drawn as they look and not made, links are not made, fonts are drawn as outlines. The file is taken apart in a
 * worker; what pdf.js does without one, in the page itself, is not left to it.
 */
import {
  AnnotationMode,
  PDFWorker,
  PasswordException,
  TextLayer,
  VerbosityLevel,
  getDocument,
} from "./pdfjs/pdf.min.mjs";

const WORKER = new URL("./pdfjs/pdf.worker.min.mjs", import.meta.url);
const folder = (name) => new URL(`./pdfjs/${name}/`, import.meta.url).href;

/** Pixels that a page is drawn with at most: what phones still hold. */
const PIXELS_AT_MOST = 16_000_000;
/** A side that every browser's canvas can have. */
const SIDE_AT_MOST = 8_192;

/**
 * Opens a file. Throws "locked", "damaged", or "away" where the worker could not be fetched.
 * @param {Uint8Array} bytes are handed over
 */
export async function open(bytes) {
  const thread = new Worker(WORKER, { type: "module" });
  const away = new Promise((_, lost) => thread.addEventListener("error", () => lost("away"), { once: true }));
  const task = getDocument({
    data: bytes,
    worker: PDFWorker.create({ port: thread, verbosity: VerbosityLevel.ERRORS }),
    verbosity: VerbosityLevel.ERRORS,
    cMapUrl: folder("cmaps"),
    iccUrl: folder("iccs"),
    standardFontDataUrl: folder("standard_fonts"),
    wasmUrl: folder("wasm"),
    disableFontFace: true,
    useSystemFonts: false,
    enableXfa: false,
    maxImageSize: 4 * PIXELS_AT_MOST,
    canvasMaxAreaInBytes: 4 * PIXELS_AT_MOST,
  });
  const close = () => {
    task.destroy().catch(() => {});
    thread.terminate();
  };
  const ready = (async () => {
    const pdf = await task.promise;
    const { width, height } = (await pdf.getPage(1)).getViewport({ scale: 1 });
    return { pdf, ratio: height / width };
  })();
  try {
    const { pdf, ratio } = await Promise.race([ready, away]);
    return new Document(pdf, ratio, close);
  } catch (error) {
    ready.catch(() => {});
    close();
    if (error === "away") throw error;
    throw error instanceof PasswordException ? "locked" : "damaged";
  } finally {
    away.catch(() => {});
  }
}

class Document {
  #pdf;
  /**
   * What is drawn in each place: only the newest drawing stays.
   * @type {WeakMap<HTMLElement, { cancel(): void }>}
   */
  #drawing = new WeakMap();

  constructor(pdf, ratio, close) {
    this.#pdf = pdf;
    this.pages = pdf.numPages;
    /** Height by width of the first page. */
    this.ratio = Number.isFinite(ratio) && ratio > 0 ? ratio : 1.414;
    this.close = close;
  }

  /**
   * Draws a page so wide. Answers whether it is there; another drawing in the same place ends this one.
   * @param {number} number from 1
   * @param {HTMLElement} holder gets the picture
   * @param {HTMLElement} text gets the words, to be selected and read out
   * @param {number} width in CSS pixels
   */
  async draw(number, holder, text, width) {
    this.#drawing.get(holder)?.cancel();
    let current = true;
    let task;
    this.#drawing.set(holder, {
      cancel() {
        current = false;
        task?.cancel();
      },
    });
    const page = await this.#pdf.getPage(number);
    if (!current) return false;
    const scale = width / page.getViewport({ scale: 1 }).width;
    const viewport = page.getViewport({ scale });
    const fits = Math.min(
      Math.sqrt(PIXELS_AT_MOST / (viewport.width * viewport.height)),
      SIDE_AT_MOST / Math.max(viewport.width, viewport.height),
    );
    const dense = page.getViewport({ scale: scale * Math.min(window.devicePixelRatio || 1, fits) });
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.floor(dense.width));
    canvas.height = Math.max(1, Math.floor(dense.height));
    task = page.render({ canvas, viewport: dense, annotationMode: AnnotationMode.ENABLE });
    try {
      await task.promise;
    } catch (error) {
      if (!current) return false;
      throw error;
    }
    if (!current) return false;
    holder.replaceChildren(canvas);
    text.replaceChildren();
    text.style.setProperty("--total-scale-factor", String(scale));
    await new TextLayer({ textContentSource: page.streamTextContent(), container: text, viewport }).render();
    return true;
  }
}
