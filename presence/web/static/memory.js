// “What is remembered of me”: a copy that is signed with the key of this device. All else on the page is forms.

import { sealed } from "./key.js";
import { myKey } from "./kept.js";
import { ask, doing } from "./page.js";
import { phrase } from "./phrases.js";

const news = document.querySelector("#news");
const sign = document.querySelector("#sign");
const say = (words) => { news.textContent = words; };

function download(file) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([`${JSON.stringify(file, null, 1)}\n`], { type: "application/json" }));
  link.download = "what-is-remembered-signed.json";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function signedCopy(mine) {
  const told = await ask("/api/memory/to-sign");
  if (told.iss !== mine.did) throw new Error(phrase("You are signed in with another key than that of this device."));
  download(await sealed(mine, "memory", told));
  say(phrase("It is signed. Whoever has the file can check that it is yours."));
}

const mine = sign && (await myKey());
if (mine) {
  for (const part of document.querySelectorAll("[data-signing]")) part.hidden = false;
  sign.addEventListener("click", () => doing(sign, say, () => signedCopy(mine)));
}
