// Events as they come, each once and in order. A line that breaks is taken up again where it was.

const EVENT_ENDS = "\n\n";
const COME_BACK_MS = 2000;
const COME_BACK_MS_MAX = 30_000;

/**
 * Tells each event as a `MessageEvent` of its kind. Where the house is away it is asked again and again, as an
 * `EventSource` would not; where it says that there is nothing more to hear, there is an `over`, and that is the end.
 */
export class EventStream extends EventTarget {
  #address;
  #lines; // of a response that is there already, or none
  #after = 0;
  #leaving = new AbortController();

  constructor(address, lines) {
    super();
    this.#address = address;
    this.#lines = lines;
  }

  /** Begins to tell; whoever listens has said so before. */
  async start() {
    let wait = 0;
    while (!this.#isClosed) {
      if (await this.#read()) wait = 0;
      if (this.#isClosed) return;
      await new Promise((later) => setTimeout(later, wait));
      wait = Math.min(Math.max(COME_BACK_MS, 2 * wait), COME_BACK_MS_MAX);
      if (!this.#isClosed) await this.#comeBack();
    }
  }

  close() {
    this.#leaving.abort();
    this.#lines?.cancel();
  }

  get #isClosed() {
    return this.#leaving.signal.aborted;
  }

  // The line that is there, to its end; whether anything came by it.
  async #read() {
    const lines = this.#lines;
    let isTold = false;
    try {
      for (let event = await lines?.next(); event; event = await lines.next()) {
        this.#tell(event);
        isTold = true;
      }
    } catch {
      // It broke; what it told of goes on without it.
    }
    this.#lines = null;
    return isTold;
  }

  async #comeBack() {
    const { signal } = this.#leaving;
    const headers = this.#after ? { "Last-Event-ID": this.#after } : {};
    const response = await fetch(this.#address, { headers, signal }).catch(() => null);
    if (response?.status === 200) {
      this.#lines = new EventLines(response);
    } else if (response && response.status < 500 && response.status !== 429) {
      this.#tell({ kind: "over", data: "" });
      this.close();
    }
  }

  // Whatever ends an answer before its writer does has the number of what was told last.
  #tell({ kind, data, id }) {
    if (this.#isClosed || (id && id <= this.#after && kind !== "done")) return;
    this.#after = id ?? this.#after;
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
  const event = { kind: "", data: "" };
  for (const line of block.split("\n")) {
    const at = line.indexOf(": ");
    const [name, value] = [line.slice(0, at), line.slice(at + 2)];
    if (name === "event") event.kind = value;
    else if (name === "data") event.data = value;
    else if (name === "id") event.id = Number(value);
  }
  return event;
}
