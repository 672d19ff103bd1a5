import { Blinker } from "./blink";
import { between, seededRandom, type Random } from "./random";

/** What moves a body that is alive. Angles are degrees; yaw is positive to the viewer's right, pitch positive upwards. */
export interface LifePose {
  blink: number;
  /** -1 breathed out to 1 breathed in. */
  breath: number;
  headYaw: number;
  headPitch: number;
  headRoll: number;
  eyeYaw: number;
  eyePitch: number;
  /** 0 to 1 while a word is stressed. */
  emphasis: number;
}

export interface LifeInput {
  /** Pointer relative to the face: -1 to 1, x to the right, y upwards. */
  pointerX: number;
  pointerY: number;
  speaking: boolean;
  /** How far the mouth is open; its peaks are where words are stressed. */
  mouth: number;
  reducedMotion: boolean;
}

export const gazeLimits = { yaw: 32, pitch: 18, headShare: 0.5, eyeYaw: 22, eyePitch: 14 } as const;

const breathS = 4.2;
const headFollowS = 0.32;
const eyeFollowS = 0.055;
const nodS = 0.42;

const clamp = (value: number, limit: number): number => Math.min(limit, Math.max(-limit, value));

/** Moves a value towards its target so that the gap halves in a fixed time, whatever the frame rate. */
export const approach = (current: number, target: number, halfLifeS: number, deltaS: number): number =>
  target + (current - target) * Math.pow(0.5, deltaS / halfLifeS);

/** Small jumps of the eyes around what they look at. */
class Saccades {
  yaw = 0;
  pitch = 0;
  #untilNextS = 0.6;

  step(deltaS: number, speaking: boolean, random: Random): void {
    this.#untilNextS -= deltaS;
    if (this.#untilNextS > 0) return;
    // Speakers look away for a moment and come back; listeners keep closer to the eyes.
    const away = speaking && random() < 0.22;
    this.yaw = between(random, -1, 1) * (away ? 7 : 1.6);
    this.pitch = between(random, -0.7, 0.7) * (away ? 4 : 1.3);
    this.#untilNextS = away ? between(random, 0.35, 0.9) : between(random, 0.5, 2.2);
  }
}

/** Nods on stressed syllables: the mouth opens wide after having been nearly shut. */
class Emphasis {
  #armed = true;
  #sinceS = Number.POSITIVE_INFINITY;
  #strength = 0;
  tilt = 0;

  step(deltaS: number, input: LifeInput, random: Random): number {
    this.#sinceS += deltaS;
    if (!input.speaking) {
      this.#armed = true;
    } else if (input.mouth < 0.3) {
      this.#armed = true;
    } else if (input.mouth > 0.55 && this.#armed && this.#sinceS > 0.7) {
      this.#armed = false;
      if (random() < 0.6) {
        this.#sinceS = 0;
        this.#strength = between(random, 0.45, 1);
        this.tilt = between(random, -1, 1);
      }
    }
    return this.#sinceS < nodS ? this.#strength * Math.sin((Math.PI * this.#sinceS) / nodS) : 0;
  }
}

export class Life {
  readonly #random: Random;
  readonly #blinker: Blinker;
  readonly #saccades = new Saccades();
  readonly #emphasis = new Emphasis();
  readonly #phase: number;
  #timeS = 0;
  #headYaw = 0;
  #headPitch = 0;
  #eyeYaw = 0;
  #eyePitch = 0;
  #roll = 0;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    this.#blinker = new Blinker(this.#random);
    this.#phase = between(this.#random, 0, Math.PI * 2);
  }

  step(deltaS: number, input: LifeInput): LifePose {
    this.#timeS += deltaS;
    const blink = this.#blinker.step(deltaS, input.speaking);
    if (input.reducedMotion) return this.#still(blink);

    const emphasis = this.#emphasis.step(deltaS, input, this.#random);
    this.#saccades.step(deltaS, input.speaking, this.#random);
    this.#look(deltaS, input);
    const liveliness = input.speaking ? 1.5 : 1;
    return {
      blink,
      breath: Math.sin((this.#timeS * Math.PI * 2) / breathS + this.#phase),
      headYaw: this.#headYaw + this.#wander(0.13, 0.31, 0) * 1.5 * liveliness,
      headPitch: this.#headPitch + this.#wander(0.11, 0.27, 2) * 0.9 * liveliness - emphasis * 3.2,
      headRoll: this.#roll + this.#wander(0.09, 0.21, 4) * 1.1 * liveliness,
      eyeYaw: clamp(this.#eyeYaw, gazeLimits.eyeYaw),
      eyePitch: clamp(this.#eyePitch, gazeLimits.eyePitch),
      emphasis,
    };
  }

  #still(blink: number): LifePose {
    this.#headYaw = this.#headPitch = this.#eyeYaw = this.#eyePitch = this.#roll = 0;
    return { blink, breath: 0, headYaw: 0, headPitch: 0, headRoll: 0, eyeYaw: 0, eyePitch: 0, emphasis: 0 };
  }

  // The eyes leap to the target at once; the head comes after and gives the eyes back their rest.
  #look(deltaS: number, input: LifeInput): void {
    const yaw = clamp(input.pointerX, 1) * gazeLimits.yaw;
    const pitch = clamp(input.pointerY, 1) * gazeLimits.pitch;
    this.#headYaw = approach(this.#headYaw, yaw * gazeLimits.headShare, headFollowS, deltaS);
    this.#headPitch = approach(this.#headPitch, pitch * gazeLimits.headShare, headFollowS, deltaS);
    this.#eyeYaw = approach(this.#eyeYaw, yaw - this.#headYaw + this.#saccades.yaw, eyeFollowS, deltaS);
    this.#eyePitch = approach(this.#eyePitch, pitch - this.#headPitch + this.#saccades.pitch, eyeFollowS, deltaS);
    const tilt = input.speaking ? this.#emphasis.tilt * 2.2 : 0;
    this.#roll = approach(this.#roll, tilt - yaw * 0.06, 0.5, deltaS);
  }

  // Two slow sines whose periods do not fit into each other never repeat noticeably.
  #wander(slowHz: number, fastHz: number, offset: number): number {
    const turn = Math.PI * 2 * this.#timeS;
    return 0.65 * Math.sin(turn * slowHz + this.#phase + offset) + 0.35 * Math.sin(turn * fastHz + offset * 1.7);
  }
}
