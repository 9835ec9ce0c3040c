// Says what the parts come to while they are typed; the server looks at them again.

import { locale, phrase } from "./phrases.js";

const form = document.querySelector("#sharing");
const told = document.querySelector("#together");

function hundredths(text) {
  const found = /^\s*(\d{1,3})(?:[.,](\d{1,2}))?\s*$/.exec(text);
  return text.trim() === "" ? 0 : found ? Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0")) : NaN;
}

function tell() {
  const whole = [...form.querySelectorAll("[name=percent]")].reduce((sum, field) => sum + hundredths(field.value), 0);
  const shown = (whole / 100).toLocaleString(locale, { maximumFractionDigits: 2, useGrouping: false });
  told.textContent = Number.isNaN(whole) ? phrase("One of them is no percentage.") : phrase("Now they come to {percent} %.", { percent: shown });
}

if (form) {
  form.addEventListener("input", tell);
  tell();
}
