// Sends what is asked, and gives what came of it.

import { EventLines, EventStream } from "./event-stream.js";

function post(address, body, accept) {
  return fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: accept, "Presence-Language": document.documentElement.lang },
    body: JSON.stringify(body),
  }).catch(() => null);
}

/** Give what was answered, or, as `refused`, the problem that came instead. */
export async function send(address, body) {
  const response = await post(address, body, "application/json");
  const told = response ? await response.json().catch(() => ({})) : {};
  return response?.ok ? told : { refused: told };
}

/** Give the ticket of a question, with the stream of its answer, which comes in the same response. */
export async function opened(body) {
  const response = await post("/api/questions", body, "text/event-stream");
  if (!response?.ok) return { refused: response ? await response.json().catch(() => ({})) : {} };
  const lines = new EventLines(response);
  const first = await lines.next().catch(() => null);
  if (!first) return { refused: {} };
  const ticket = JSON.parse(first.data);
  return { ...ticket, stream: new EventStream(ticket.events, lines) };
}
