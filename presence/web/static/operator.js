// The operator's passkey: made after coming in by the token, and used instead of it from then on.

import { doing } from "./page.js";
import { canTryPasskeys, registerOperator, signInOperator } from "./passkey.js";

const say = (text) => (document.getElementById("news").textContent = text);

function on(id, deed, next) {
  const button = document.getElementById(id);
  if (!button) return;
  if (!canTryPasskeys()) {
    document.getElementById("by-numbers")?.removeAttribute("hidden");
    return;
  }
  button.hidden = false;
  button.addEventListener("click", () =>
    doing(button, say, async () => {
      await deed();
      location.assign(next);
    }),
  );
}

on("register", registerOperator, "/operator");
on("enter", signInOperator, "/studio");
