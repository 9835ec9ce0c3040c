// “My key”: the code to show, the ways to save, and coming back on another device.

import { canSign, didIn } from "./key.js";
import { forget, myKey, myKeyOrNew, saved, signedIn, takeIn, unsavedSeed } from "./kept.js";
import { doing, tierMark } from "./page.js";
import { canTryPasskeys, openWithPasskey, saveWithPasskey } from "./passkey.js";
import { phrase } from "./phrases.js";
import { FILE_BYTES_MAX, fromCode, fromFile, toCode, toFile } from "./saving.js";

const at = (id) => document.getElementById(id);
const WAYS = { passkey: phrase("with a passkey"), file: phrase("as a file"), paper: phrase("on paper") };

let mine = null;
let seed = null; // only while it may be saved: not saved yet, or just opened on this page
let tier = "public";

const say = (text) => (at("news").textContent = text);

async function begin() {
  if (!(await canSign())) {
    at("cannot").hidden = false;
    return;
  }
  for (const id of ["by-passkey", "from-passkey"]) at(id).hidden = !canTryPasskeys();
  mine = await myKey();
  if (mine) await enter();
  show();
}

/** Signs in and looks who this is now; without the house, the page still shows the key. */
async function enter() {
  seed ??= await unsavedSeed(mine);
  try {
    tier = (await signedIn(mine)).tier;
    document.dispatchEvent(new Event("came-in"));
  } catch (error) {
    say(error.message);
  }
}

function show() {
  at("none").hidden = mine !== null;
  for (const id of ["mine", "save", "leave"]) at(id).hidden = mine === null;
  at("before").hidden = false;
  at("before").open ||= location.hash === "#before";
  at("instead").hidden = mine === null;
  if (!mine) return;
  at("code").textContent = mine.did;
  at("open-tier").textContent = tierMark(tier);
  const ways = mine.ways.map((way) => WAYS[way]).filter(Boolean);
  at("saved").textContent = ways.length
    ? `${phrase("It is saved {ways}.", { ways: ways.join(phrase(" and ")) })} ${seed ? phrase("You can save it in one more way.") : phrase("To save it in one more way, open it here first, under “I have been here before”.")}`
    : phrase("It is on this device only. If the device is lost, so is what was opened to you. Save it once, in the way that you like best.");
  at("ways").hidden = seed === null;
  at("leave-words").textContent = mine.ways.length
    ? phrase("You can come back with what you saved.")
    : phrase("It was never saved: nobody can bring it back.");
}

async function keptBy(way) {
  mine = await saved(way);
  show();
  say(phrase("Your key is saved {way}.", { way: WAYS[way] }));
}

function download(file) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([`${JSON.stringify(file, null, 1)}\n`], { type: "application/json" }));
  link.download = `my-key-${mine.did.slice(-6)}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function come(opened, way) {
  const replaced = mine && mine.ways.length === 0 && tier !== "public";
  if (replaced) throw new Error(phrase("The key on this device was never saved, and something is open to it. Save it first, or take it off."));
  mine = await takeIn(opened, way);
  seed = opened;
  tier = "public";
  await enter();
  at("before").open = false;
  show();
  say(phrase("You are back. Open to you: {tier}.", { tier: tierMark(tier) }));
}

async function copy(text, done) {
  await navigator.clipboard.writeText(text).catch(() => {
    throw new Error(phrase("The browser does not let this page copy. Mark the code and copy it by hand."));
  });
  say(done);
}

/** Runs a deed when a button is pressed or a form is sent. */
function on(id, deed) {
  at(id).addEventListener(at(id).matches("form") ? "submit" : "click", (event) => {
    event.preventDefault();
    doing(at(id), say, deed);
  });
}

on("make", async () => {
  mine = await myKeyOrNew();
  await enter();
  show();
});
on("copy", () => copy(mine.did, phrase("The code is copied.")));
on("copy-link", () => copy(`${location.origin}/people?introduce=${encodeURIComponent(didIn(mine.did))}`, phrase("The link is copied.")));

on("save-passkey", async () => {
  await saveWithPasskey(seed, mine.did);
  await keptBy("passkey");
});
on("save-file", async () => {
  say(phrase("The file is being sealed …"));
  download(await toFile(seed, mine.did, at("new-passphrase").value));
  at("new-passphrase").value = "";
  await keptBy("file");
});
on("show-paper", async () => {
  at("paper-code").textContent = await toCode(seed);
  at("paper").hidden = false;
});
on("written", async () => {
  at("paper-code").textContent = "";
  at("paper").hidden = true;
  await keptBy("paper");
});

on("open-passkey", async () => come(await openWithPasskey(), "passkey"));
on("open-file", async () => {
  const [file] = at("file").files;
  if (file.size > FILE_BYTES_MAX) throw new Error(phrase("This is not a key file."));
  say(phrase("The file is being opened …"));
  await come(await fromFile(await file.text(), at("passphrase").value), "file");
  at("open-file").reset();
});
on("open-paper", async () => {
  await come(await fromCode(at("written-code").value), "paper");
  at("open-paper").reset();
});
on("forget", async () => {
  await forget();
  [mine, seed, tier] = [null, null, "public"];
  show();
  say(phrase("There is no key on this device any more."));
});

begin();
