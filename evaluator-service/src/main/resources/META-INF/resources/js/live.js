// The stream of states: connects, reconnects, and says which of the two it is doing.

const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 15000;

/**
 * Follows a stream of JSON messages for as long as the page is open.
 *
 * @param url where the server-sent events come from
 * @param onState called with each message, parsed
 * @param onConnection called with "live" or "lost"
 */
export function follow(url, onState, onConnection) {
  let wait = FIRST_RETRY_MS;

  function connect() {
    const source = new EventSource(url);
    source.onopen = () => {
      wait = FIRST_RETRY_MS;
      onConnection("live");
    };
    source.onmessage = (message) => {
      const state = parse(message.data);
      if (state) onState(state);
    };
    source.onerror = () => {
      onConnection("lost");
      // The browser's own retry has no ceiling we know of and gives up on an HTTP error: we do it ourselves.
      source.close();
      setTimeout(connect, wait);
      wait = Math.min(wait * 2, LONGEST_RETRY_MS);
    };
  }

  connect();
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    console.error("A message of the stream is not JSON", error);
    return null;
  }
}
