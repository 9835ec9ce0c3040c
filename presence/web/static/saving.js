// Two ways to keep a key outside the browser: a file with a passphrase, and a code for paper.
// Both are those of trustgraph/key_files.py: what is written here, `presence` opens, and the other way round.

import { base32, base64url, fromBase32, fromBase64url, joined, random, utf8 } from "./bytes.js";
import { SEED_BYTES, fromSeed } from "./key.js";
import { phrase } from "./phrases.js";

const KDF = "pbkdf2-sha256";
const [ROUNDS, ROUNDS_MAX] = [600_000, 10_000_000];
const [SALT_BYTES, NONCE_BYTES, CHECK_BYTES] = [16, 12, 3];
const FIELDS = "box did kdf mem ops salt v";
export const FILE_BYTES_MAX = 4096;

export class KeyWrong extends Error {}

/** What a key file holds, as an object. */
export async function toFile(seed, did, passphrase) {
  const [salt, nonce] = [random(SALT_BYTES), random(NONCE_BYTES)];
  const secret = await secretOf(passphrase, salt, ROUNDS, "encrypt");
  const box = await crypto.subtle.encrypt(sealing(nonce, did), secret, seed);
  const text = base64url(joined(nonce, new Uint8Array(box)));
  return { v: 1, did, kdf: KDF, ops: ROUNDS, mem: 0, salt: base64url(salt), box: text };
}

/** The seed in a key file; its text comes from outside, and everything about it may be wrong. */
export async function fromFile(text, passphrase) {
  const file = read(text);
  const whole = phrase("The key file cannot be opened with this passphrase.");
  if (!Number.isInteger(file.ops) || file.ops < ROUNDS || file.ops > ROUNDS_MAX) throw new KeyWrong(whole);
  let seed;
  try {
    const box = fromBase64url(file.box);
    const secret = await secretOf(passphrase, fromBase64url(file.salt), file.ops, "decrypt");
    const opened = crypto.subtle.decrypt(sealing(box.slice(0, NONCE_BYTES), file.did), secret, box.slice(NONCE_BYTES));
    seed = new Uint8Array(await opened);
  } catch {
    throw new KeyWrong(whole);
  }
  if (seed.length !== SEED_BYTES || (await fromSeed(seed)).did !== file.did) {
    throw new KeyWrong(phrase("The key file holds another key than it says."));
  }
  return seed;
}

function read(text) {
  let file = null;
  try {
    file = JSON.parse(text);
  } catch {
    // said below
  }
  if (file?.kdf === "argon2id13") {
    throw new KeyWrong(phrase("Browsers cannot open this form of key file. Say “presence keys browser” at the terminal."));
  }
  const fields = file && typeof file === "object" ? Object.keys(file).sort().join(" ") : "";
  if (fields !== FIELDS || file.v !== 1 || file.kdf !== KDF) throw new KeyWrong(phrase("This is not a key file."));
  return file;
}

const sealing = (iv, did) => ({ name: "AES-GCM", iv, additionalData: utf8(did) });

async function secretOf(passphrase, salt, iterations, use) {
  const typed = await crypto.subtle.importKey("raw", utf8(passphrase), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return crypto.subtle.deriveKey(how, typed, { name: "AES-GCM", length: 256 }, false, [use]);
}

/** Letters and digits for paper, in groups of four, with a few at the end to check them by. */
export async function toCode(seed) {
  return base32(joined(seed, await checkOf(seed))).match(/.{1,4}/g).join("-");
}

/** The seed of what stands on paper; case, spaces and dashes do not matter. */
export async function fromCode(code) {
  const letters = code.toUpperCase().replace(/[^\p{L}\p{N}]/gu, "").replaceAll("0", "O").replaceAll("1", "I");
  const bytes = fromBase32(letters);
  if (bytes === null) throw new KeyWrong(phrase("The code has a sign that none of them has. Look at it again."));
  const [seed, check] = [bytes.slice(0, SEED_BYTES), bytes.slice(SEED_BYTES)];
  if (bytes.length !== SEED_BYTES + CHECK_BYTES || base64url(await checkOf(seed)) !== base64url(check)) {
    throw new KeyWrong(phrase("The code is not complete, or a sign is wrong. Look at it again."));
  }
  return seed;
}

async function checkOf(seed) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", seed)).slice(0, CHECK_BYTES);
}
