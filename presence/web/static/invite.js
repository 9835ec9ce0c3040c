// Following an invite: the key is made here, in silence; then the invite is taken and what is open is told.

import { canSign } from "./key.js";
import { myKeyOrNew, signedIn } from "./kept.js";
import { Refused, ask, doing, element, tierMark } from "./page.js";
import { phrase } from "./phrases.js";

const form = document.getElementById("take-invite");

function say(text, name = "news") {
  let line = document.getElementById("invite-news");
  if (!line) {
    line = element("p");
    line.id = "invite-news";
    line.setAttribute("role", "status");
    form.after(line);
  }
  line.className = name;
  line.textContent = text;
}

async function take() {
  if (!(await canSign())) {
    form.submit(); // the house leads on to a link by mail
    return;
  }
  say(phrase("One moment …"));
  await signedIn(await myKeyOrNew());
  const headers = { Accept: "application/json", "Presence-Language": document.documentElement.lang };
  const response = await fetch(form.action, { method: "POST", headers, body: new URLSearchParams(new FormData(form)) })
    .catch(() => null);
  if (!response) throw new Refused(0, { detail: phrase("The house cannot be reached. Try again in a moment.") });
  if (!response.ok) throw new Refused(response.status, await response.json().catch(() => ({})));
  const { tier } = await ask("/api/me");
  form.hidden = true;
  document.querySelector("[data-outside]")?.remove(); // for how many, and until when
  say(`${phrase("You are in. Open to you: {tier}.", { tier: tierMark(tier) })} `, "nothing");
  const room = element("a", "", phrase("Ask something"));
  room.href = "/";
  document.getElementById("invite-news").append(room);
  document.dispatchEvent(new Event("came-in")); // standing.js follows from here on, and offers once to save the key
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  doing(form, say, take);
});
