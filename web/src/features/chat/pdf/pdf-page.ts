import { AnnotationMode, RenderingCancelledException, TextLayer, type PDFPageProxy, type RenderTask } from "pdfjs-dist/legacy/build/pdf.mjs";
import { density, type PageSize } from "./layout";
import { sizeOf, type PdfFile } from "./pdf-file";

/** Draws one page into an element, and over it its words, so that they can be marked. What is left of an older scale stays until the new is there. */
export class PdfPage {
  readonly #file: PdfFile;
  readonly #number: number;
  readonly #host: HTMLElement;
  #page: PDFPageProxy | null = null;
  #task: RenderTask | null = null;
  #words: TextLayer | null = null;
  #turn = 0;

  constructor(file: PdfFile, number: number, host: HTMLElement) {
    this.#file = file;
    this.#number = number;
    this.#host = host;
  }

  /** Tells its size, once it is drawn or as soon as something newer is wanted. Throws when it cannot be drawn. */
  async draw(scale: number): Promise<PageSize> {
    const turn = ++this.#turn;
    this.#stop();
    const page = (this.#page ??= await this.#file.page(this.#number));
    const size = sizeOf(page);
    if (turn !== this.#turn) return size;
    const viewport = page.getViewport({ scale });
    const dots = density(viewport, devicePixelRatio);
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.floor(viewport.width * dots));
    canvas.height = Math.max(1, Math.floor(viewport.height * dots));
    const words = document.createElement("div");
    words.className = "pdf-words";
    words.style.setProperty("--pdf-scale", String(scale));
    try {
      // Notes and filled-in fields are part of the picture; nothing of them can be pressed.
      this.#task = page.render({ canvas, viewport: page.getViewport({ scale: scale * dots }), annotationMode: AnnotationMode.ENABLE });
      await this.#task.promise;
      if (turn !== this.#turn) return size;
      this.#show(canvas, words);
      this.#words = new TextLayer({ textContentSource: page.streamTextContent(), container: words, viewport });
      // Words that cannot be read leave the picture as it is.
      await this.#words.render().catch(() => undefined);
    } catch (error) {
      free(canvas);
      if (!(error instanceof RenderingCancelledException)) throw error;
    }
    return size;
  }

  dispose(): void {
    this.#turn++;
    this.#stop();
    this.#show();
    this.#page?.cleanup();
  }

  #stop(): void {
    this.#task?.cancel();
    this.#words?.cancel();
    this.#task = this.#words = null;
  }

  #show(...elements: HTMLElement[]): void {
    const old = [...this.#host.querySelectorAll("canvas")];
    this.#host.replaceChildren(...elements);
    for (const canvas of old) free(canvas);
  }
}

// Browsers keep the memory of a canvas until it is collected; an empty one has none.
function free(canvas: HTMLCanvasElement): void {
  canvas.width = canvas.height = 0;
}
