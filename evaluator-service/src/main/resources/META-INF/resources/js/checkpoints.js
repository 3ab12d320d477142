// Every checkpoint, newest first: what was decided, why, and by how much.

import { ago } from "./clock.js";
import { byId, el, keyed, redraw, setHidden, setText } from "./dom.js";
import { count, counted, duration, interval, metric, percent, plain, pValue, ranking, share, signedShare, stage, unbroken } from "./format.js";
import { decided, median, promoted } from "./model.js";
import { canPromote, promoteButton } from "./orders.js";

const SHOWN_AT_FIRST = 10;
const SHOWN_MORE = 40;
const COLUMNS = 7;
const SIGNIFICANT = 0.05;
const LABELS = { PROMOTED: "Promoted", REJECTED: "Rejected", SKIPPED: "Skipped", REFUSED: "Refused", EVALUATING: "Evaluating", WAITING: "Waiting" };
const MEANINGS = {
  PROMOTED: "Became the champion",
  REJECTED: "Not provably better than the champion",
  SKIPPED: "A newer checkpoint was waiting",
  REFUSED: "Missing, damaged or broken",
  EVALUATING: "Being scored now",
  WAITING: "Waits for its evaluation",
};

let shown = SHOWN_AT_FIRST;
const open = new Set();
let latest = null;

export function showCheckpoints(state) {
  latest = state;
  const all = [...state.checkpoints].reverse();
  setHidden(byId("checkpoints-table"), all.length === 0);
  setHidden(byId("checkpoints-empty"), all.length > 0);
  setText(byId("checkpoints-empty"), "No checkpoint yet. The trainer saves its first one after it has learned from mined lists for a while; it appears here by itself.");
  setText(byId("checkpoints-note"), note(state));
  const reach = deltaReach(all.slice(0, shown));
  const rows = all.slice(0, shown).flatMap((c) => [{ checkpoint: c, part: "row" }, ...(open.has(c.id) ? [{ checkpoint: c, part: "details" }] : [])]);
  keyed(
    byId("checkpoints-rows"),
    rows,
    ({ checkpoint, part }) => `${part} ${checkpoint.id}`,
    ({ part }) => el("tr", { role: "row", class: part === "row" ? "checkpoint" : "details" }),
    (node, { checkpoint, part }) => (part === "row" ? showRow(node, checkpoint, state, reach) : showDetails(node, checkpoint, state)),
  );
  showMore(all.length);
}

const again = () => showCheckpoints(latest);

function note(state) {
  if (decided(state).length === 0) return "";
  const counts = ["REJECTED", "SKIPPED", "REFUSED"]
    .map((decision) => [state.checkpoints.filter((c) => c.decision === decision).length, LABELS[decision].toLowerCase()])
    .filter(([n]) => n > 0)
    .map(([n, word]) => `${count(n)} ${word}`);
  return `${counted(decided(state).length, "decision", "decisions")}: ${[`${count(promoted(state).length)} promoted`, ...counts].join(", ")}. Newest first; differences are on the gate queries, with their 95 % intervals.`;
}

function showMore(total) {
  const button = byId("checkpoints-more");
  setHidden(button, total <= shown);
  const older = total - shown;
  setText(button, older > SHOWN_MORE ? `Show ${count(SHOWN_MORE)} older of ${count(older)}` : `Show ${count(older)} older`);
  button.onclick = () => {
    shown += SHOWN_MORE;
    again();
  };
}

/** One scale for all differences shown, so that rows can be compared; a rare large one runs into the edge. */
function deltaReach(checkpoints) {
  const ends = checkpoints.flatMap((c) => c.deltas.flatMap((d) => [Math.abs(d.low ?? d.delta), Math.abs(d.high ?? d.delta)])).filter(Number.isFinite);
  return Math.max(0.02, (median(ends) ?? 0) * 1.75);
}

// ---- a row

function statusOf(checkpoint, state) {
  return checkpoint.decision ?? (state.activity.evaluating === checkpoint.id ? "EVALUATING" : "WAITING");
}

function showRow(node, checkpoint, state, reach) {
  const status = statusOf(checkpoint, state);
  const live = state.champion?.id === checkpoint.id;
  const share = status === "EVALUATING" ? state.activity.share : null;
  const isOpen = open.has(checkpoint.id);
  node.classList.toggle("live", live);
  node.dataset.status = status;
  // The button keeps its node, and with it the focus, while the cells before it change.
  if (!node.lastElementChild) node.append(...cells(COLUMNS - 1), el("td", { role: "cell", class: "more" }, toggle(checkpoint)));
  const [name, decision, why, retriever, fused, took] = node.children;
  redraw(name, [checkpoint, live], () => nameCell(checkpoint, live));
  redraw(decision, [status, share], () => badge(status, share));
  redraw(why, [checkpoint.reason, status], () => unbroken(checkpoint.reason) || (status === "EVALUATING" ? state.activity.what || "" : ""));
  redraw(retriever, [checkpoint, reach], () => deltaCell(checkpoint, "retriever", reach));
  redraw(fused, [checkpoint, reach], () => deltaCell(checkpoint, "fused", reach));
  retriever.toggleAttribute("data-empty", !checkpoint.deltas.some((d) => d.ranking === "retriever"));
  fused.toggleAttribute("data-empty", !checkpoint.deltas.some((d) => d.ranking === "fused"));
  took.toggleAttribute("data-empty", !(checkpoint.seconds > 0));
  redraw(took, checkpoint.seconds, () => (checkpoint.seconds > 0 ? duration(checkpoint.seconds) : "–"));
  node.querySelector("button").setAttribute("aria-expanded", String(isOpen));
}

function cells(n) {
  const labels = ["", "Decision", "Why", "Retriever", "Fused", "Took"];
  return Array.from({ length: n }, (_, i) =>
    i === 0 ? el("th", { scope: "row", role: "rowheader" }) : el("td", { role: "cell", "data-label": labels[i], class: ["", "decision", "why", "delta", "delta", "number"][i] }),
  );
}

function nameCell(checkpoint, live) {
  return [
    el("span", { class: "id" }, checkpoint.id, live && el("span", { class: "live-mark" }, "live")),
    el("small", {}, `step ${count(checkpoint.step)} · ${stage(checkpoint.stage)}`),
    el("small", {}, "saved ", ago(checkpoint.savedAt)),
  ];
}

function badge(status, share) {
  return el("span", { class: "badge", "data-status": status, title: MEANINGS[status] ?? "" }, LABELS[status] ?? status, share !== null && ` ${percent(share)}`);
}

function deltaCell(checkpoint, kind, reach) {
  const delta = checkpoint.deltas.find((d) => d.ranking === kind);
  if (!delta) return el("span", { class: "untold" }, kind === "fused" && checkpoint.decision && !checkpoint.rerankerTrained ? "re-ranker not trained yet" : "–");
  const p = delta.adjustedPValue ?? delta.pValue;
  const clear = Number.isFinite(p) && p <= SIGNIFICANT;
  return el(
    "div",
    { class: "difference", "data-clear": clear ? "true" : "false", "data-way": delta.delta > 0 ? "up" : delta.delta < 0 ? "down" : "level" },
    el("div", { class: "difference-line" }, el("strong", {}, signedShare(delta.delta)), differenceTrack(delta, reach), el("span", { class: "p" }, pValue(p))),
    el("small", {}, `${count(delta.wins)} won · ${count(delta.ties)} tied · ${count(delta.losses)} lost`),
  );
}

function differenceTrack({ delta, low, high }, reach) {
  const at = (x) => Math.max(0, Math.min(100, 50 + (x / reach) * 50));
  const node = el("div", { class: "delta-track", "aria-hidden": "true" });
  if (Number.isFinite(low) && Number.isFinite(high)) {
    const whisker = el("span", { class: "whisker" });
    whisker.style.insetInlineStart = `${at(low)}%`;
    whisker.style.width = `${at(high) - at(low)}%`;
    node.append(whisker);
  }
  const point = el("span", { class: "point" });
  point.style.insetInlineStart = `${at(delta)}%`;
  node.append(point);
  return node;
}

function toggle({ id }) {
  const press = () => {
    if (!open.delete(id)) open.add(id);
    again();
  };
  return el("button", { type: "button", class: "expander", "aria-expanded": "false", onclick: press }, el("span", { class: "visually-hidden" }, `Details of ${id}`));
}

// ---- its details

function showDetails(node, checkpoint, state) {
  if (!node.firstElementChild) {
    const orders = el("p", { class: "details-orders" }, promoteButton(checkpoint.id));
    node.append(el("td", { colspan: COLUMNS, role: "cell" }, el("div", { class: "details-body" }), orders));
  }
  setHidden(node.querySelector(".details-orders"), !canPromote(checkpoint, state));
  redraw(node.querySelector(".details-body"), checkpoint, () => [lineage(checkpoint), metricsTable(checkpoint), deltasTable(checkpoint)]);
}

function lineage(c) {
  const facts = [
    ["Trained from", c.parent ?? "the initial encoders"],
    ["Compared with", c.champion ?? "nothing: there was no champion"],
    ["Lists learned from", count(c.lists)],
    ["Re-ranker", c.rerankerTrained ? "trained" : "not trained yet"],
    ...Object.entries(c.losses).map(([name, value]) => [name, plain(value)]),
  ];
  return el("dl", { class: "facts" }, ...facts.map(([term, value]) => el("div", {}, el("dt", {}, term), el("dd", {}, value))));
}

function metricsTable(c) {
  const all = c.metrics.filter((m) => (m.slice ?? "all") === "all" && (m.ranking === "retriever" || c.rerankerTrained));
  if (all.length === 0) return el("p", { class: "untold" }, "It was not measured.");
  const rankings = [...new Set(all.map((m) => m.ranking))];
  const rows = [...new Set(all.map((m) => `${m.querySet} ${m.name}`))].sort((a, b) => b.split(" ")[0].localeCompare(a.split(" ")[0]));
  const value = (row, kind) => all.find((m) => `${m.querySet} ${m.name}` === row && m.ranking === kind);
  return scrollable(
    "Metrics with 95 % intervals",
    el("tr", {}, el("th", { scope: "col" }, "Metric"), el("th", { scope: "col" }, "Queries"), ...rankings.map((kind) => el("th", { scope: "col", class: "number" }, ranking(kind)))),
    rows.map((row) => {
      const [set, name] = row.split(" ");
      return el(
        "tr",
        {},
        el("th", { scope: "row" }, metric(name)),
        el("td", {}, set),
        ...rankings.map((kind) => {
          const m = value(row, kind);
          return el("td", { class: "number" }, m ? [share(m.value), el("small", {}, ` ${interval(m.low, m.high)}`)] : "–");
        }),
      );
    }),
  );
}

function deltasTable(c) {
  if (c.deltas.length === 0) return null;
  const heads = ["Against the champion", "Difference", "95 % interval", "p", "p, corrected", "Won", "Tied", "Lost"];
  return scrollable(
    "Differences from the champion",
    el("tr", {}, ...heads.map((text, i) => el("th", { scope: "col", class: i > 0 ? "number" : null }, text))),
    c.deltas.map((d) => {
      const values = [signedShare(d.delta), `${signedShare(d.low)} to ${signedShare(d.high)}`, share(d.pValue), share(d.adjustedPValue), count(d.wins), count(d.ties), count(d.losses)];
      return el("tr", {}, el("th", { scope: "row" }, `${ranking(d.ranking)} ${metric(d.name)}${d.slice === "all" ? "" : `, ${d.slice}`}`), ...values.map((text) => el("td", { class: "number" }, text)));
    }),
  );
}

function scrollable(caption, head, rows) {
  return el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption }, el("table", { class: "plain" }, el("caption", {}, caption), el("thead", {}, head), el("tbody", {}, ...rows)));
}
