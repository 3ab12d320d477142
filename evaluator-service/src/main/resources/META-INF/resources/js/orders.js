// Orders of a person: what there is to roll back, promote, freeze and unfreeze, and what each of them means.

import { ago } from "./clock.js";
import { byId, el, redraw, setHidden, setText } from "./dom.js";
import { unbroken } from "./format.js";
import { ask, startDialog } from "./order-dialog.js";

const DECISIONS = { PROMOTED: "It was promoted before", REJECTED: "It was rejected", SKIPPED: "It was skipped" };
const AFTERWARDS = "The miner and the search on this page follow as soon as they have loaded it.";

let latest = null;

export function startOrders() {
  startDialog();
  byId("order-rollback").addEventListener("click", () => confirmed(rollback(latest)));
  byId("order-freeze").addEventListener("click", () => confirmed(latest.champion.frozen ? unfreeze(latest) : freeze(latest)));
}

const confirmed = (about) => ask(about, latest.champion?.frozen === true);

export function showOrders(state) {
  latest = state;
  const { champion, orders } = state;
  setHidden(byId("orders"), !champion);
  if (!champion) return;
  setHidden(byId("orders-frozen"), !orders.freeze);
  redraw(byId("orders-frozen"), orders.freeze, () => orders.freeze && frozenNote(orders.freeze));
  setHidden(byId("orders-buttons"), !orders.possible);
  setHidden(byId("orders-closed"), orders.possible);
  setHidden(byId("order-rollback"), !orders.rollbackTo);
  setText(byId("order-rollback"), `Roll back to ${orders.rollbackTo} …`);
  setText(byId("order-freeze"), champion.frozen ? "Unfreeze promotions …" : "Freeze promotions …");
}

function frozenNote({ at, by, reason }) {
  return [el("strong", {}, "Promotions were frozen"), " ", ago(at), ` by ${by}: checkpoints are still scored, and none is promoted by the rule.`, el("span", { class: "reason" }, unbroken(reason))];
}

/** A button that promotes one checkpoint. */
export function promoteButton(checkpointId) {
  const press = () => confirmed(promotion(latest, latest.checkpoints.find((c) => c.id === checkpointId)));
  return el("button", { type: "button", class: "order", onclick: press }, "Promote this checkpoint …");
}

/** Whether a person may promote it as things are. */
export const canPromote = (checkpoint, { champion, orders }) => orders.possible && checkpoint.id !== champion?.id && checkpoint.decision !== "REFUSED";

// ---- what each order means

function rollback({ champion, orders }) {
  return {
    order: { action: "rollback", checkpoint: orders.rollbackTo },
    title: `Roll back to ${orders.rollbackTo}?`,
    what: `${champion.id} stops being the champion, and ${orders.rollbackTo}, the champion before it, takes its place. The next checkpoint then has to be better than ${orders.rollbackTo}.`,
    button: `Roll back to ${orders.rollbackTo}`,
    done: `${orders.rollbackTo} is the champion again. ${AFTERWARDS}`,
    changesChampion: true,
  };
}

function promotion({ champion }, checkpoint) {
  return {
    order: { action: "force", checkpoint: checkpoint.id },
    title: `Promote ${checkpoint.id}?`,
    what: `${checkpoint.id} becomes the champion${champion ? ` in place of ${champion.id}` : ""}, whatever the promotion rule says.`,
    said: checkpoint.reason ? `${DECISIONS[checkpoint.decision] ?? "Decided"}: ${unbroken(checkpoint.reason)}` : "It was not evaluated yet.",
    button: `Promote ${checkpoint.id}`,
    done: `${checkpoint.id} is the champion. ${AFTERWARDS}`,
    changesChampion: true,
  };
}

function freeze({ champion }) {
  return {
    order: { action: "freeze" },
    title: "Freeze promotions?",
    what: `${champion.id} stays the champion: checkpoints are still scored, but none is promoted by the rule until promotions are unfrozen. People can still promote and roll back.`,
    button: "Freeze promotions",
    done: `Promotions are frozen, ${champion.id} stays the champion.`,
  };
}

function unfreeze({ champion }) {
  return {
    order: { action: "unfreeze" },
    title: "Unfreeze promotions?",
    what: `The next checkpoint that is provably better takes the place of ${champion.id}. What was rejected meanwhile stays rejected.`,
    button: "Unfreeze promotions",
    done: "The rule promotes again.",
  };
}
