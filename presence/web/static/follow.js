// Asking to follow: the key is made here by one press, in silence, and the page goes on as that of somebody known.

import { canSign } from "./key.js";
import { myKeyOrNew, signedIn } from "./kept.js";
import { doing, element } from "./page.js";

const button = document.querySelector("[data-make-key]");

function say(text) {
  document.getElementById("follow-news")?.remove();
  const line = element("p", "news", text);
  line.id = "follow-news";
  line.setAttribute("role", "status");
  button.after(line);
}

if (button && (await canSign())) {
  button.hidden = false;
  button.addEventListener("click", () =>
    doing(button, say, async () => {
      await signedIn(await myKeyOrNew());
      location.reload();
    }),
  );
}
