// What the scripts of several pages need: an element, a request that tells why it was refused, a saying.

import { locale, phrase } from "./phrases.js";

export function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

/** Raised where the house refuses: its sentence is for people, `status` and `code` are for scripts. */
export class Refused extends Error {
  constructor(status, told, retryAfter = null) {
    super(told.detail ?? phrase("That did not work. Try again in a moment."));
    this.status = status;
    this.code = told.code;
    this.retryAfterS = Number(retryAfter ?? 0);
  }
}

export async function ask(path, { method = "GET", body } = {}) {
  const headers = { Accept: "application/json", "Presence-Language": document.documentElement.lang };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const response = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) })
    .catch(() => null);
  if (!response) throw new Refused(0, { detail: phrase("The house cannot be reached. Try again in a moment.") });
  const told = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, told, response.headers.get("Retry-After"));
  return told;
}

export const send = (path, body = {}) => ask(path, { method: "POST", body });

// What browsers say of passkeys, in our words.
const BROWSERS = {
  NotAllowedError: phrase("It was broken off. Nothing was changed."),
  InvalidStateError: phrase("This device has a passkey for this already."),
};

/** Runs what a button or a form starts: it cannot be started twice at once, and what went wrong is said. */
export async function doing(control, say, deed) {
  const buttons = control.matches("form") ? [...control.querySelectorAll("button")] : [control];
  if (buttons.some((button) => button.disabled)) return;
  for (const button of buttons) button.disabled = true;
  try {
    await deed();
  } catch (error) {
    say(BROWSERS[error.name] ?? error.message);
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

const TIERS = ["public", "follower", "supporter", "circle", "inner"];
const WORDS = JSON.parse(document.documentElement.dataset.tierNames ?? "null") // as the artist calls them
  ?? ["open to all", "followers", "supporters", "circle", "inner circle"];
const MARKS = ["○", "◔", "◑", "◕", "●"];

/** A tier by its number or its slug; unknown ones are the highest, so that nothing opens by mistake. */
export function tierNumber(tier) {
  const number = TIERS.includes(tier) ? TIERS.indexOf(tier) : Number(tier);
  return TIERS[number] === undefined ? TIERS.length - 1 : number;
}

export const tierMark = (tier) => `${MARKS[tierNumber(tier)]} ${WORDS[tierNumber(tier)]}`;
export const tierWord = (tier) => WORDS[tierNumber(tier)];

export function writtenDate(seconds) {
  return new Date(seconds * 1000).toLocaleDateString(locale, { day: "numeric", month: "long", year: "numeric" });
}

/** A time in a recording as h:mm:ss, as our pages write it. */
export function clock(seconds) {
  const whole = Math.floor(seconds);
  const two = (number) => String(number).padStart(2, "0");
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}
