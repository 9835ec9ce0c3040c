// Puts the room, in small, where this script stands. All that it takes from the page are two values, and both
// travel as parts of an address: nothing of the page is ever made into markup.
(() => {
  const script = document.currentScript;
  const node = new URL(script.src).origin;
  const words = {}; // filled in by the house, in the reader's language
  const LOWEST = 160;
  const SHARE_OF_SCREEN = 0.9; // beyond it, what is in the frame scrolls: the page around stays within reach
  const WAIT_MS = 3000;
  const fixed = Number(script.dataset.heightMax);

  const address = new URL("/embed", node);
  address.searchParams.set("site", location.origin);
  if (script.dataset.question) address.searchParams.set("question", script.dataset.question.slice(0, 500));

  const frame = document.createElement("iframe");
  frame.src = address.href;
  frame.title = words.title;
  frame.loading = "lazy";
  frame.referrerPolicy = "no-referrer";
  frame.setAttribute("sandbox", "allow-scripts allow-forms allow-same-origin allow-popups allow-popups-to-escape-sandbox");
  Object.assign(frame.style, { width: "100%", height: "300px", border: "0", colorScheme: "light dark" });

  // Where the room may not stand, or does not come, a browser shows a page of its own that something is broken.
  // The room tells its height as soon as it is there; where nothing is told, a sentence and a link stand instead.
  const instead = document.createElement("p");
  const link = document.createElement("a");
  link.href = `${node}/`;
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = words.link;
  instead.append(`${words.away} `, link);
  const shows = (room) => {
    frame.style.display = room ? "block" : "none";
    if (room) instead.remove();
    else frame.after(instead);
  };
  let waiting = null;
  let isThere = false;
  frame.addEventListener("load", () => {
    clearTimeout(waiting);
    if (!isThere) waiting = setTimeout(shows, WAIT_MS, false);
  });

  // Only this frame, as long as it shows that node, says how high it is, and it says nothing else.
  addEventListener("message", (event) => {
    if (event.origin !== node || event.source !== frame.contentWindow) return;
    const height = Number(event.data?.presence_height);
    if (!(height > 0)) return;
    isThere = true;
    clearTimeout(waiting);
    shows(true);
    const highest = fixed || SHARE_OF_SCREEN * document.documentElement.clientHeight;
    frame.style.height = `${Math.floor(Math.min(Math.max(Math.ceil(height), LOWEST), Math.max(highest, LOWEST)))}px`;
  });
  script.after(frame);
})();
