/** All in seconds of the audio itself, so that a machine that is behind cuts nobody short. */
const quietAfterWords = 2;
const quietWithoutWords = 8;

/** Where something is heard all the time and is no words: music, or a street. */
const longestWithoutWords = 20;

/** What is shorter is a click; and so much of it together is speech, where no words tell. */
const shortestSound = 0.15;
const shortestSpeech = 0.3;

/** Tells when a dictation that nobody ends by hand is over. */
export class Ending {
  /** Since something was heard or written. */
  #quiet = 0;
  #withoutWords = 0;
  /** Of the sound that goes on. */
  #sound = 0;
  #sounds = 0;
  #said = false;
  #saying = false;

  /** `tellsWords`: whether the recogniser writes while one speaks, or only at the end. */
  constructor(private readonly tellsWords: boolean) {}

  /** Whether there was anything to write down. */
  get spoken(): boolean {
    return this.tellsWords ? this.#said || this.#saying : this.#sounds >= shortestSpeech;
  }

  /** The recogniser wrote other words than before; `final` when they stay. */
  words(final: boolean): void {
    this.#said ||= final;
    this.#saying = !final;
    this.#quiet = 0;
    this.#withoutWords = 0;
  }

  /** So much audio came, of a sound or of silence. Whether it is over with that. */
  pass(seconds: number, sound: boolean): boolean {
    this.#withoutWords += seconds;
    this.#sound = sound ? this.#sound + seconds : 0;
    if (sound && this.#sound >= shortestSound) {
      this.#quiet = 0;
      this.#sounds += seconds;
    } else this.#quiet += seconds;
    // Words that are not final yet will be, when the recogniser is sure that they are over.
    const patience = this.spoken && !this.#saying ? quietAfterWords : quietWithoutWords;
    return this.#quiet >= patience || (this.tellsWords && this.#withoutWords >= longestWithoutWords);
  }
}
