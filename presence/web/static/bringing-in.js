// Bring in: files that were chosen or dropped are sent one by one, each with its progress, and again where the line breaks.

import { element, Refused } from "./page.js";
import { phrase, phraseOf } from "./phrases.js";

const TRIES_MAX = 4;
const HEADERS = { Accept: "application/json", "Presence-Language": document.documentElement.lang };
const SHOWN_MAX = 100;
const at = (id) => document.getElementById(id);
const form = at("send-files");
const say = (text) => (at("sending-news").textContent = text);
let going = false;

/** Files with their paths, from the two fields of the form. */
function chosen() {
  return [...form.querySelectorAll("input[type=file]")].flatMap((field) =>
    [...field.files].map((file) => ({ file, name: file.webkitRelativePath || file.name })),
  );
}

/** Files with their paths, from what was dropped: folders are walked. */
async function dropped(items) {
  const entries = [...items].map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile()).filter(Boolean);
  const found = [];
  const walk = async (entry, path) => {
    if (entry instanceof File) {
      found.push({ file: entry, name: entry.name });
    } else if (entry.isFile) {
      const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
      found.push({ file, name: path + file.name });
    } else if (entry.isDirectory) {
      const reader = entry.createReader();
      for (;;) {
        const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
        if (!some.length) break;
        for (const one of some) await walk(one, `${path}${entry.name}/`);
      }
    }
  };
  for (const entry of entries) await walk(entry, "");
  return found;
}

async function begun(label) {
  const told = new FormData(form);
  told.delete("files");
  told.set("label", label.slice(0, 200));
  const response = await fetch("/studio/bring-in/begin", { method: "POST", body: told, headers: HEADERS });
  const made = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, made);
  return made;
}

/** Sends one file; XMLHttpRequest is what tells how much of it is on its way. */
function put(address, file, told) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", address);
    for (const [header, value] of Object.entries(HEADERS)) request.setRequestHeader(header, value);
    request.upload.addEventListener("progress", (event) => told(event.loaded));
    request.addEventListener("error", () => reject(new Refused(0, { detail: phrase("The line broke.") })));
    request.addEventListener("load", () => {
      if (request.status < 300) {
        resolve();
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
    request.send(file);
  });
}

async function sent(ident, { file, name }, told) {
  const address = `/studio/bring-in/files/${ident}?name=${encodeURIComponent(name)}`;
  for (let tried = 1; ; tried++) {
    try {
      return await put(address, file, told);
    } catch (error) {
      if (tried >= TRIES_MAX || (error.status >= 400 && error.status < 500)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** tried));
    }
  }
}

function row(name, size) {
  const bar = element("progress");
  [bar.max, bar.value] = [Math.max(1, size), 0];
  bar.setAttribute("aria-label", name);
  const line = element("li", "", `${name} `);
  line.append(bar);
  at("sending-files").append(line);
  return { line, bar };
}

async function sendAll(made, files) {
  const whole = Math.max(1, files.reduce((sum, { file }) => sum + file.size, 0));
  const failed = [];
  let done = 0;
  at("sending-whole").max = whole;
  at("sending-files").replaceChildren();
  for (const [number, one] of files.entries()) {
    say(phrase("Sending {number} of {every}: {name}", { number: number + 1, every: files.length, name: one.name }));
    const { line, bar } = row(one.name, one.file.size);
    try {
      await sent(made.id, one, (loaded) => {
        bar.value = loaded;
        at("sending-whole").value = done + Math.min(loaded, one.file.size);
      });
      bar.value = bar.max;
      if (files.length > SHOWN_MAX) line.remove();
    } catch (error) {
      line.append(` ${error.message}`);
      failed.push(one);
    }
    done += one.file.size;
  }
  return failed;
}

async function lookAt(made) {
  say(phrase("All of it is here. It is being read …"));
  going = false;
  const response = await fetch(`${made.address}/read`, { method: "POST", headers: HEADERS });
  if (!response.ok) throw new Refused(response.status, await response.json().catch(() => ({})));
  location.assign(made.address);
}

async function bring(files) {
  if (going || !files.length) {
    if (!going) say(phrase("There is no file in it."));
    at("sending").hidden = false;
    return;
  }
  going = true;
  at("sending").hidden = false;
  form.hidden = true;
  const first = files[0].name.split("/")[0];
  try {
    const made = await begun(files.length === 1 ? first : `${first} and ${files.length - 1} more`);
    await untilAllAreHere(made, files);
  } catch (error) {
    going = false;
    form.hidden = false;
    say(error.message);
  }
}

async function untilAllAreHere(made, files) {
  const failed = await sendAll(made, files);
  if (!failed.length) return lookAt(made);
  say(failed.length === 1 ? phrase("One file did not come through.") : phraseOf("{n} files did not come through.", "{n} files did not come through.", failed.length));
  const [again, on] = [at("send-again"), at("go-on")];
  again.hidden = on.hidden = false;
  const choice = await new Promise((resolve) => {
    again.onclick = () => resolve("again");
    on.onclick = () => resolve("on");
  });
  again.hidden = on.hidden = true;
  return choice === "again" ? untilAllAreHere(made, failed) : lookAt(made);
}

const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

form.addEventListener("submit", (event) => {
  const files = chosen();
  if (!files.length) return; // the house says what is lacking
  event.preventDefault();
  bring(files);
});
for (const name of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    document.body.classList.toggle("dropping", name === "dragover");
    if (name === "drop") dropped(event.dataTransfer.items).then(bring, () => say(phrase("What was dropped cannot be read here.")));
  });
}
addEventListener("beforeunload", (event) => going && event.preventDefault());
