// The stream of states: connects, reconnects, and says which of the two it is doing.

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 15_000;
/** The server speaks at least every 15 s; three times that without a word is a broken connection. */
const SILENCE_MS = 45_000;

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
    let silence = setTimeout(lost, SILENCE_MS);

    function lost() {
      onConnection("lost");
      // The browser's own retry gives up on an HTTP error, and never notices silence: we do both.
      clearTimeout(silence);
      source.close();
      setTimeout(connect, wait);
      wait = Math.min(wait * 2, LONGEST_RETRY_MS);
    }

    source.onopen = () => {
      wait = FIRST_RETRY_MS;
      onConnection("live");
    };
    source.onmessage = (message) => {
      clearTimeout(silence);
      silence = setTimeout(lost, SILENCE_MS);
      const state = parse(message.data);
      if (state) onState(state);
    };
    source.onerror = lost;
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
