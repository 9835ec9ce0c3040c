// A key that signs: Ed25519 by the browser itself. The forms are those of trustgraph, byte for byte.
//
// No curve is written by hand here. A browser that cannot sign has no key of its own; the pages say
// then what else there is.

import { base58, base64, base64url, fromBase64url, joined, random, utf8 } from "./bytes.js";

const ED25519 = { name: "Ed25519" };
const DID_PREFIX = Uint8Array.of(0xed, 0x01);
// What stands before the 32 bytes of a seed in PKCS #8 (RFC 8410).
const PKCS8_PREFIX = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20);
export const SEED_BYTES = 32;
export const YEAR_SECONDS = 365 * 24 * 3600;

let works = null;

/** Whether this browser can sign here; found out by doing it once. */
export function canSign() {
  works ??= tried();
  return works;
}

async function tried() {
  if (!globalThis.isSecureContext || !globalThis.crypto?.subtle || !globalThis.indexedDB) return false;
  try {
    const { signing, publicKey } = await fromSeed(random(SEED_BYTES));
    const [message, verifying] = [utf8("try"), await imported(publicKey)];
    return await crypto.subtle.verify(ED25519, verifying, await crypto.subtle.sign(ED25519, signing, message), message);
  } catch {
    return false;
  }
}

const imported = (publicKey) => crypto.subtle.importKey("raw", publicKey, ED25519, false, ["verify"]);

/** A new key: `unsaved` can be read out, so that it can be saved; `signing` never can. */
export async function generate() {
  const { privateKey: unsaved } = await crypto.subtle.generateKey(ED25519, true, ["sign", "verify"]);
  return { ...(await fromSeed(await seedOf(unsaved))), unsaved };
}

export async function seedOf(unsaved) {
  return new Uint8Array(await crypto.subtle.exportKey("pkcs8", unsaved)).slice(PKCS8_PREFIX.length);
}

/** The key of 32 bytes; what comes back can sign, and cannot be read out. */
export async function fromSeed(seed) {
  const pkcs8 = joined(PKCS8_PREFIX, seed);
  const readable = await crypto.subtle.importKey("pkcs8", pkcs8, ED25519, true, ["sign"]);
  const publicKey = fromBase64url((await crypto.subtle.exportKey("jwk", readable)).x);
  const signing = await crypto.subtle.importKey("pkcs8", pkcs8, ED25519, false, ["sign"]);
  return { did: didOf(publicKey), publicKey, signing };
}

export function didOf(publicKey) {
  return `did:key:z${base58(joined(DID_PREFIX, publicKey))}`;
}

export const isDid = (text) => /^did:key:z6Mk[1-9A-HJ-NP-Za-km-z]{44}$/.test(text);

/** The someone in whatever was pasted: a code, or a link that ends with one. */
export function didIn(text) {
  return text.match(/did:key:z6Mk[1-9A-HJ-NP-Za-km-z]{44}(?![1-9A-HJ-NP-Za-km-z])/)?.[0] ?? null;
}

/** RFC 8785 for what our documents are made of: strings, whole numbers, null, lists, objects. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const fields = Object.keys(value).sort(); // by UTF-16 units, as RFC 8785 asks
    return `{${fields.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
  }
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw new TypeError("not a whole number");
  if (typeof value === "string" && value.isWellFormed?.() === false) throw new TypeError("half a character");
  return JSON.stringify(value);
}

/** A signed document in its envelope (DSSE with one signature). */
export async function sealed(key, kind, payload) {
  const payloadType = `application/vnd.presence.${kind}.v1+json`;
  const data = utf8(canonical(payload));
  const head = utf8(`DSSEv1 ${payloadType.length} ${payloadType} ${data.length} `);
  const sig = await crypto.subtle.sign(ED25519, key.signing, joined(head, data));
  return { payloadType, payload: base64(data), signatures: [{ keyid: key.did, sig: base64(sig) }] };
}

const nonce = () => base64url(random(16));
export const seconds = () => Math.floor(Date.now() / 1000);

function document(key, type, root, fields) {
  return sealed(key, type, { v: 1, type, root, iss: key.did, nonce: nonce(), ...fields });
}

/** Lets somebody in; `vouch` is null or `{depth, max, tier}`. */
export function grant(key, { root, sub, tier, nbf, exp, vouch = null, parent = null, via = "artist" }) {
  return document(key, "grant", root, { sub, tier, vouch, parent, nbf, exp, via });
}

/** Takes a grant back, or blocks a key. */
export function revocation(key, { root, target, reason = "" }) {
  return document(key, "revoke", root, { target, t: seconds(), reason });
}

/** The artist's word for the head of the log. */
export function checkpoint(key, { root, seq, head }) {
  return document(key, "checkpoint", root, { seq, head, t: seconds() });
}

/** Proof that the key is held. For whom it is (`aud`) is read from the address bar, never from what a server says. */
export function proof(key, { root, nonce: challenge }) {
  const aud = globalThis.location.origin;
  const fields = { v: 1, type: "auth", root, aud, iss: key.did, nonce: challenge, iat: seconds() };
  return sealed(key, "auth", fields);
}
