// The two ways to the server: a stream of events in, one request per action out.

export async function fetchState() {
  const response = await fetch("/page/state", { cache: "no-store" });
  if (!response.ok) throw new Error(`The page's server answered ${response.status}.`);
  return response.json();
}

// Does one thing; answers what the server says. Throws an Error with words to show.
export async function act(verb, body) {
  let response;
  try {
    response = await fetch(`/page/do/${verb}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Error("The preview does not answer. Is it still running in its terminal?");
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? `That did not work (${response.status}).`);
  return answer;
}

// Keeps a store fresh. The browser reconnects by itself and names the last event it saw; when the
// server cannot fill the gap it says "sync", and the whole state is fetched anew.
export function follow(store, { onConnection }) {
  let isLoading = false;
  let waiting = [];
  const resync = async () => {
    isLoading = true;
    waiting = [];
    try {
      const snapshot = await fetchState();
      store.load(snapshot);
      for (const event of waiting) if (event.seq > snapshot.seq) store.apply(event);
    } finally {
      isLoading = false;
    }
  };
  let source;
  const connect = () => {
    source = new EventSource("/page/events");
    source.addEventListener("open", () => onConnection(true));
    source.addEventListener("error", async () => {
      onConnection(false);
      if (source.readyState !== EventSource.CLOSED) return;
      // Another preview is there now, which has a key of its own: its first page brings it along.
      await fetch("/", { cache: "no-store" }).catch(() => {});
      setTimeout(connect, 1000);
    });
    source.addEventListener("sync", () => resync().catch(() => onConnection(false)));
    source.addEventListener("message", (raw) => {
      const event = JSON.parse(raw.data);
      if (isLoading) waiting.push(event);
      else store.apply(event);
    });
  };
  connect();
  addEventListener("pagehide", () => source.close());
}
