/**
 * What waits, in an encrypted file: carried to another computer when this one has no network at
 * all. The key is made of a passphrase (PBKDF2); the ids travel along, so that a report that both
 * computers send arrives once.
 */

import type { Draft } from "../islands/report-grid/drafts";
import type { Delivery } from "./waiting";

const FORMAT = "nhasan-hang-cho";
const ROUNDS = 600_000;
export const SHORTEST = 12;

/** What is inside: deliveries, and drafts of forms not yet put among them. */
export interface Cargo {
  readonly unit: string;
  readonly unitName: string;
  readonly at: string;
  readonly deliveries: readonly Delivery[];
  readonly drafts: readonly { readonly from: Delivery; readonly draft: Draft }[];
}

interface Box {
  readonly format: typeof FORMAT;
  readonly version: 1;
  readonly rounds: number;
  readonly salt: string;
  readonly iv: string;
  readonly data: string;
}

export async function pack(cargo: Cargo, passphrase: string, rounds = ROUNDS): Promise<string> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const key = await keyOf(passphrase, salt, rounds);
  const plain = new TextEncoder().encode(JSON.stringify(cargo));
  const data = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain));
  const box: Box = {
    format: FORMAT, version: 1, rounds, salt: text(salt), iv: text(iv), data: text(data),
  };
  return JSON.stringify(box);
}

export type Fault = "not-ours" | "wrong-passphrase";

export async function unpack(content: string, passphrase: string): Promise<Cargo | Fault> {
  const box = boxOf(content);
  if (!box) return "not-ours";
  try {
    const key = await keyOf(passphrase, bytes(box.salt), box.rounds);
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes(box.iv) }, key, bytes(box.data));
    return JSON.parse(new TextDecoder().decode(plain)) as Cargo;
  } catch {
    return "wrong-passphrase";
  }
}

function boxOf(content: string): Box | null {
  try {
    const box = JSON.parse(content) as Partial<Box>;
    const sound = box.format === FORMAT && box.version === 1 && Number(box.rounds) <= 10 * ROUNDS;
    return sound && box.salt && box.iv && box.data ? (box as Box) : null;
  } catch {
    return null;
  }
}

async function keyOf(passphrase: string, salt: Uint8Array<ArrayBuffer>, iterations: number): Promise<CryptoKey> {
  // The same letters typed on another keyboard are the same passphrase
  const letters = new TextEncoder().encode(passphrase.normalize("NFC"));
  const base = await crypto.subtle.importKey("raw", letters, "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

function text(data: Uint8Array): string {
  let letters = "";
  for (const byte of data) letters += String.fromCharCode(byte);
  return btoa(letters);
}

function bytes(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
