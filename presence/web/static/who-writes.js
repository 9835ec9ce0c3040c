// While the engine is being built, or a model opened, says how far it is.

const engine = document.getElementById("engine");
const LOOK_EVERY_MS = 5000;

export function lookWhoWrites() {
  if (engine?.dataset.state === "changing") setTimeout(look, LOOK_EVERY_MS);
}

async function look() {
  const headers = { "Presence-Language": document.documentElement.lang };
  const response = await fetch("/api/node", { headers }).catch(() => null);
  const told = response?.ok ? await response.json().catch(() => null) : null;
  if (told) {
    engine.textContent = told.who_writes.sentence;
    engine.dataset.state = told.who_writes.state;
  }
  lookWhoWrites();
}
