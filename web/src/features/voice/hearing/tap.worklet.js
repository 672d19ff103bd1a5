/* Runs on the sound card's own thread: hands the microphone's samples to the page, in pieces, and the rest when it is asked. */
const pieceSamples = 4096;

class Tap extends AudioWorkletProcessor {
  #piece = new Float32Array(pieceSamples);
  #filled = 0;
  #running = true;

  constructor() {
    super();
    this.port.onmessage = () => {
      this.#running = false;
      this.#hand();
      this.port.postMessage(null);
    };
  }

  process([input]) {
    const samples = input?.[0];
    if (samples && this.#running) {
      for (let at = 0; at < samples.length;) {
        const part = samples.subarray(at, at + pieceSamples - this.#filled);
        this.#piece.set(part, this.#filled);
        this.#filled += part.length;
        at += part.length;
        if (this.#filled === pieceSamples) this.#hand();
      }
    }
    return this.#running;
  }

  #hand() {
    if (this.#filled > 0) this.port.postMessage(this.#piece.slice(0, this.#filled));
    this.#filled = 0;
  }
}

registerProcessor("tap", Tap);
