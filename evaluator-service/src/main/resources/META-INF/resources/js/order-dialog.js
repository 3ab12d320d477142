// The dialog of an order: says what will happen, takes reason and token, sends it, and shows the answer.

import { byId, setHidden, setText } from "./dom.js";

const TOKEN = "tandem.token";
const NAME = "tandem.name";
const PATIENCE_MS = 60_000;

/** What the open dialog is about, and what had the focus before. */
let asked = null;
let isSending = false;

export function startDialog() {
  const dialog = byId("order");
  byId("order-cancel").addEventListener("click", () => dialog.close());
  byId("order-done").addEventListener("click", () => dialog.close());
  byId("order-form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (!isSending) send();
  });
  dialog.addEventListener("cancel", (event) => isSending && event.preventDefault());
  dialog.addEventListener("close", returnFocus);
}

/**
 * Asks a person to confirm an order, and sends it.
 *
 * @param about its order, title, what it will do, button, what was said before, what to say when it is done, and whether it changesChampion
 * @param isFrozen whether promotions are frozen now
 */
export function ask(about, isFrozen) {
  asked = { ...about, opener: document.activeElement };
  setText(byId("order-heading"), about.title);
  setText(byId("order-what"), about.what);
  setText(byId("order-said"), about.said ?? "");
  setHidden(byId("order-said"), !about.said);
  setText(byId("order-send"), about.button);
  setHidden(byId("order-freezes"), !about.changesChampion || isFrozen);
  setHidden(byId("order-stays-frozen"), !about.changesChampion || !isFrozen);
  byId("order-freeze-too").checked = false;
  byId("order-reason").value = "";
  byId("order-name").value = kept(NAME);
  byId("order-token").value = kept(TOKEN);
  tell("", "");
  showForm(true);
  byId("order").showModal();
  byId("order-reason").focus();
}

function showForm(shown) {
  setHidden(byId("order-form"), !shown);
  setHidden(byId("order-end"), shown);
}

/** Its opener, or if that is gone what stands nearest to it. */
function returnFocus() {
  const { opener } = asked;
  if (opener?.isConnected && opener.checkVisibility()) opener.focus();
  else (opener?.closest("[data-key]")?.previousElementSibling?.querySelector("button") ?? byId("live")).focus();
}

function tell(error, status) {
  setText(byId("order-error"), error);
  setText(byId("order-status"), status);
  setHidden(byId("order-error"), !error);
  ["order-reason", "order-token"].forEach((id) => byId(id).removeAttribute("aria-invalid"));
}

function refuse(error, field) {
  tell(error, "");
  if (field) {
    byId(field).setAttribute("aria-invalid", "true");
    byId(field).focus();
  }
  byId("order-error").scrollIntoView({ block: "nearest" });
}

// ---- sending

async function send() {
  const reason = byId("order-reason").value.trim();
  const token = byId("order-token").value.trim();
  if (!reason) return refuse("Say why: the reason is kept in the audit log.", "order-reason");
  if (!token) return refuse("Enter the token of evaluator.token.", "order-token");
  if (!/^[\x21-\x7e\xa0-\xff][\x20-\x7e\xa0-\xff]*$/.test(token)) return refuse("This token holds characters that no browser can send.", "order-token");
  busy(true);
  tell("", "Sending …");
  const answer = await post(request(reason), token);
  busy(false);
  if (answer.status === 200) return succeed(token);
  if (answer.status === 401) forget(TOKEN);
  refuse(words(answer), answer.status === 401 ? "order-token" : null);
}

function request(reason) {
  const freezes = !byId("order-freezes").hidden && byId("order-freeze-too").checked;
  return { ...asked.order, reason, by: byId("order-name").value.trim() || null, freeze: freezes ? true : null };
}

async function post(order, token) {
  try {
    const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
    const response = await fetch("/promotions", { method: "POST", headers, body: JSON.stringify(order), signal: AbortSignal.timeout(PATIENCE_MS) });
    const body = await response.json().catch(() => null);
    return { status: response.status, error: body?.error };
  } catch {
    return { status: 0 };
  }
}

function words({ status, error }) {
  if (status === 0) return "No answer from the evaluator, so nobody knows whether it was done. See whether this page shows it before you try again.";
  const why = error ?? `The evaluator answered with status ${status}; its log says why.`;
  if (status === 401) return `Not allowed. ${why}. Nothing was changed.`;
  return `Refused: ${why}${/[.!?]$/.test(why) ? "" : "."} Nothing was changed.`;
}

function succeed(token) {
  keep(TOKEN, token);
  keep(NAME, byId("order-name").value.trim());
  setText(byId("order-heading"), "Done");
  tell("", asked.done);
  showForm(false);
  byId("order-done").focus();
}

function busy(on) {
  isSending = on;
  byId("order-send").setAttribute("aria-disabled", String(on));
  byId("order-cancel").disabled = on;
}

// ---- kept for this tab only; a browser that keeps nothing asks again

function kept(key) {
  try {
    return sessionStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

function keep(key, value) {
  try {
    sessionStorage.setItem(key, value);
  } catch (error) {
    console.warn("The browser keeps nothing for this tab", error);
  }
}

function forget(key) {
  keep(key, "");
}
