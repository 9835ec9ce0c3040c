// Passkeys: for a listener, a lock on a copy of her key that lies with the house; for the studio, a way in.
//
// Where an authenticator can (the PRF extension, told by what registering gave back, never by a name), it
// gives a secret that only this passkey gives. The key is sealed with it here. What is sent to the house
// are the sealed key and the passkey's signature; the secret itself never leaves this page, which is why
// answers are put together field by field: `credential.toJSON()` could carry it along.

import { base64url, fromBase64url, joined, random, utf8 } from "./bytes.js";
import { SEED_BYTES, fromSeed } from "./key.js";
import { send } from "./page.js";
import { phrase } from "./phrases.js";
import { KeyWrong } from "./saving.js";

const ASKED = utf8("presence: the key of a listener, 1"); // what the passkey's secret is asked with
const INFO = utf8("presence wrapped key 1");
const NONCE_BYTES = 12;

/** Whether passkeys can be tried here; numbers as addresses cannot have any. */
export function canTryPasskeys() {
  const host = location.hostname;
  return Boolean(globalThis.PublicKeyCredential) && !/^[\d.]+$/.test(host) && !host.startsWith("[");
}

/** Saves a key with a new passkey. Raises `KeyWrong` where the passkey made cannot keep one. */
export async function saveWithPasskey(seed, did) {
  const options = await send("/api/passkeys/options");
  const credential = await navigator.credentials.create({ publicKey: { ...creation(options), extensions: asking() } });
  const { prf } = credential.getClientExtensionResults();
  if (!prf?.enabled) {
    throw new KeyWrong(phrase("The passkey of this device cannot keep a key. Save it as a file or on paper instead."));
  }
  const secret = prf.results?.first ?? (await secretOf(credential.rawId));
  const wrapped = await wrap(seed, did, secret);
  await send("/api/passkeys", { credential: registered(credential), wrapped });
}

/** The seed that a passkey keeps, of whoever holds the passkey. */
export async function openWithPasskey() {
  const credential = await chosen(await send("/auth/passkey/options"), asking());
  const secret = credential.getClientExtensionResults().prf?.results?.first;
  const { did, wrapped } = await send("/auth/passkey", { credential: asserted(credential) });
  if (!secret) throw new KeyWrong(phrase("This browser cannot open the passkey's lock. Use your file or your paper."));
  return unwrap(wrapped, did, secret);
}

/** Makes a passkey by which the studio opens from now on. */
export async function registerOperator() {
  const options = await send("/operator/passkeys/options");
  const credential = await navigator.credentials.create({ publicKey: creation(options) });
  await send("/operator/passkeys", { credential: registered(credential) });
}

/** Opens the studio with a passkey. */
export async function signInOperator() {
  const credential = await chosen(await send("/operator/passkey/options"), {});
  await send("/operator/passkey", { credential: asserted(credential) });
}

const asking = () => ({ prf: { eval: { first: ASKED } } });

function chosen(options, extensions) {
  return navigator.credentials.get({ publicKey: { ...options, challenge: fromBase64url(options.challenge), extensions,
    allowCredentials: [] } });
}

/** Some passkeys tell their secret only when they are used, not when they are made. */
async function secretOf(rawId) {
  const allowCredentials = [{ type: "public-key", id: rawId }];
  const options = { challenge: random(32), allowCredentials, userVerification: "required", extensions: asking() };
  const credential = await navigator.credentials.get({ publicKey: options });
  const secret = credential.getClientExtensionResults().prf?.results?.first;
  if (!secret) throw new KeyWrong(phrase("The passkey of this device cannot keep a key. Save it as a file or on paper instead."));
  return secret;
}

function creation(options) {
  const listed = (options.excludeCredentials ?? []).map((one) => ({ ...one, id: fromBase64url(one.id) }));
  const user = { ...options.user, id: fromBase64url(options.user.id) };
  return { ...options, user, challenge: fromBase64url(options.challenge), excludeCredentials: listed };
}

function registered(credential) {
  const { clientDataJSON, attestationObject } = credential.response;
  return told(credential, { clientDataJSON, attestationObject });
}

function asserted(credential) {
  const { clientDataJSON, authenticatorData, signature, userHandle } = credential.response;
  return told(credential, { clientDataJSON, authenticatorData, signature, userHandle });
}

function told({ id, type }, parts) {
  const written = Object.entries(parts).filter(([, part]) => part).map(([name, part]) => [name, base64url(part)]);
  return { id, rawId: id, type, response: Object.fromEntries(written) };
}

async function sealing(secret, use) {
  const given = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: INFO };
  return crypto.subtle.deriveKey(how, given, { name: "AES-GCM", length: 256 }, false, [use]);
}

async function wrap(seed, did, secret) {
  const iv = random(NONCE_BYTES);
  const how = { name: "AES-GCM", iv, additionalData: utf8(did) };
  const box = await crypto.subtle.encrypt(how, await sealing(secret, "encrypt"), seed);
  return base64url(joined(iv, new Uint8Array(box)));
}

async function unwrap(wrapped, did, secret) {
  const box = fromBase64url(wrapped);
  const how = { name: "AES-GCM", iv: box.slice(0, NONCE_BYTES), additionalData: utf8(did) };
  try {
    const opened = await crypto.subtle.decrypt(how, await sealing(secret, "decrypt"), box.slice(NONCE_BYTES));
    const seed = new Uint8Array(opened);
    if (seed.length === SEED_BYTES && (await fromSeed(seed)).did === did) return seed;
  } catch {
    // said below
  }
  throw new KeyWrong(phrase("What the house keeps for this passkey is not your key. Use your file or your paper."));
}
