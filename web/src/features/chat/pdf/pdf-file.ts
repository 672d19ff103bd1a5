import { getDocument, PDFWorker, version, type PDFDocumentProxy, type PDFPageProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import { mostPages, type PageSize } from "./layout";

/** Why a file cannot be shown: it asks for a password, or is no PDF. */
export class PdfFailure extends Error {
  readonly why: "locked" | "broken";

  constructor(why: "locked" | "broken") {
    super(`The file is ${why}.`);
    this.why = why;
  }
}

/** Fonts and tables that files name without bringing them; the build puts them there. */
const own = import.meta.env.DEV ? "/node_modules/pdfjs-dist" : `/assets/pdfjs-${version}`;
const address = (folder: string): string => new URL(`${own}/${folder}/`, location.origin).href;

/** A picture that unpacks to more is left out of its page. */
const mostPicturePixels = 50_000_000;

/** A file that is open in a worker of its own, which ends with it. */
export class PdfFile {
  readonly #worker: Worker;
  readonly #document: PDFDocumentProxy;
  readonly count: number;
  /** Whether it has more pages than are shown. */
  readonly cut: boolean;
  readonly first: PageSize;

  private constructor(worker: Worker, document: PDFDocumentProxy, first: PageSize) {
    this.#worker = worker;
    this.#document = document;
    this.count = Math.min(mostPages, document.numPages);
    this.cut = document.numPages > mostPages;
    this.first = first;
  }

  /** The bytes go over to the worker. Throws a PdfFailure for what cannot be shown; `cancel` ends the worker, whatever it does. */
  static async open(bytes: ArrayBuffer, cancel: AbortSignal): Promise<PdfFile> {
    const worker = new Worker(new URL("./pdf.worker.ts", import.meta.url), { type: "module", name: "pdf" });
    const failed = new Promise<never>((_, reject) => {
      worker.addEventListener("error", () => reject(new PdfFailure("broken")));
      cancel.addEventListener("abort", () => reject(new DOMException("Aborted", "AbortError")), { once: true });
    });
    try {
      const port = PDFWorker.create({ port: worker });
      const document = await Promise.race([failed, getDocument({
        data: bytes, worker: port, verbosity: 0, maxImageSize: mostPicturePixels,
        // The policy of our pages lets nothing be compiled, neither script nor WebAssembly: their stand-ins in JavaScript do the work.
        isEvalSupported: false, useWasm: false, enableXfa: false,
        // What a system gives in place of a standard font often has other widths, and letters then overlap.
        useSystemFonts: false,
        wasmUrl: address("wasm"), cMapUrl: address("cmaps"), standardFontDataUrl: address("standard_fonts"),
      }).promise]);
      return new PdfFile(worker, document, sizeOf(await Promise.race([failed, document.getPage(1)])));
    } catch (error) {
      worker.terminate();
      if (cancel.aborted || error instanceof PdfFailure) throw error;
      throw new PdfFailure(error instanceof Error && error.name === "PasswordException" ? "locked" : "broken");
    }
  }

  page(number: number): Promise<PDFPageProxy> {
    return this.#document.getPage(number);
  }

  close(): void {
    // A file that keeps the worker busy for ever would not let it end by itself.
    this.#document.destroy().catch(() => undefined);
    this.#worker.terminate();
  }
}

export function sizeOf(page: PDFPageProxy): PageSize {
  const { width, height } = page.getViewport({ scale: 1 });
  return { width: Math.max(1, width), height: Math.max(1, height) };
}
