// A query, the champion's answers, and beside them the challenger's or BM25's.

import { byId, el, segments, setHidden, setText } from "./dom.js";
import { count, counted, plain } from "./format.js";

const SHOWN = 10;
const SHOWN_AT_FIRST = 5;
/** More than is shown, to tell where a passage stands in the ranking beside it. */
const ASKED = 50;
const CLAMPED_LINES = 9;
const NAMES = { champion: "Champion", challenger: "Challenger", bm25: "BM25" };
const ORDERS = { bm25: "ordered by words", retriever: "ordered by the retriever; the re-ranker is not trained yet", fused: "ordered by retriever and re-ranker together" };

const chosen = { beside: null };
let asked = 0;
let latest = null;

export function startSearch() {
  byId("search-form").addEventListener("submit", (event) => {
    event.preventDefault();
    ask(byId("search-query").value);
  });
  const query = new URLSearchParams(location.search).get("q");
  if (query) {
    byId("search-query").value = query;
    ask(query);
  }
}

export function showSearch(state) {
  const first = latest === null;
  latest = state;
  const champion = state.champion !== null;
  setText(
    byId("search-note"),
    state.corpus.passages === 0
      ? "Answers need passages: load some with ./tandem load DIR."
      : champion
        ? `The live model answers from ${count(state.corpus.passages)} passages.`
        : `Answered by BM25 until the first promotion, from ${count(state.corpus.passages)} passages.`,
  );
  showBeside(champion);
  if (first && byId("search-query").value) ask(byId("search-query").value);
}

function showBeside(champion) {
  const box = byId("search-beside");
  setHidden(box, !champion);
  let row = box.querySelector(".segment-row");
  if (!row) {
    row = el("div", { class: "segment-row" });
    box.append(row);
  }
  const options = [
    { value: "bm25", label: "BM25" },
    { value: "challenger", label: "Challenger" },
    { value: "none", label: "Nothing" },
  ];
  chosen.beside ??= "bm25";
  segments(row, "beside", options, chosen.beside, (value) => {
    chosen.beside = value;
    if (byId("answers").childElementCount > 0) ask(byId("search-query").value);
  });
}

// ---- asking

async function ask(text) {
  const query = text.trim();
  if (!query) {
    setText(byId("search-status"), "Type a query first.");
    byId("search-query").focus();
    return;
  }
  const turn = ++asked;
  history.replaceState(null, "", `?q=${encodeURIComponent(query)}${location.hash}`);
  byId("search-status").classList.remove("visually-hidden");
  setText(byId("search-status"), "Searching …");
  byId("answers").setAttribute("aria-busy", "true");
  const engines = latest?.champion && chosen.beside && chosen.beside !== "none" ? ["champion", chosen.beside] : ["champion"];
  const answers = await Promise.all(engines.map((engine) => answer(query, engine)));
  if (turn !== asked) return;
  byId("answers").removeAttribute("aria-busy");
  show(engines, answers);
}

async function answer(query, engine) {
  const parameters = new URLSearchParams({ q: query, k: String(ASKED) });
  if (engine !== "champion") parameters.set("engine", engine);
  try {
    const response = await fetch(`/api/search?${parameters}`, { headers: { accept: "application/json" } });
    const body = await response.json().catch(() => null);
    if (!response.ok) return { error: body?.error ?? `The evaluator answered with status ${response.status}; its log says why.` };
    return { ...body, hits: body.hits ?? [] };
  } catch {
    return { error: "The evaluator could not be reached. Try again when the page is live." };
  }
}

// ---- showing

function show(engines, answers) {
  const found = answers.map((a) => a.hits?.length ?? 0);
  byId("search-status").classList.toggle("visually-hidden", found[0] > 0 && !answers[0].error);
  setText(byId("search-status"), answers[0].error ?? (found[0] === 0 ? "Nothing found. Try other words." : `${counted(Math.min(SHOWN, found[0]), "answer", "answers")}, in ${count(answers[0].tookMillis)} ms.`));
  const columns = answers.map((a, i) => column(a, engines[i], answers[1 - i], engines[1 - i])).filter((node, i) => i > 0 || !answers[0].error);
  byId("answers").dataset.columns = String(columns.length);
  byId("answers").replaceChildren(...columns);
}

function column(result, engine, other, otherEngine) {
  const byWords = result.servedBy === "bm25";
  const title = byWords ? NAMES.bm25 : NAMES[engine];
  const head = el(
    "header",
    {},
    el("h3", {}, title, !byWords && result.servedBy && el("span", { class: "id" }, result.servedBy)),
    el("p", { class: "section-note" }, result.error ?? (byWords && engine === "champion" ? "No champion yet: answered by BM25 until the first promotion" : `${ORDERS[result.orderedBy] ?? ""}, ${count(result.tookMillis)} ms`)),
  );
  const node = el("section", { class: "answer", "aria-label": title, "data-engine": byWords ? "bm25" : engine }, head);
  if (result.error) return node;
  const elsewhere = other?.hits ? new Map(other.hits.map((hit) => [hit.passageId, hit.rank])) : null;
  const hits = result.hits.slice(0, SHOWN).map((hit) => hitNode(hit, elsewhere, otherEngine));
  const list = el("ol", { class: "hits" }, ...hits);
  hits.slice(SHOWN_AT_FIRST).forEach((item) => (item.hidden = true));
  node.append(list);
  if (hits.length > SHOWN_AT_FIRST) node.append(moreButton(hits));
  if (hits.length === 0) node.append(el("p", { class: "empty" }, "Nothing found."));
  return node;
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

function hitNode(hit, elsewhere, otherEngine) {
  const item = el(
    "li",
    { class: "hit" },
    el("span", { class: "rank" }, String(hit.rank)),
    el(
      "div",
      { class: "hit-body" },
      el("h4", {}, hit.title || hit.passageId),
      el("p", { class: "passage-id" }, hit.passageId),
      el("ul", { class: "moves" }, ...[moved(hit), seenElsewhere(hit, elsewhere, otherEngine), scores(hit)].filter(Boolean)),
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

/** How the re-ranker moved a passage; nothing to say where it was not asked. */
function moved({ rank, retrieverRank, rerankerScore }) {
  if (!retrieverRank || !Number.isFinite(rerankerScore)) return null;
  const by = retrieverRank - rank;
  const way = by > 0 ? "up" : by < 0 ? "down" : "level";
  const words = by === 0 ? `retriever rank ${retrieverRank}, kept` : `retriever rank ${retrieverRank}`;
  return el("li", { class: "moved", "data-way": way }, words, by !== 0 && el("strong", {}, by > 0 ? ` ▲ ${by}` : ` ▼ ${-by}`), by !== 0 && el("span", { class: "visually-hidden" }, by > 0 ? " up by the re-ranker" : " down by the re-ranker"));
}

function seenElsewhere({ passageId }, elsewhere, engine) {
  if (!elsewhere) return null;
  const rank = elsewhere.get(passageId);
  if (rank) return el("li", {}, `${engine === "bm25" ? "BM25" : engine} rank ${rank}`);
  return el("li", {}, `not in ${engine === "bm25" ? "BM25" : `the ${engine}`}’s top ${ASKED}`);
}

function scores({ retrieverScore, rerankerScore }) {
  const reranked = Number.isFinite(rerankerScore);
  const text = reranked ? `scores ${plain(retrieverScore)} and ${plain(rerankerScore)}` : `score ${plain(retrieverScore)}`;
  return el("li", { title: reranked ? "Retriever's score and the re-ranker's logit" : "Score of this ranking" }, text);
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
