import type { VRM } from "@pixiv/three-vrm";
import { Mesh, type Object3D } from "three";
import { emotionNames, type Emotion } from "./performance";
import { toVowels, visemeNames, vowelNames, type VisemeWeights } from "./visemes";
import type { LifePose } from "./life";

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Jean's own body or any VRM of the person's: the one place that knows which expressions a model has. */
export class Body {
  readonly vrm: VRM;
  readonly #hasVisemes: boolean;
  readonly #face: Mesh | undefined;
  readonly #neck: Object3D | null;
  readonly #head: Object3D | null;
  readonly #chest: Object3D | null;
  readonly #chestHeight: number;

  constructor(vrm: VRM) {
    this.vrm = vrm;
    const expressions = vrm.expressionManager;
    this.#hasVisemes = visemeNames.every((name) => name === "sil" || expressions?.getExpression(`viseme_${name}`) != null);
    if (this.#hasVisemes && expressions !== undefined) {
      for (const name of visemeNames) expressions.mouthExpressionNames.push(`viseme_${name}`);
    }
    this.#face = findFace(vrm.scene);
    this.#neck = vrm.humanoid.getNormalizedBoneNode("neck");
    this.#head = vrm.humanoid.getNormalizedBoneNode("head");
    this.#chest = vrm.humanoid.getNormalizedBoneNode("chest") ?? vrm.humanoid.getNormalizedBoneNode("spine");
    this.#chestHeight = this.#chest?.position.y ?? 0;
    this.#lowerArms();
  }

  setMouth(weights: VisemeWeights): void {
    if (this.#hasVisemes) {
      for (const name of visemeNames) this.#set(`viseme_${name}`, weights[name]);
      return;
    }
    const vowels = toVowels(weights);
    for (const name of vowelNames) this.#set(name, vowels[name]);
  }

  setEmotions(weights: Record<Emotion, number>): void {
    for (const name of emotionNames) this.#set(name, weights[name]);
  }

  setPose(pose: LifePose): void {
    this.#set("blink", pose.blink);
    this.#set("lookUp", Math.max(0, pose.eyePitch / 14) * 0.6);
    this.#set("lookDown", Math.max(0, -pose.eyePitch / 14) * 0.6);
    // The neck takes a part, so that the head turns on a stalk and not on a pin.
    this.#turn(this.#neck, pose, 0.4);
    this.#turn(this.#head, pose, 0.6);
    if (this.#chest !== null) {
      this.#chest.rotation.x = radians(-pose.breath * 0.45);
      this.#chest.position.y = this.#chestHeight + pose.breath * 0.0012;
    }
    const gaze = this.vrm.lookAt;
    if (gaze !== undefined) {
      gaze.yaw = pose.eyeYaw;
      gaze.pitch = -pose.eyePitch;
    }
  }

  update(deltaS: number): void {
    this.vrm.update(deltaS);
  }

  /** What is on the face right now, for tests and debugging. */
  probe(): { mouth: number; visemes: Record<string, number>; blink: number } {
    const names = this.#hasVisemes ? visemeNames.map((name) => `viseme_${name}`) : [...vowelNames];
    const visemes = Object.fromEntries(names.map((name) => [name.replace("viseme_", ""), this.#get(name)]));
    return { mouth: this.#jaw() ?? Math.max(...Object.entries(visemes).map(([name, weight]) => (name === "sil" ? 0 : weight))), visemes, blink: this.#get("blink") };
  }

  #jaw(): number | undefined {
    const index = this.#face?.morphTargetDictionary?.["jawOpen"];
    return index === undefined ? undefined : this.#face?.morphTargetInfluences?.[index];
  }

  #set(name: string, weight: number): void {
    this.vrm.expressionManager?.setValue(name, weight);
  }

  #get(name: string): number {
    return this.vrm.expressionManager?.getValue(name) ?? 0;
  }

  #turn(bone: Object3D | null, pose: LifePose, share: number): void {
    bone?.rotation.set(radians(-pose.headPitch * share), radians(pose.headYaw * share), radians(pose.headRoll * share), "YXZ");
  }

  // Models stand with their arms out; nobody does.
  #lowerArms(): void {
    this.vrm.humanoid.getNormalizedBoneNode("leftUpperArm")?.rotation.set(0, 0, radians(-72));
    this.vrm.humanoid.getNormalizedBoneNode("rightUpperArm")?.rotation.set(0, 0, radians(72));
  }
}

function findFace(root: Object3D): Mesh | undefined {
  let face: Mesh | undefined;
  root.traverse((node) => {
    if (node instanceof Mesh && node.morphTargetDictionary?.["jawOpen"] !== undefined && (face === undefined || node.name === "Face")) face = node;
  });
  return face;
}
