// Puts the room, in small, where this script stands. All that it takes from the page are two values, and both
// travel as parts of an address: nothing of the page is ever made into markup.
(() => {
  const script = document.currentScript;
  const node = new URL(script.src).origin;
  const LOWEST = 160;
  const highest = Number(script.dataset.heightMax) || 900;

  const address = new URL("/embed", node);
  address.searchParams.set("site", location.origin);
  if (script.dataset.question) address.searchParams.set("question", script.dataset.question.slice(0, 500));

  const frame = document.createElement("iframe");
  frame.src = address.href;
  frame.title = "Ask the notes: an AI answers";
  frame.loading = "lazy";
  frame.referrerPolicy = "no-referrer";
  frame.setAttribute("sandbox", "allow-scripts allow-forms allow-same-origin allow-popups allow-popups-to-escape-sandbox");
  Object.assign(frame.style, { width: "100%", height: "300px", border: "0", colorScheme: "light dark" });

  // Only this frame, as long as it shows that node, says how high it is, and it says nothing else.
  addEventListener("message", (event) => {
    if (event.origin !== node || event.source !== frame.contentWindow) return;
    const height = Number(event.data?.presence_height);
    if (height > 0) frame.style.height = `${Math.min(Math.max(Math.ceil(height), LOWEST), highest)}px`;
  });
  script.after(frame);
})();
