// A query, the champion's answers, and beside them a challenger's or BM25's.

import { ASKED, showAnswers } from "./answers.js";
import { byId, el, keyed, redraw, segments, setHidden, setText } from "./dom.js";
import { count } from "./format.js";

const NEWEST = "";
const BESIDE = [
  { value: "bm25", label: "BM25" },
  { value: "challenger", label: "Challenger" },
  { value: "none", label: "Nothing" },
];
const STAGES = [
  { value: "", label: "Both stages" },
  { value: "retriever", label: "Retriever" },
  { value: "reranker", label: "Re-ranker" },
];
const DECISIONS = { PROMOTED: "promoted", REJECTED: "rejected", SKIPPED: "skipped" };

const chosen = { beside: "bm25", challenger: NEWEST, stage: "" };
let asked = 0;
let latest = null;

export function startSearch() {
  byId("search-form").addEventListener("submit", (event) => {
    event.preventDefault();
    ask(byId("search-query").value);
  });
  byId("search-challenger").addEventListener("change", (event) => choose({ challenger: event.target.value }));
  const parameters = new URLSearchParams(location.search);
  const beside = parameters.get("beside");
  if (beside !== null) {
    chosen.beside = BESIDE.some((option) => option.value === beside) ? beside : "challenger";
    if (chosen.beside !== beside) chosen.challenger = beside;
  }
  byId("search-query").value = parameters.get("q") ?? "";
}

export function showSearch(state) {
  const first = latest === null;
  const championBefore = latest?.champion?.id;
  latest = state;
  setText(byId("search-note"), note(state));
  showChoices(state);
  if (first && byId("search-query").value) ask(byId("search-query").value);
  if (!first && championBefore !== state.champion?.id && chosen.challenger === state.champion?.id) chosen.challenger = NEWEST;
}

function note({ champion, corpus }) {
  if (corpus.passages === 0) return "Answers need passages: load some with ./tandem load DIR.";
  return champion
    ? `The live model answers from ${count(corpus.passages)} passages; set another beside it to see what changes.`
    : `Answered by BM25 until the first promotion, from ${count(corpus.passages)} passages.`;
}

// ---- what stands beside it, and by which stage

function showChoices(state) {
  setHidden(byId("search-choices"), state.champion === null);
  row("search-beside", "beside", BESIDE, chosen.beside, (value) => choose({ beside: value }));
  row("search-stage", "stage", STAGES, chosen.stage, (value) => choose({ stage: value }));
  setHidden(byId("search-stage"), !state.champion?.rerankerTrained && !(chosen.beside === "challenger" && state.checkpoints.some((c) => c.rerankerTrained)));
  setHidden(byId("search-which"), chosen.beside !== "challenger");
  showChallengers(state);
}

function row(id, name, options, value, changed) {
  const box = byId(id);
  if (!box.querySelector(".segment-row")) box.append(el("div", { class: "segment-row" }));
  segments(box.querySelector(".segment-row"), name, options, value, changed);
}

function showChallengers(state) {
  const others = [...state.checkpoints].reverse().filter((c) => c.id !== state.champion?.id && c.decision !== "REFUSED");
  const options = [{ id: NEWEST, label: "the newest evaluated" }, ...others.map((c) => ({ id: c.id, label: `${c.id} · ${DECISIONS[c.decision] ?? "not evaluated yet"}` }))];
  if (!options.some((option) => option.id === chosen.challenger)) options.push({ id: chosen.challenger, label: chosen.challenger });
  const select = byId("search-challenger");
  keyed(
    select,
    options,
    (option) => option.id,
    (option) => el("option", { value: option.id }),
    (node, option) => redraw(node, option.label, () => document.createTextNode(option.label)),
  );
  if (select.value !== chosen.challenger) select.value = chosen.challenger;
}

function choose(choice) {
  Object.assign(chosen, choice);
  showChoices(latest);
  if (byId("answers").childElementCount > 0) ask(byId("search-query").value);
}

// ---- asking

async function ask(text) {
  const query = text.trim();
  if (!query) {
    setText(byId("search-status"), "Type a query first.");
    byId("search-status").classList.remove("visually-hidden");
    byId("search-query").focus();
    return;
  }
  const turn = ++asked;
  const engines = latest?.champion && chosen.beside !== "none" ? ["champion", chosen.beside] : ["champion"];
  history.replaceState(null, "", address(query, engines[1]));
  byId("search-status").classList.remove("visually-hidden");
  setText(byId("search-status"), chosen.beside === "challenger" ? "Searching; a challenger that is not in memory is opened first …" : "Searching …");
  byId("answers").setAttribute("aria-busy", "true");
  const answers = await Promise.all(engines.map((engine) => answer(query, engine)));
  if (turn !== asked) return;
  byId("answers").removeAttribute("aria-busy");
  const untrained = new Set(latest?.checkpoints.filter((c) => !c.rerankerTrained).map((c) => c.id));
  showAnswers(engines, answers, untrained);
}

function address(query, beside) {
  const parameters = new URLSearchParams({ q: query });
  if (beside && beside !== "bm25") parameters.set("beside", beside === "challenger" && chosen.challenger ? chosen.challenger : beside);
  return `?${parameters}${location.hash}`;
}

async function answer(query, engine) {
  const parameters = new URLSearchParams({ q: query, k: String(ASKED) });
  if (engine !== "champion") parameters.set("engine", engine);
  if (engine === "challenger" && chosen.challenger !== NEWEST) parameters.set("checkpoint", chosen.challenger);
  if (engine !== "bm25" && chosen.stage) parameters.set("stage", chosen.stage);
  try {
    const response = await fetch(`/api/search?${parameters}`, { headers: { accept: "application/json" } });
    const body = await response.json().catch(() => null);
    if (!response.ok) return { error: body?.error ?? `The evaluator answered with status ${response.status}; its log says why.` };
    return { ...body, hits: body.hits ?? [] };
  } catch {
    return { error: "The evaluator could not be reached. Try again when the page is live." };
  }
}
