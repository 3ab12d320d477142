// What the state means: look-ups and conclusions the sections share. Pure.

import { isNumber } from "./format.js";

export const HEADLINE_METRIC = "mrr@10";
export const RANKINGS = ["retriever", "reranker", "fused"];
const PREFERRED_METRICS = ["mrr@10", "ndcg@10", "recall@50"];

export function find(metrics, ranking, name, querySet, slice = "all") {
  return (metrics ?? []).find(
    (m) => m.ranking === ranking && m.name === name && m.querySet === querySet && (m.slice ?? "all") === slice && isNumber(m.value),
  );
}

/** Report queries where there are values for them, for no decision has looked at those. */
export function headlineSet(state) {
  const metrics = state.champion?.metrics?.length ? state.champion.metrics : state.bm25;
  return (metrics ?? []).some((m) => m.querySet === "report") ? "report" : "gate";
}

/** The metric of one checkpoint's ranking; a re-ranker that has not been trained is never asked, so it has none. */
export function metricOf(checkpoint, ranking, name, querySet) {
  if (ranking !== "retriever" && !checkpoint.rerankerTrained) return undefined;
  return find(checkpoint.metrics, ranking, name, querySet);
}

/** What a search is answered with: both stages once the re-ranker is trained, the retriever alone before. */
export const servedRanking = (checkpoint) => (checkpoint.rerankerTrained ? "fused" : "retriever");

export function served(checkpoint, name, querySet) {
  return metricOf(checkpoint, servedRanking(checkpoint), name, querySet) ?? metricOf(checkpoint, "retriever", name, querySet);
}

export const promoted = (state) => state.checkpoints.filter((c) => c.decision === "PROMOTED");

export const decided = (state) => state.checkpoints.filter((c) => c.decision);

/** Names of the metrics there are, the usual ones first. */
export function metricNames(state) {
  const all = new Set();
  [...state.checkpoints, { metrics: state.bm25 }].forEach((c) => (c.metrics ?? []).forEach((m) => all.add(m.name)));
  const rest = [...all].filter((name) => !PREFERRED_METRICS.includes(name)).sort();
  return [...PREFERRED_METRICS.filter((name) => all.has(name)), ...rest];
}

/** Checkpoints decided since the live one was promoted, without any promotion among them. */
export function decidedSincePromotion(state) {
  const at = state.checkpoints.findIndex((c) => c.id === state.champion?.id);
  return at < 0 ? [] : state.checkpoints.slice(at + 1).filter((c) => c.decision);
}

export function median(numbers) {
  const sorted = numbers.filter(isNumber).sort((a, b) => a - b);
  return sorted.length === 0 ? undefined : sorted[Math.floor(sorted.length / 2)];
}

/** A state whose lists may be missing, with lists that are not. */
export function complete(state) {
  return {
    ...state,
    champion: state.champion ? { ...state.champion, metrics: state.champion.metrics ?? [] } : null,
    orders: state.orders ?? { possible: false, rollbackTo: null, freeze: null },
    promotions: state.promotions ?? 0,
    bm25: state.bm25 ?? [],
    checkpoints: (state.checkpoints ?? []).map((c) => ({ ...c, metrics: c.metrics ?? [], deltas: c.deltas ?? [], losses: c.losses ?? {} })),
    activity: state.activity ?? { evaluating: null, what: null, share: 0, pending: 0 },
    corpus: state.corpus ?? { passages: 0, heldOut: { judged: 0, clicks: 0 }, gate: 0, report: 0 },
    refused: state.refused ?? [],
    freshness: state.freshness ?? {},
  };
}
