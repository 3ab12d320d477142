// Where labels come from, how well each kind is answered, and what was refused.

import { ago } from "./clock.js";
import { byId, el, redraw, setText } from "./dom.js";
import { count, metric, percent, ranking, share } from "./format.js";
import { find, HEADLINE_METRIC, headlineSet, RANKINGS } from "./model.js";

const SOURCES = { judged: "Judged", clicks: "Clicks" };

export function showFeedback(state) {
  const { corpus } = state;
  const total = corpus.heldOut.judged + corpus.heldOut.clicks;
  setText(
    byId("feedback-note"),
    total > 0
      ? `${count(total)} queries are held out by a hash of their text: ${count(corpus.gate)} gate promotions, ${count(corpus.report)} only report. Labels from clicks are told apart everywhere.`
      : "",
  );
  redraw(byId("sources"), [corpus, state.champion, state.bm25], () => sources(state, total));
  redraw(byId("refused"), state.refused, () => refused(state.refused));
}

function sources(state, total) {
  if (total === 0) {
    return el("p", { class: "empty" }, "No labelled query yet. Send some: ", el("code", {}, "./tandem queries FILE"), ". Clicks count too, once several users agree: ", el("code", {}, "./tandem clicks FILE"));
  }
  return [proportion(state.corpus.heldOut, total), slices(state)];
}

function proportion({ judged, clicks }, total) {
  const part = (name, n) => {
    const node = el("span", { class: "part", "data-source": name });
    node.style.flexGrow = String(n);
    return node;
  };
  return el("div", { class: "proportion", role: "img", "aria-label": `${percent(judged / total)} judged, ${percent(clicks / total)} from clicks` }, judged > 0 && part("judged", judged), clicks > 0 && part("clicks", clicks));
}

function slices(state) {
  const querySet = headlineSet(state);
  const kinds = [["bm25", state.bm25], ...RANKINGS.filter((kind) => kind === "retriever" || state.champion?.rerankerTrained).map((kind) => [kind, state.champion?.metrics])].filter(([kind, metrics]) => find(metrics, kind, HEADLINE_METRIC, querySet));
  const present = Object.keys(SOURCES).filter((slice) => state.corpus.heldOut[slice] > 0);
  const sliceOf = (source) => (present.length === 1 && present[0] === source ? "all" : source); // one source is all there is
  const rows = Object.entries(SOURCES).map(([slice, label]) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, el("span", { class: "key", "data-source": slice, "aria-hidden": "true" }), label),
      el("td", { class: "number" }, count(state.corpus.heldOut[slice])),
      ...kinds.map(([kind, metrics]) => el("td", { class: "number" }, share(find(metrics, kind, HEADLINE_METRIC, querySet, sliceOf(slice))?.value))),
    ),
  );
  const table = el(
    "table",
    { class: "plain" },
    el("caption", {}, caption(state, querySet)),
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Labels"), el("th", { scope: "col", class: "number" }, "Queries"), ...kinds.map(([kind]) => el("th", { scope: "col", class: "number" }, ranking(kind))))),
    el("tbody", {}, ...rows),
  );
  return el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Quality by source of labels" }, table);
}

function caption(state, querySet) {
  if (state.champion) return `${metric(HEADLINE_METRIC)} of the live model on the ${querySet} queries of each source`;
  return state.bm25.length > 0 ? `${metric(HEADLINE_METRIC)} of BM25 on the ${querySet} queries of each source` : "How well each is answered shows with the first evaluation";
}

function refused(events) {
  if (events.length === 0) return el("p", { class: "empty" }, "Nothing was refused: every event so far could be read and used.");
  const rows = [...events].sort((a, b) => Date.parse(b.lastAt) - Date.parse(a.lastAt));
  return [
    el(
      "ul",
      { class: "refused" },
      ...rows.map((r) => el("li", {}, el("span", { class: "number" }, count(r.count)), el("span", {}, el("strong", {}, r.topic), ` refused by the ${r.refusedBy}, last `, r.lastAt ? ago(r.lastAt) : "–", el("small", {}, r.reason)))),
    ),
    el("p", { class: "section-note" }, "They are kept whole in the topic ", el("code", {}, "dead-letters"), "; the stream went on."),
  ];
}
