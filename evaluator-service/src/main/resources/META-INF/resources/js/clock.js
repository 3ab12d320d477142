// Ages that keep counting between updates, by the server's clock.

import { el, setText } from "./dom.js";
import { age, dateAndTime } from "./format.js";

let ahead = 0;

/** Call with the server's time whenever it is heard. */
export function setServerTime(iso) {
  const server = Date.parse(iso);
  if (Number.isFinite(server)) ahead = server - Date.now();
}

export const serverNow = () => Date.now() + ahead;

/** A time element that reads "8 min ago"; hover gives date and time. */
export function ago(iso, suffix = " ago") {
  const node = el("time", { datetime: iso, title: dateAndTime(iso), "data-suffix": suffix });
  tell(node);
  return node;
}

function tell(node) {
  const at = Date.parse(node.dateTime);
  setText(node, Number.isFinite(at) ? age(serverNow() - at) + node.dataset.suffix : "–");
}

export function startClock() {
  setInterval(() => document.querySelectorAll("time[data-suffix]").forEach(tell), 1000);
}
