// A recording is sent in pieces (tus 1.0.0): what came stays, and after a broken line or a reload it goes on from there.

import { Refused } from "./page.js";
import { locale, phrase } from "./phrases.js";

const PIECE_BYTES = 4 * 1024 ** 2;
const WAIT_MS_MAX = 30_000;
const PLACE = "/api/recordings";
const TUS = { "Tus-Resumable": "1.0.0", Accept: "application/json", "Presence-Language": document.documentElement.lang };
const at = (id) => document.getElementById(id);
const form = at("send-recording");
const say = (text) => (at("sending-news").textContent = text);
const inMB = (bytes) => (bytes / 1e6).toLocaleString(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1, useGrouping: false });
let going = false;

const base64 = (text) => btoa(String.fromCodePoint(...new TextEncoder().encode(text)));
const nameOf = (file) => `presence-upload ${file.name} ${file.size} ${file.lastModified}`;

async function refusal(response) {
  return new Refused(response.status, await response.json().catch(() => ({})));
}

/** Where the sending of this very file goes on; null where it has not begun, or nobody knows of it any more. */
async function stands(address) {
  const response = await fetch(address, { method: "HEAD", headers: TUS });
  if (response.status === 404) return null;
  if (!response.ok) throw await refusal(response);
  return Number(response.headers.get("Upload-Offset"));
}

async function begun(file) {
  const told = { title: form.title.value.trim() || file.name.replace(/\.[^.]+$/, ""), tier: form.tier.value, set: form.set.value.trim() };
  const pairs = Object.entries(told).filter(([, value]) => value).map(([key, value]) => `${key} ${base64(value)}`);
  const headers = { ...TUS, "Upload-Length": String(file.size), "Upload-Metadata": pairs.join(",") };
  const response = await fetch(PLACE, { method: "POST", headers });
  if (!response.ok) throw await refusal(response);
  return response.headers.get("Location");
}

/** Sends one piece; XMLHttpRequest is what tells how much of it is on its way. */
function piece(address, file, offset, told) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PATCH", address);
    for (const [name, value] of Object.entries(TUS)) request.setRequestHeader(name, value);
    request.setRequestHeader("Upload-Offset", String(offset));
    request.setRequestHeader("Content-Type", "application/offset+octet-stream");
    request.upload.addEventListener("progress", (event) => told(offset + event.loaded));
    request.addEventListener("error", () => reject(new Refused(0, {})));
    request.addEventListener("load", () => {
      if (request.status === 204) {
        resolve(Number(request.getResponseHeader("Upload-Offset")));
        return;
      }
      let why = {};
      try {
        why = JSON.parse(request.responseText);
      } catch {
        // a page, and no sentence
      }
      reject(new Refused(request.status, why));
    });
    request.send(file.slice(offset, offset + PIECE_BYTES));
  });
}

/** Whether trying again can help: the line broke, or another piece was on its way. */
const mayPass = (error) => !(error instanceof Refused) || [0, 409, 423, 429].includes(error.status) || error.status >= 500 && error.status !== 507;

async function sentWhole(address, file, from) {
  let [offset, wait] = [from, 1000];
  const told = (here) => {
    at("sending-whole").value = here;
    say(phrase("{here} of {whole} MB are here.", { here: inMB(here), whole: inMB(file.size) }));
  };
  at("sending-whole").max = file.size;
  told(offset);
  while (offset < file.size) {
    try {
      offset = await piece(address, file, offset, told);
      wait = 1000;
    } catch (error) {
      if (!mayPass(error)) throw error;
      say(phrase("The line is broken. It goes on by itself; leave this page open, or choose the same file again later."));
      await new Promise((resolve) => setTimeout(resolve, wait));
      wait = Math.min(2 * wait, WAIT_MS_MAX);
      offset = await stands(address).catch((broken) => (mayPass(broken) ? offset : Promise.reject(broken)));
      if (offset === null) throw new Refused(422, { detail: phrase("What had come of it is gone here. Send it once more.") });
    }
  }
}

async function bring(file) {
  const key = nameOf(file);
  let address = localStorage.getItem(key);
  let from = address ? await stands(address) : null;
  if (from === null) {
    address = await begun(file);
    localStorage.setItem(key, address);
    from = 0;
  }
  try {
    await sentWhole(address, file, from);
  } catch (error) {
    if (error.status === 422) localStorage.removeItem(key);
    throw error;
  }
  localStorage.removeItem(key);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const [file] = form.file.files;
  if (going || !file) return;
  going = true;
  at("sending").hidden = false;
  const button = form.querySelector("button");
  button.disabled = true;
  bring(file)
    .then(() => {
      going = false;
      location.assign("/studio/recordings?done=kept");
    })
    .catch((error) => say(error.message))
    .finally(() => {
      going = false;
      button.disabled = false;
    });
});
addEventListener("beforeunload", (event) => going && event.preventDefault());
