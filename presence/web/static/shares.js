// Says what the parts come to while they are typed; the server looks at them again.

const form = document.querySelector("#sharing");
const told = document.querySelector("#together");

function hundredths(text) {
  const found = /^\s*(\d{1,3})(?:\.(\d{1,2}))?\s*$/.exec(text);
  return text.trim() === "" ? 0 : found ? Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0")) : NaN;
}

function tell() {
  const whole = [...form.querySelectorAll("[name=percent]")].reduce((sum, field) => sum + hundredths(field.value), 0);
  const shown = (whole / 100).toFixed(2).replace(/\.?0+$/, "");
  told.textContent = Number.isNaN(whole) ? "One of them is no percentage." : `Now they come to ${shown} %.`;
}

if (form) {
  form.addEventListener("input", tell);
  tell();
}
