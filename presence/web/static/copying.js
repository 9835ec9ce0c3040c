// A button beside a link that is shown to be handed on: one press copies it.

import { element } from "./page.js";
import { phrase } from "./phrases.js";

for (const field of document.querySelectorAll("input[data-copy]")) {
  const button = element("button", "quiet", phrase("Copy the link"));
  button.type = "button";
  const news = element("span", "news");
  news.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    field.select();
    const isCopied = await navigator.clipboard.writeText(field.value).then(() => true, () => false);
    news.textContent = isCopied ? phrase("The link is copied.") : phrase("The browser does not let this page copy. Mark the link and copy it by hand.");
  });
  field.after(button, news);
}
