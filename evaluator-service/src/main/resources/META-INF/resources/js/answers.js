// Two rankings of one query side by side: stages, scores, and what has moved.

import { byId, el, setText } from "./dom.js";
import { count, counted, plain } from "./format.js";

const SHOWN = 10;
const SHOWN_AT_FIRST = 5;
/** More than is shown, to tell where a passage stands in the ranking beside it. */
export const ASKED = 50;
const CLAMPED_LINES = 9;
const NAMES = { champion: "Champion", challenger: "Challenger", bm25: "BM25" };
const ORDERS = { bm25: "Ordered by words", retriever: "Ordered by the retriever", reranker: "Ordered by the re-ranker alone", fused: "Ordered by retriever and re-ranker together" };

/**
 * Shows one or two answers.
 *
 * @param engines who was asked: champion, challenger or bm25
 * @param answers theirs, each a result or an error in words
 * @param untrained ids of checkpoints whose re-ranker is not trained yet
 */
export function showAnswers(engines, answers, untrained) {
  const found = answers[0].hits?.length ?? 0;
  byId("search-status").classList.toggle("visually-hidden", found > 0 && !answers[0].error);
  setText(byId("search-status"), answers[0].error ?? summary(engines, answers));
  const columns = answers.map((_, i) => column(i, engines, answers, untrained)).filter((node, i) => i > 0 || !answers[0].error);
  byId("answers").dataset.columns = String(columns.length);
  byId("answers").replaceChildren(...columns);
}

function summary(engines, [first, second]) {
  if (first.hits.length === 0) return "Nothing found. Try other words.";
  const beside = !second ? "" : second.error ? ` ${NAMES[engines[1]]}: ${second.error}.` : ` ${NAMES[engines[1]]} beside it.`;
  return `${counted(Math.min(SHOWN, first.hits.length), "answer", "answers")}, in ${count(first.tookMillis)} ms.${beside}`;
}

function column(i, engines, answers, untrained) {
  const result = answers[i];
  const byWords = result.servedBy === "bm25";
  const title = byWords ? NAMES.bm25 : NAMES[engines[i]];
  const other = answers[1 - i]?.hits ? new Map(answers[1 - i].hits.map((hit) => [hit.passageId, hit.rank])) : null;
  const head = el(
    "header",
    {},
    el("h3", {}, title, !byWords && result.servedBy && el("span", { class: "id" }, result.servedBy)),
    el("p", { class: result.error ? "answer-error" : "section-note" }, result.error ?? note(result, engines[i], untrained)),
    i === 1 && other && !result.error && el("p", { class: "section-note" }, "▲ ▼ against the champion’s ranks"),
  );
  const node = el("section", { class: "answer", "aria-label": title, "data-engine": byWords ? "bm25" : engines[i] }, head);
  if (result.error) return node;
  const hits = result.hits.slice(0, SHOWN).map((hit) => hitNode(hit, result.orderedBy, i === 1, other, engines[1 - i]));
  hits.slice(SHOWN_AT_FIRST).forEach((item) => (item.hidden = true));
  node.append(el("ol", { class: "hits" }, ...hits));
  if (hits.length > SHOWN_AT_FIRST) node.append(moreButton(hits));
  if (hits.length === 0) node.append(el("p", { class: "empty" }, "Nothing found."));
  return node;
}

/** How it was ordered, and among which passages. */
function note({ servedBy, orderedBy, candidates, tookMillis }, engine, untrained) {
  if (servedBy === "bm25" && engine === "champion") return "No champion answers yet: BM25 does until one is promoted and has embedded the passages";
  const order = `${ORDERS[orderedBy] ?? orderedBy}${untrained.has(servedBy) ? "; its re-ranker is not trained yet" : ""}, ${count(tookMillis)} ms`;
  return Number.isFinite(candidates)
    ? `${order}. It has not embedded the corpus: it ranked only the ${count(candidates)} passages that the champion’s retriever and BM25 found.`
    : order;
}

function moreButton(hits) {
  const button = el("button", { type: "button", class: "quiet" }, `Show ranks ${SHOWN_AT_FIRST + 1} to ${hits.length}`);
  button.addEventListener("click", () => {
    hits.forEach((item) => (item.hidden = false));
    const target = hits[SHOWN_AT_FIRST];
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
    button.remove();
  });
  return button;
}

function hitNode(hit, orderedBy, isBeside, other, otherEngine) {
  const elsewhere = other && (other.get(hit.passageId) ?? null);
  const facts = [...stages(hit, orderedBy), moved(hit, orderedBy), !isBeside && other && seenElsewhere(elsewhere, otherEngine)];
  const item = el(
    "li",
    { class: "hit" },
    el("div", { class: "place" }, el("span", { class: "rank" }, String(hit.rank)), isBeside && other && shift(hit.rank, elsewhere)),
    el(
      "div",
      { class: "hit-body" },
      el("h4", {}, hit.title || hit.passageId),
      el("p", { class: "passage-id" }, hit.passageId),
      el("ul", { class: "moves" }, ...facts.filter(Boolean)),
      passageText(hit.text ?? ""),
    ),
  );
  item.addEventListener("pointerenter", () => mark(hit.passageId, true));
  item.addEventListener("pointerleave", () => mark(hit.passageId, false));
  item.dataset.passage = hit.passageId;
  return item;
}

/** The same passage in both columns lights up together. */
function mark(passage, on) {
  document.querySelectorAll("#answers .hit").forEach((item) => item.classList.toggle("same", on && item.dataset.passage === passage));
}

/** Against the champion's rank: ▲3, ▼1, = or new. */
function shift(rank, champions) {
  const way = champions === null ? "new" : champions > rank ? "up" : champions < rank ? "down" : "level";
  const mark = { new: "new", up: `▲${champions - rank}`, down: `▼${rank - champions}`, level: "=" }[way];
  const words = champions === null ? `not in the champion’s top ${ASKED}` : way === "level" ? "the champion’s rank too" : `the champion’s rank ${champions}`;
  return el("span", { class: "shift", "data-way": way, title: words }, el("span", { "aria-hidden": "true" }, mark), el("span", { class: "visually-hidden" }, `: ${words}`));
}

/** Rank and score by each stage. */
function stages({ retrieverRank, retrieverScore, rerankerRank, rerankerScore }, orderedBy) {
  if (orderedBy === "bm25") return [el("li", {}, `score ${plain(retrieverScore)}`)];
  return [
    el("li", { title: "The retriever’s rank and score" }, "retriever ", el("strong", {}, `#${retrieverRank}`), ` ${plain(retrieverScore)}`),
    Number.isFinite(rerankerScore) && el("li", { title: "The re-ranker’s rank and logit" }, "re-ranker ", el("strong", {}, `#${rerankerRank}`), ` ${plain(rerankerScore)}`),
  ];
}

/** How the re-ranker moved a passage; nothing to say where it was not asked, or moved nothing. */
function moved({ rank, retrieverRank, rerankerScore }, orderedBy) {
  const by = retrieverRank - rank;
  if (orderedBy === "retriever" || by === 0 || !Number.isFinite(rerankerScore)) return null;
  return el("li", { class: "moved", "data-way": by > 0 ? "up" : "down" }, by > 0 ? `lifted ${by} by the re-ranker` : `lowered ${-by} by the re-ranker`);
}

function seenElsewhere(rank, engine) {
  const name = engine === "bm25" ? "BM25" : engine;
  return el("li", {}, rank ? `${name} #${rank}` : `not in ${engine === "bm25" ? "BM25" : `the ${engine}`}’s top ${ASKED}`);
}

function passageText(text) {
  const code = looksLikeCode(text);
  const lines = text.split("\n");
  const body = el("pre", { class: "passage", "data-kind": code ? "code" : "prose" }, el("code", {}, ...(code ? shaded(lines) : [text])));
  if (lines.length <= CLAMPED_LINES + 2 && text.length < 700) return body;
  const button = el("button", { type: "button", class: "quiet", "aria-expanded": "false" });
  const label = (open) => (open ? "Show less" : lines.length > CLAMPED_LINES ? `Show all ${count(lines.length)} lines` : "Show all of it");
  body.classList.add("clamped");
  setText(button, label(false));
  button.addEventListener("click", () => {
    const open = body.classList.toggle("clamped") === false;
    button.setAttribute("aria-expanded", String(open));
    setText(button, label(open));
  });
  return el("div", {}, body, button);
}

const looksLikeCode = (text) => /[{};]\s*$/m.test(text) && /[({=]/.test(text);

/** Comments step back a little. */
function shaded(lines) {
  let inComment = false;
  return lines.flatMap((line, i) => {
    const starts = /^\s*(\/\*|\*|\/\/|#(?!\[))/.test(line);
    const comment = inComment || starts;
    inComment = (inComment || /^\s*\/\*/.test(line)) && !line.includes("*/");
    const end = i < lines.length - 1 ? "\n" : "";
    return comment ? [el("span", { class: "comment" }, line), end] : [line + end];
  });
}
