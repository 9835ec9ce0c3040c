// The key of this device, kept in the browser's own store, and the sign-in that nobody sees.
//
// What holds against a script that got into a page by mistake (the first guard is that none can:
// `script-src 'self'`). `signing` cannot be read out by any script, ever: such a script could sign while
// the page is open, and not carry the key away. `unsaved` can be read out, since otherwise nothing could
// be saved; it is deleted for good in the moment in which the key was saved once, by whichever way.
// So a saved key cannot be read here by anybody. A copy for one more way of saving comes only from
// opening a saved one, and lives in the memory of that page alone.

import { canSign, fromSeed, generate, proof, seedOf } from "./key.js";
import { ask, send } from "./page.js";
import { phrase } from "./phrases.js";

const [DATABASE, STORE, MINE] = ["presence", "keys", "mine"];
const HINT = "presence-key"; // that there is a key, so that pages of strangers open no store

function opened() {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
}

async function within(mode, deed) {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode, { durability: "strict" });
      const request = deed(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result ?? null);
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

export const keep = (name, value) => within("readwrite", (store) => store.put(value, name));
export const kept = (name) => within("readonly", (store) => store.get(name));
export const drop = (name) => within("readwrite", (store) => store.delete(name));

/** The key of this device, or null; nothing is made. */
export async function myKey() {
  return localStorage.getItem(HINT) && (await canSign()) ? kept(MINE) : null;
}

function cannotKeep() {
  if ("sendsMail" in document.documentElement.dataset) return phrase("This browser cannot keep a key. Ask for a link by mail instead.");
  return phrase("This browser cannot keep a key here. Try a newer one.");
}

/** The key of this device; made now if there is none. Only to be called when there is a reason for one. */
export async function myKeyOrNew() {
  if (!(await canSign())) throw new Error(cannotKeep());
  return alone(async () => {
    const mine = await myKey();
    if (mine) return mine;
    const { did, signing, unsaved } = await generate();
    return put({ did, signing, unsaved, ways: [], offered: false });
  });
}

/** Takes in a key that was opened from where it was saved. */
export async function takeIn(seed, way) {
  const { did, signing } = await fromSeed(seed);
  return alone(() => put({ did, signing, unsaved: null, ways: [way], offered: true }));
}

/** The seed while it was not saved yet, or null. */
export const unsavedSeed = async (mine) => (mine.unsaved ? seedOf(mine.unsaved) : null);

/** Notes that the key was saved; from here on no script can read it. */
export async function saved(way) {
  return alone(async () => {
    const mine = await kept(MINE);
    return put({ ...mine, unsaved: null, ways: [...new Set([...mine.ways, way])] });
  });
}

/** Notes that saving was offered, so that it is not offered again. */
export async function offered() {
  return alone(async () => put({ ...(await kept(MINE)), offered: true }));
}

/** Takes the key off this device, and ends the session. */
export async function forget() {
  await drop(MINE);
  localStorage.removeItem(HINT);
  await fetch("/auth/session", { method: "DELETE" });
}

async function put(mine) {
  await keep(MINE, mine);
  localStorage.setItem(HINT, "1");
  navigator.storage?.persist?.().catch(() => {}); // asks that the store is not cleared to make room
  return mine;
}

/** One at a time, over all tabs: two pages must not make two keys. */
const alone = (deed) => (navigator.locks ? navigator.locks.request(HINT, deed) : deed());

/** Opens a session with a key. */
export async function signIn(mine) {
  return send("/auth/session", await proof(mine, await send("/auth/challenge")));
}

/** Who this is for the house: signs in if there is a key here and no session of it. */
export async function signedIn(mine) {
  const me = await ask("/api/me");
  if (me.did === mine.did && me.how === "key") return me;
  await signIn(mine);
  return ask("/api/me");
}
