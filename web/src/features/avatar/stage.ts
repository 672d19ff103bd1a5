import { VRMLoaderPlugin, VRMUtils, type VRM } from "@pixiv/three-vrm";
import { AmbientLight, DirectionalLight, PerspectiveCamera, Scene, Vector3, WebGLRenderer } from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { Body } from "./body";
import { approach, Life } from "./life";
import { emotionAt, emotionNames, isEmotion, type Emotion, type Performance } from "./performance";
import { Resolution } from "./resolution";
import { mouthOpening, silence, toTrack, visemesAt, type VisemeTrack, type VisemeWeights } from "./visemes";

export interface AvatarStageOptions {
  /** Seed of blinking, breathing and glances. */
  seed?: number;
  /** Frames per second while speaking; at rest half of it is enough. */
  maxFps?: number;
  /** Told when the graphics context goes away and when it is back. */
  onContext?: (available: boolean) => void;
}

export interface JeanProbe {
  mouth: number;
  visemes: Record<string, number>;
  blink: number;
}

export type JeanCanvas = HTMLCanvasElement & { jeanProbe?: () => JeanProbe };

interface Playing {
  performance: Performance;
  track: VisemeTrack;
  clock: () => number;
}

// Metres around the head's joint that the picture always shows.
const frame = { above: 0.25, below: 0.2, halfWidth: 0.19, fov: 20 } as const;
const speakingEmotion = 0.6;
const emotionHalfLifeS = 0.11;
const mouthHalfLifeS = 0.045;

const noEmotions = (): Record<Emotion, number> => ({ neutral: 0, happy: 0, angry: 0, sad: 0, relaxed: 0, surprised: 0 });

/** Draws one body and keeps it alive. Owns its canvas' graphics context until {@link dispose}. */
export class AvatarStage {
  readonly #canvas: JeanCanvas;
  readonly #options: AvatarStageOptions;
  readonly #renderer: WebGLRenderer;
  readonly #scene = new Scene();
  readonly #camera = new PerspectiveCamera(frame.fov, 1, 0.05, 20);
  readonly #life: Life;
  readonly #resolution = new Resolution();
  readonly #stop = new AbortController();
  readonly #observers: (IntersectionObserver | ResizeObserver)[] = [];
  readonly #base = noEmotions();
  readonly #shown = noEmotions();
  readonly #headPlace = new Vector3(0, 1.42, 0);
  #body: Body | undefined;
  #playing: Playing | undefined;
  #mouth: VisemeWeights = silence();
  #pointer = { x: 0, y: 0 };
  #reducedMotion = false;
  #paused = false;
  #started = false;
  #onScreen = true;
  #contextLost = false;
  #contextReplaced = false;
  #request = 0;
  #lastMs = 0;
  #lastFrameMs = 0;
  #loads = 0;

  constructor(canvas: HTMLCanvasElement, options: AvatarStageOptions = {}) {
    this.#canvas = canvas;
    this.#options = options;
    this.#life = new Life(options.seed ?? Math.floor(Math.random() * 1e9));
    this.#renderer = new WebGLRenderer({ canvas, alpha: true, antialias: true, powerPreference: "low-power" });
    this.#renderer.setClearAlpha(0);
    this.#light();
    this.#listen();
    this.#canvas.jeanProbe = () => this.#body?.probe() ?? { mouth: 0, visemes: {}, blink: 0 };
  }

  start(): void {
    this.#started = true;
    this.#schedule();
  }

  /** Stops drawing and frees everything on the graphics card. The stage cannot be used again. */
  dispose(): void {
    this.#started = false;
    this.#loads++;
    cancelAnimationFrame(this.#request);
    this.#request = 0;
    this.#stop.abort();
    for (const observer of this.#observers) observer.disconnect();
    this.#removeBody();
    delete this.#canvas.jeanProbe;
    this.#renderer.dispose();
  }

  /** Replaces the body by the VRM at `url`; rejects when it cannot be fetched or is not a VRM. The latest call wins. */
  async load(url: string): Promise<void> {
    const load = ++this.#loads;
    const loader = new GLTFLoader();
    loader.register((parser) => new VRMLoaderPlugin(parser));
    const gltf = await loader.loadAsync(url);
    const vrm = gltf.userData["vrm"] as VRM | undefined;
    if (vrm === undefined) throw new Error(`Not a VRM model: ${url}`);
    if (load !== this.#loads) {
      VRMUtils.deepDispose(vrm.scene);
      return;
    }
    VRMUtils.rotateVRM0(vrm);
    this.#removeBody();
    vrm.scene.traverse((node) => {
      node.frustumCulled = false;
    });
    this.#body = new Body(vrm);
    this.#scene.add(vrm.scene);
    this.#body.update(0);
    vrm.humanoid.getNormalizedBoneNode("head")?.getWorldPosition(this.#headPlace);
    this.#resize();
    this.#draw(0);
    this.#schedule();
  }

  /** Moves lips and face with audio: `clock` gives the seconds of it played so far. */
  setPerformance(performance: Performance, clock: () => number): void {
    this.#playing = { performance, track: toTrack(performance), clock };
    this.#schedule();
  }

  /** Falls silent at once (barge-in); the mouth closes softly. */
  clearPerformance(): void {
    this.#playing = undefined;
  }

  /** Sets the resting mood; unknown names are ignored. */
  setEmotion(name: string, weight: number): void {
    if (!isEmotion(name)) return;
    for (const other of emotionNames) this.#base[other] = 0;
    this.#base[name] = Math.min(1, Math.max(0, weight));
  }

  /** Pointer relative to the face, -1 to 1: x to the right, y upwards. */
  lookAt(x: number, y: number): void {
    this.#pointer = { x, y };
  }

  setReducedMotion(reduced: boolean): void {
    this.#reducedMotion = reduced;
  }

  setPaused(paused: boolean): void {
    this.#paused = paused;
    this.#schedule();
  }

  #light(): void {
    const key = new DirectionalLight(0xfff4ea, 2.5);
    key.position.set(0.7, 1.2, 1.6);
    this.#scene.add(key, new AmbientLight(0xfff0ee, 0.75));
  }

  #listen(): void {
    const { signal } = this.#stop;
    document.addEventListener("visibilitychange", () => this.#schedule(), { signal });
    this.#canvas.addEventListener("webglcontextlost", (event) => {
      event.preventDefault();
      this.#contextLost = this.#contextReplaced = true;
      this.#options.onContext?.(false);
    }, { signal });
    this.#canvas.addEventListener("webglcontextrestored", () => {
      this.#contextLost = false;
      this.#options.onContext?.(true);
      this.#schedule();
    }, { signal });
    const intersection = new IntersectionObserver((entries) => {
      this.#onScreen = entries.at(-1)?.isIntersecting ?? true;
      this.#schedule();
    });
    intersection.observe(this.#canvas);
    const size = new ResizeObserver(() => {
      this.#resize();
      if (this.#awake) this.#draw(0);
    });
    size.observe(this.#canvas);
    this.#observers.push(intersection, size);
  }

  get #awake(): boolean {
    return this.#started && !this.#paused && this.#onScreen && !this.#contextLost && !document.hidden && this.#body !== undefined;
  }

  #schedule(): void {
    if (this.#request !== 0 || !this.#awake) return;
    this.#lastMs = this.#lastFrameMs = performance.now();
    this.#request = requestAnimationFrame(this.#tick);
  }

  readonly #tick = (nowMs: number): void => {
    this.#request = 0;
    if (!this.#awake) return;
    this.#request = requestAnimationFrame(this.#tick);
    if (this.#resolution.note(nowMs - this.#lastFrameMs)) this.#resize();
    this.#lastFrameMs = nowMs;
    const maxFps = this.#options.maxFps ?? 60;
    const frameMs = 1000 / (this.#playing === undefined ? maxFps / 2 : maxFps);
    // Two milliseconds of tolerance: otherwise a 60 Hz screen would skip every other frame at 60.
    if (nowMs - this.#lastMs < frameMs - 2) return;
    const deltaS = Math.min(0.1, Math.max(0, (nowMs - this.#lastMs) / 1000));
    this.#lastMs = nowMs;
    this.#draw(deltaS);
  };

  #draw(deltaS: number): void {
    const body = this.#body;
    if (body === undefined || this.#contextLost) return;
    const playedMs = this.#playing === undefined ? Number.NaN : this.#playing.clock() * 1000;
    const speaking = this.#playing !== undefined && playedMs >= 0 && playedMs <= this.#playing.performance.durationMs;
    this.#moveMouth(deltaS, speaking, playedMs);
    const pose = this.#life.step(deltaS, {
      pointerX: this.#pointer.x,
      pointerY: this.#pointer.y,
      speaking,
      mouth: mouthOpening(this.#mouth),
      reducedMotion: this.#reducedMotion,
    });
    this.#moveEmotions(deltaS, speaking, playedMs);
    body.setPose(pose);
    body.update(deltaS);
    this.#renderer.render(this.#scene, this.#camera);
  }

  // While audio plays the track itself is smooth; when it is cut off the mouth needs a moment to close.
  #moveMouth(deltaS: number, speaking: boolean, playedMs: number): void {
    if (speaking && this.#playing !== undefined) {
      this.#mouth = visemesAt(this.#playing.track, playedMs);
    } else {
      const rest = silence();
      for (const name of Object.keys(rest) as (keyof VisemeWeights)[]) this.#mouth[name] = approach(this.#mouth[name], rest[name], mouthHalfLifeS, deltaS);
    }
    this.#body?.setMouth(this.#mouth);
  }

  #moveEmotions(deltaS: number, speaking: boolean, playedMs: number): void {
    const cue = speaking && this.#playing !== undefined ? emotionAt(this.#playing.performance, playedMs) : undefined;
    for (const name of emotionNames) {
      const wanted = cue === undefined ? this.#base[name] : name === cue.name ? cue.weight : 0;
      // A full smile would swallow the vowels.
      this.#shown[name] = approach(this.#shown[name], wanted * (speaking ? speakingEmotion : 1), emotionHalfLifeS, deltaS);
    }
    this.#body?.setEmotions(this.#shown);
  }

  #resize(): void {
    const width = Math.max(1, this.#canvas.clientWidth);
    const height = Math.max(1, this.#canvas.clientHeight);
    this.#renderer.setPixelRatio(Math.min(window.devicePixelRatio, 2) * this.#resolution.share);
    this.#renderer.setSize(width, height, false);
    const aspect = width / height;
    const half = Math.max((frame.above + frame.below) / 2, frame.halfWidth / aspect);
    const distance = half / Math.tan((frame.fov * Math.PI) / 360);
    const middle = this.#headPlace.y + (frame.above - frame.below) / 2;
    this.#camera.aspect = aspect;
    this.#camera.position.set(this.#headPlace.x, middle, this.#headPlace.z + distance);
    this.#camera.lookAt(this.#headPlace.x, middle, this.#headPlace.z);
    this.#camera.updateProjectionMatrix();
  }

  #removeBody(): void {
    if (this.#body === undefined) return;
    this.#scene.remove(this.#body.vrm.scene);
    // Buffers of a lost context are gone already; deleting them in its successor only fills the console with errors.
    if (!this.#contextReplaced) VRMUtils.deepDispose(this.#body.vrm.scene);
    this.#body = undefined;
  }
}
