// Moments in the reader's own zone. Pages say them in UTC, and here each is written anew, wherever it appears.

import { locale } from "./phrases.js";

const CLOCK = { hour: "2-digit", minute: "2-digit" };
const FORMS = { clock: CLOCK, moment: { day: "numeric", month: "long", year: "numeric", ...CLOCK } };

function tell() {
  for (const time of document.querySelectorAll("time[data-zone]")) {
    const form = FORMS[time.dataset.zone];
    const at = new Date(time.dateTime);
    delete time.dataset.zone;
    if (form && !Number.isNaN(at.getTime())) time.textContent = at.toLocaleString(locale, form);
  }
}

tell();
new MutationObserver(tell).observe(document.getElementById("main"), { childList: true, subtree: true });
