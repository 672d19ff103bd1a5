import { between, type Random } from "./random";

const closingS = 0.075;
const shutS = 0.035;
const openingS = 0.14;
export const blinkS = closingS + shutS + openingS;
const doubleShare = 0.16;
const doubleGapS = 0.12;

/** Blinks every two to six seconds, now and then twice; people who speak blink less. */
export class Blinker {
  #untilNextS: number;
  #phaseS = Number.POSITIVE_INFINITY;
  #again = false;
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
    this.#untilNextS = between(random, 1, 3);
  }

  /** Advances by `deltaS` and gives how far the lids are closed, 0 to 1. */
  step(deltaS: number, speaking: boolean): number {
    this.#phaseS += deltaS;
    this.#untilNextS -= speaking ? deltaS * 0.7 : deltaS;
    if (this.#untilNextS <= 0 && this.#phaseS >= blinkS) {
      this.#phaseS = 0;
      const double = !this.#again && this.#random() < doubleShare;
      this.#again = double;
      this.#untilNextS = double ? blinkS + doubleGapS : between(this.#random, 2, 6);
    }
    return lidAt(this.#phaseS);
  }
}

/** Lids shut quickly and open slowly. */
export function lidAt(phaseS: number): number {
  if (phaseS < 0 || phaseS >= blinkS) return 0;
  if (phaseS < closingS) return Math.sin((phaseS / closingS) * (Math.PI / 2));
  if (phaseS < closingS + shutS) return 1;
  const t = (phaseS - closingS - shutS) / openingS;
  return 0.5 + 0.5 * Math.cos(Math.PI * t);
}
