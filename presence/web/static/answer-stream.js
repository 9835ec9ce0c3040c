// An answer as it is written: out of the response to its question. A line that breaks is taken up at its own address.

const KINDS = ["status", "sentence", "taken_over", "human", "done"];
const EVENT_ENDS = "\n\n";

/** The events of one answer, each once and in order, whichever line they come by. */
export class AnswerStream extends EventTarget {
  #address;
  #lines; // of the response to the question; none where the answer is only looked on at
  #after = 0;
  #source;
  #isClosed = false;

  constructor(address, lines) {
    super();
    this.#address = address;
    this.#lines = lines;
  }

  /** Begins to tell; whoever listens has said so before. */
  async start() {
    try {
      for (let event = await this.#lines?.next(); event; event = await this.#lines.next()) this.#tell(event);
    } catch {
      // The line broke; the answer goes on without it.
    }
    if (!this.#isClosed) this.#follow();
  }

  close() {
    this.#isClosed = true;
    this.#lines?.cancel();
    this.#source?.close();
  }

  #follow() {
    this.#source = new EventSource(this.#address); // resumes by itself from the last event
    for (const kind of KINDS) {
      this.#source.addEventListener(kind, ({ data, lastEventId }) => this.#tell({ kind, data, id: Number(lastEventId) }));
    }
  }

  #tell({ kind, data, id }) {
    if (this.#isClosed || id <= this.#after) return;
    this.#after = id;
    this.dispatchEvent(new MessageEvent(kind, { data }));
  }
}

/** Reads events of a response, one after the other. */
export class EventLines {
  #reader;
  #rest = "";

  constructor(response) {
    this.#reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Give the next event, nothing at the end. */
  async next() {
    for (;;) {
      const end = this.#rest.indexOf(EVENT_ENDS);
      if (end >= 0) {
        const event = parsed(this.#rest.slice(0, end));
        this.#rest = this.#rest.slice(end + EVENT_ENDS.length);
        if (event.data) return event;
      } else {
        const { value, done } = await this.#reader.read();
        if (done) return null;
        this.#rest += value;
      }
    }
  }

  cancel() {
    this.#reader.cancel().catch(() => {});
  }
}

function parsed(block) {
  const event = { kind: "", data: "", id: 0 };
  for (const line of block.split("\n")) {
    const at = line.indexOf(": ");
    const [name, value] = [line.slice(0, at), line.slice(at + 2)];
    if (name === "event") event.kind = value;
    else if (name === "data") event.data = value;
    else if (name === "id") event.id = Number(value);
  }
  return event;
}
