// The artist's key in her own browser, and the last head that she signed here.
//
// The house is not believed: before anything is signed, the log that it shows must go on from the last head
// that was signed in this browser. Where something was cut out of it or it was set back, nothing is signed.

import { checkpoint, fromSeed } from "./key.js";
import { drop, keep, kept } from "./kept.js";
import { ask, send } from "./page.js";
import { phrase } from "./phrases.js";

const NAME = "artist";
const CLOCK_SECONDS = 45;

export class NotSigned extends Error {}

/** The artist's key while it is open here, or null: `{did, signing, root}`. */
export const artistKey = () => kept(NAME);
export const lock = () => drop(NAME);

/** Opens the artist's key here; refuses one that is not hers at present. */
export async function unlock(seed) {
  const { did, signing } = await fromSeed(seed);
  const { root } = await trusted(did);
  await keep(NAME, { did, signing, root });
}

/** Checks that the house is the one that this key is for, and that its clock and ours agree. */
async function trusted(did, root = null) {
  const trust = await ask("/api/trust");
  if (trust.artist !== did) throw new NotSigned(phrase("This is not the artist’s present key."));
  if (root !== null && trust.root !== root) throw new NotSigned(phrase("This house is another one than the one that your key was opened for."));
  const apart = Math.round(Math.abs(Date.now() / 1000 - trust.now));
  if (apart > CLOCK_SECONDS) throw new NotSigned(phrase("The clock of this device and that of the house are {seconds} seconds apart. Set them right first.", { seconds: apart }));
  return trust;
}

/** Gives the present head, if the log goes on from the last one that was signed here. */
export async function goesOn(artist) {
  await trusted(artist.did, artist.root);
  const last = await kept(`head of ${artist.root}`);
  const told = await ask(`/api/trust/head${last ? `?seq=${last.seq}` : ""}`);
  if (last && (told.seq < last.seq || told.at?.hash !== last.head)) {
    throw new NotSigned(
      phrase("Nothing is signed: the list of whom you trust does not go on from what you signed here last. Something was taken out of it, or the house was set back to an earlier day. Look into it before you trust this house again."),
    );
  }
  if (told.doubt) throw new NotSigned(phrase("Nothing is signed: {doubt} When you know why, say “presence keys sign-head” at the terminal.", { doubt: told.doubt }));
  return { ...told, last };
}

/** Signs the head of the log, so that nothing can be taken out of it unseen. */
export async function signHead(artist) {
  const { seq, head, last } = await goesOn(artist);
  if (!seq || last?.seq === seq) return;
  await send("/api/checkpoints", await checkpoint(artist, { root: artist.root, seq, head }));
  await keep(`head of ${artist.root}`, { seq, head });
}
