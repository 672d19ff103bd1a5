/**
 * What seals and opens private conversations: WebCrypto and nothing else. The server has the same in `SealedBox.cs`; `vectors.json` holds
 * both to it.
 */

/** The private half of a person's pair, which no script can read out, and the public one. */
export interface Vault {
  key: CryptoKey;
  publicKey: Uint8Array<ArrayBuffer>;
}

/** The private half under a passphrase or a code, as the server keeps it. */
export interface Wrapping {
  rounds: number;
  salt: string;
  wrapped: string;
}

/** What has just been made: the only moment at which the private half is readable. */
export interface NewPair {
  publicKey: string;
  pkcs8: Uint8Array<ArrayBuffer>;
}

export const rounds = 600_000;
const curve = { name: "ECDH", namedCurve: "P-256" } as const;
const pointBytes = 65;
const nonceBytes = 12;
const boxInfo = "jeantrail private box 1";
const encoder = new TextEncoder();

export const toBase64 = (bytes: Uint8Array): string => {
  let text = "";
  // Not spread at once: a long answer has more bytes than a call may have arguments.
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
};
export const fromBase64 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

export async function makePair(): Promise<NewPair> {
  const pair = await crypto.subtle.generateKey(curve, true, ["deriveBits"]);
  const [point, pkcs8] = await Promise.all([crypto.subtle.exportKey("raw", pair.publicKey), crypto.subtle.exportKey("pkcs8", pair.privateKey)]);
  return { publicKey: toBase64(new Uint8Array(point)), pkcs8: new Uint8Array(pkcs8) };
}

export const openVault = async ({ publicKey, pkcs8 }: NewPair): Promise<Vault> => ({ key: await crypto.subtle.importKey("pkcs8", pkcs8, curve, false, ["deriveBits"]), publicKey: fromBase64(publicKey) });

/** A public key that was exchanged on the server opens nothing: it is part of what is wrapped. */
const wrapPlace = (publicKey: string): Uint8Array<ArrayBuffer> => encoder.encode(`jeantrail private key 1:${publicKey}`);

async function keyOf(secret: string, salt: Uint8Array<ArrayBuffer>, count: number): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey("raw", encoder.encode(secret), "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt, iterations: count }, material, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

export async function wrap({ publicKey, pkcs8 }: NewPair, secret: string): Promise<Wrapping> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const nonce = crypto.getRandomValues(new Uint8Array(nonceBytes));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: wrapPlace(publicKey) }, await keyOf(secret, salt, rounds), pkcs8);
  return { rounds, salt: toBase64(salt), wrapped: toBase64(new Uint8Array([...nonce, ...new Uint8Array(sealed)])) };
}

/** Null when the passphrase or the code is another one. */
export async function unwrap(wrapping: Wrapping, publicKey: string, secret: string): Promise<NewPair | null> {
  const wrapped = fromBase64(wrapping.wrapped);
  const key = await keyOf(secret, fromBase64(wrapping.salt), wrapping.rounds);
  try {
    const pkcs8 = await crypto.subtle.decrypt({ name: "AES-GCM", iv: wrapped.subarray(0, nonceBytes), additionalData: wrapPlace(publicKey) }, key, wrapped.subarray(nonceBytes));
    return { publicKey, pkcs8: new Uint8Array(pkcs8) };
  } catch {
    return null;
  }
}

async function boxKey(agreed: ArrayBuffer, ephemeral: Uint8Array, recipient: Uint8Array): Promise<{ key: CryptoKey; iv: Uint8Array<ArrayBuffer> }> {
  const material = await crypto.subtle.importKey("raw", agreed, "HKDF", false, ["deriveBits"]);
  const derived = new Uint8Array(await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array([...ephemeral, ...recipient]), info: encoder.encode(boxInfo) }, material, 352));
  return { key: await crypto.subtle.importKey("raw", derived.subarray(0, 32), "AES-GCM", false, ["encrypt", "decrypt"]), iv: derived.slice(32) };
}

const pointOf = (bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> => crypto.subtle.importKey("raw", bytes, curve, true, []);

/** Opens a box that was sealed for a place. Rejects when it was not, or not to this key. */
export async function openBox({ key, publicKey }: Vault, place: string, box: string): Promise<string> {
  const bytes = fromBase64(box);
  if (bytes[0] !== 1) throw new Error("a box of another version");
  const ephemeral = bytes.slice(1, 1 + pointBytes);
  const agreed = await crypto.subtle.deriveBits({ name: "ECDH", public: await pointOf(ephemeral) }, key, 256);
  const { key: cipher, iv } = await boxKey(agreed, ephemeral, publicKey);
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: encoder.encode(place) }, cipher, bytes.subarray(1 + pointBytes));
  return new TextDecoder("utf-8", { fatal: true }).decode(plain);
}

export async function sealBox(publicKey: Uint8Array<ArrayBuffer>, place: string, text: string): Promise<string> {
  const pair = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
  const ephemeral = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const agreed = await crypto.subtle.deriveBits({ name: "ECDH", public: await pointOf(publicKey) }, pair.privateKey, 256);
  const { key, iv } = await boxKey(agreed, ephemeral, publicKey);
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: encoder.encode(place) }, key, encoder.encode(text));
  return toBase64(new Uint8Array([1, ...ephemeral, ...new Uint8Array(sealed)]));
}

/** Letters and figures that are not taken for one another. Source: Douglas Crockford, Base 32. */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** 160 random bits in groups of four. */
export const newCode = (): string =>
  [...crypto.getRandomValues(new Uint8Array(32))].map((byte, at) => (at > 0 && at % 4 === 0 ? "-" : "") + alphabet[byte & 31]!).join("");

/** The code as it was shown, however it was typed. */
export const readCode = (typed: string): string =>
  typed.toUpperCase().replace(/O/g, "0").replace(/[IL]/g, "1").replace(/[^0-9A-Z]/g, "").replace(/(.{4})(?=.)/g, "$1-");

export const leastLetters = 12;

/** How long guessing takes, roughly: 0 too short, 1 weak, 2 good, 3 strong. Few different letters count for little. */
export function strengthOf(passphrase: string): 0 | 1 | 2 | 3 {
  const letters = Array.from(passphrase);
  if (letters.length < leastLetters) return 0;
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\d/u, /[^\p{L}\d\s]/u].filter((kind) => kind.test(passphrase)).length;
  const words = passphrase.split(/\s+/u).filter((word) => word.length > 2).length;
  const different = new Set(letters).size;
  if (different < 7) return 1;
  const worth = letters.length + 3 * kinds + 2 * words;
  return worth >= 30 && different >= 10 ? 3 : worth >= 20 ? 2 : 1;
}
