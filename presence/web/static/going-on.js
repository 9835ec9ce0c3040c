// What is being read or kept: how far it is, until there is something else to show.

import { ask } from "./page.js";

const EVERY_MS = 1000;
const news = document.getElementById("going-on");
const bar = document.getElementById("how-far");
const { ident, stage } = news.dataset;

async function look() {
  try {
    const told = await ask(`/studio/bring-in/${ident}/state`);
    if (told.stage !== stage) {
      location.reload();
      return;
    }
    if (news.textContent !== told.words) news.textContent = told.words;
    if (told.of) [bar.max, bar.value] = [told.of, told.done];
  } catch (error) {
    if (error.status === 404) location.reload();
  }
  setTimeout(look, EVERY_MS);
}

setTimeout(look, EVERY_MS);
