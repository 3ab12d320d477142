// First screen: which model is live, since when, how good, is it improving, is anything stuck.

import { ago, serverNow } from "./clock.js";
import { byId, el, keyed, redraw, setHidden, setText } from "./dom.js";
import { count, counted, duration, interval, metric, percent, ranking, relative, share, signedShare, stage, unbroken } from "./format.js";
import { conditions, LEVELLED_OFF } from "./health.js";
import { decided, decidedSincePromotion, find, HEADLINE_METRIC, headlineSet, metricOf, promoted, RANKINGS, served, servedRanking } from "./model.js";

/** How the evaluator signs promotions nobody asked for. */
const BY_RULE = ["evaluator", "rule"];

export function showOverview(state) {
  showLive(state);
  showPlot(state);
  showFirstSteps(state);
  showNow(state);
}

// ---- which model, since when

function showLive(state) {
  const { champion, corpus } = state;
  setText(byId("live-eyebrow"), champion ? (champion.frozen ? "Live model, promotions frozen" : "Live model") : isReading(state) ? "Starting" : "No model is live yet");
  setText(byId("live-heading"), statement(state));
  redraw(byId("live-lede"), [champion?.id, champion?.promotedAt, corpus.passages > 0, isReading(state)], () => lede(state));
  redraw(byId("live-trend"), trendFacts(state), () => trend(state));
}

/** Right after its start the evaluator does not know yet what there is. */
const isReading = ({ champion, activity }) => !champion && activity.caughtUp === false;

function statement(state) {
  if (state.champion) return state.champion.id;
  if (isReading(state)) return "Reading what happened so far";
  return state.corpus.passages > 0 ? "BM25 answers until the first promotion" : "No passages yet";
}

function lede(state) {
  const { champion, corpus } = state;
  if (champion) {
    return [
      `${champion.stage ? `${stage(champion.stage)} stage, step` : "Step"} ${count(champion.step)}. Promoted `,
      ago(champion.promotedAt),
      BY_RULE.includes(champion.promotedBy ?? "evaluator") ? " by the promotion rule." : ` by ${champion.promotedBy}.`,
      el("span", { class: "reason" }, unbroken(champion.reason)),
    ];
  }
  if (isReading(state)) return "The evaluator reads its topics from the beginning. If that lasts, it may not reach the broker: its log says so.";
  return corpus.passages > 0
    ? "A word index answers every search meanwhile. The first checkpoint that is sound and finds anything becomes the first champion."
    : ["Tandem trains on what people search and find. It starts as soon as it has something to search."];
}

// ---- is it improving

function trendFacts(state) {
  return [state.champion?.id, promoted(state).length, decidedSincePromotion(state).map((c) => c.decision)];
}

function trend(state) {
  if (!state.champion) return null;
  const querySet = headlineSet(state);
  const steps = promoted(state)
    .map((c) => served(c, HEADLINE_METRIC, querySet))
    .filter(Boolean);
  const parts = [];
  if (steps.length > 1) {
    const from = steps[0].value;
    const to = (served(state.champion, HEADLINE_METRIC, querySet) ?? steps[steps.length - 1]).value;
    const [word, way] = direction(from, to, decidedSincePromotion(state).filter((c) => c.decision === "REJECTED").length);
    parts.push(el("strong", { class: "trend-word", "data-way": way }, word));
    parts.push(` ${metric(HEADLINE_METRIC)} of its answers went from ${share(from)} to ${share(to)} (${signedShare(to - from)}) over ${counted(steps.length, "promotion", "promotions")}. `);
  }
  parts.push(sincePromotion(decidedSincePromotion(state)));
  return parts;
}

function direction(from, to, rejectedSince) {
  if (to < from) return ["Falling:", "down"];
  return rejectedSince >= LEVELLED_OFF || to === from ? ["Levelled off:", "level"] : ["Improving:", "up"];
}

function sincePromotion(checkpoints) {
  const rejected = checkpoints.filter((c) => c.decision === "REJECTED").length;
  if (rejected === 0) return "No newer checkpoint has been scored yet.";
  return rejected === 1 ? "The one scored since was not provably better." : `None of the ${count(rejected)} scored since was provably better.`;
}

// ---- how good: an interval per ranking on one scale, BM25 first

function showPlot(state) {
  const querySet = headlineSet(state);
  const bm25 = find(state.bm25, "bm25", HEADLINE_METRIC, querySet);
  const rows = [{ ranking: "bm25", metric: bm25 }];
  if (state.champion) RANKINGS.forEach((name) => rows.push({ ranking: name, metric: metricOf(state.champion, name, HEADLINE_METRIC, querySet) }));
  const node = byId("live-plot");
  setHidden(node, !rows.some((row) => row.metric));
  redraw(node, [querySet, rows, servedBy(state)], () => plot(rows, bm25, querySet, servedBy(state)));
}

const servedBy = (state) => (state.champion ? servedRanking(state.champion) : "bm25");

function plot(rows, bm25, querySet, answering) {
  const known = rows.filter((row) => row.metric);
  const top = Math.min(1, Math.ceil(Math.max(...known.map((row) => row.metric.high ?? row.metric.value)) * 10 + 0.2) / 10);
  const queries = count(known[0]?.metric.queries);
  return el(
    "table",
    { class: "intervals" },
    el(
      "caption",
      {},
      el("strong", {}, metric(HEADLINE_METRIC)),
      ` on ${queries} ${querySet === "report" ? "report queries, which no decision has looked at" : "gate queries"}; bars are 95 % intervals`,
    ),
    el(
      "thead",
      { class: "visually-hidden" },
      el("tr", {}, ...["Ranking", "Interval", "Value", "Against BM25"].map((text) => el("th", { scope: "col" }, text))),
    ),
    el("tbody", {}, ...rows.map((row) => plotRow(row, bm25, top, answering))),
    el("tfoot", { "aria-hidden": "true" }, el("tr", {}, el("td"), el("td", {}, scale(top)), el("td", { colspan: 2 }))),
  );
}

function plotRow({ ranking: name, metric: measured }, bm25, top, answering) {
  const label = el("th", { scope: "row" }, ranking(name), name === answering && el("small", {}, "answers searches"));
  if (!measured) {
    return el("tr", { "data-ranking": name }, label, el("td", { colspan: 3, class: "untold" }, name === "retriever" || name === "bm25" ? "not measured yet" : "re-ranker not trained yet"));
  }
  return el(
    "tr",
    { "data-ranking": name },
    label,
    el("td", { class: "track-cell" }, track(measured, top, name === "bm25" ? null : bm25)),
    el("td", { class: "figure" }, share(measured.value), el("small", {}, interval(measured.low, measured.high))),
    el("td", { class: "against" }, name === "bm25" ? "" : relative(measured.value, bm25?.value)),
  );
}

function track(measured, top, yardstick) {
  const node = el("div", { class: "track", "aria-hidden": "true" });
  if (yardstick) node.append(placed("yardstick", yardstick.value / top));
  const whisker = placed("whisker", measured.low / top);
  whisker.style.width = `${((measured.high - measured.low) / top) * 100}%`;
  node.append(whisker, placed("point", measured.value / top));
  return node;
}

function placed(name, at) {
  const node = el("span", { class: name });
  node.style.insetInlineStart = `${at * 100}%`;
  return node;
}

function scale(top) {
  const node = el("div", { class: "scale" });
  const steps = Math.round(top * 10);
  const every = steps > 5 ? 2 : 1;
  for (let i = 0; i <= steps; i += every) {
    const tick = placed("tick", i / steps);
    tick.textContent = i === 0 ? "0" : i === 10 ? "1" : `.${i}`;
    node.append(tick);
  }
  return node;
}

// ---- before the first champion: what has happened, what is next

function showFirstSteps(state) {
  const node = byId("first-steps");
  const shown = !state.champion && !isReading(state);
  setHidden(node, !shown);
  if (!shown) return;
  const steps = firstSteps(state);
  const next = steps.findIndex((step) => !step.done);
  redraw(node, [steps, next], () =>
    steps.map((step, i) =>
      el(
        "li",
        { "data-done": step.done ? "true" : "false", "aria-current": i === next ? "step" : null },
        el("span", { class: "step-title" }, step.title),
        el("span", { class: "step-text" }, ...(step.done ? [step.result] : step.todo)),
      ),
    ),
  );
}

function firstSteps({ corpus, checkpoints }) {
  const heldOut = corpus.heldOut.judged + corpus.heldOut.clicks;
  const scored = checkpoints.filter((c) => c.decision).length;
  return [
    {
      title: "Passages",
      done: corpus.passages > 0,
      result: `${count(corpus.passages)} loaded`,
      todo: ["Load some: ", el("code", {}, "./tandem load DIR")],
    },
    {
      title: "Queries",
      done: heldOut > 0,
      result: `${count(heldOut)} held out to measure with`,
      todo: ["Send labelled ones: ", el("code", {}, "./tandem queries FILE")],
    },
    {
      title: "First checkpoint",
      done: checkpoints.length > 0,
      result: `${checkpoints[0]?.id} saved`,
      todo: ["The trainer learns from the mined lists and saves one by itself."],
    },
    {
      title: "First promotion",
      done: false,
      todo: [scored > 0 ? `${counted(scored, "checkpoint", "checkpoints")} looked at, none fit to serve yet; the reasons stand below.` : "The evaluator scores it and, if it is sound, promotes it."],
    },
  ];
}

// ---- what is going on

function showNow(state) {
  const found = conditions(state, serverNow());
  const warnings = found.filter((c) => c.level === "warn").length;
  const waiting = awaited(state);
  const heading = byId("now-heading");
  heading.dataset.level = warnings > 0 ? "warn" : found.length > 0 ? "note" : waiting ? "waiting" : "ok";
  setText(heading, found.length > 0 ? counted(found.length, "thing to look at", "things to look at") : waiting ?? "Nothing is stuck");
  redraw(byId("conditions"), found, () => found.map((c) => el("li", { "data-level": c.level }, c.text, c.href && [" ", el("a", { href: c.href }, "See")])));
  showActivity(state);
  showFreshness(state);
  showFacts(state);
}

/** Before the ring has turned once nothing can be stuck: it waits for something. */
function awaited({ champion, corpus, checkpoints, activity }) {
  if (activity.caughtUp === false) return "Waiting for its topics";
  if (champion) return null;
  if (corpus.passages === 0) return "Waiting for passages";
  if (corpus.heldOut.judged + corpus.heldOut.clicks === 0 && checkpoints.length === 0) return "Waiting for queries";
  return checkpoints.length === 0 ? "Waiting for a checkpoint" : "Waiting for a promotion";
}

function showActivity({ activity, checkpoints }) {
  const node = byId("activity");
  const waiting = activity.pending > 0 ? `${counted(activity.pending, "checkpoint waits", "checkpoints wait")}` : "";
  keyed(node, [activity.evaluating ? { key: activity.evaluating } : { key: "idle" }], (item) => item.key, activityNode, (child) => {
    const current = checkpoints.find((c) => c.id === activity.evaluating);
    setText(child.querySelector(".activity-title"), activity.evaluating ? `Evaluating ${activity.evaluating}` : idle(activity, checkpoints));
    setText(child.querySelector(".activity-detail"), activity.evaluating ? [activity.what, current && `step ${count(current.step)}`, waiting].filter(Boolean).join(" · ") : waiting);
    const bar = child.querySelector("progress");
    if (bar) {
      bar.value = activity.share ?? 0;
      setText(child.querySelector(".activity-share"), percent(activity.share ?? 0));
    }
  });
}

function activityNode({ key }) {
  const title = el("p", { class: "activity-title" });
  const detail = el("p", { class: "activity-detail" });
  if (key === "idle") return el("div", {}, title, detail);
  return el("div", {}, el("div", { class: "activity-line" }, title, el("p", { class: "activity-share" })), el("progress", { max: 1, value: 0, "aria-label": "Evaluation" }), detail);
}

function idle({ pending }, checkpoints) {
  if (pending > 0) return "Nothing is being evaluated";
  return checkpoints.length === 0 ? "Nothing to evaluate yet" : "Every checkpoint is evaluated";
}

function showFreshness({ freshness }) {
  const steps = [
    ["Newest feedback learned", freshness.newestFeedbackLearnedAt, "sent"],
    ["Last checkpoint", freshness.lastCheckpointSavedAt, "saved"],
    ["Last promotion", freshness.lastPromotedAt, "live since"],
  ];
  redraw(byId("freshness"), freshness, () =>
    steps.map(([title, at]) => el("li", { "data-known": at ? "true" : "false" }, el("span", {}, title), at ? ago(at) : el("span", { class: "untold" }, "not yet"))),
  );
}

function showFacts(state) {
  const { corpus, checkpoints } = state;
  const seconds = decided(state).reduce((sum, c) => sum + (c.seconds ?? 0), 0);
  const facts = [
    ["Passages", count(corpus.passages)],
    ["Checkpoints", count(checkpoints.length)],
    ["Promotions", count(state.promotions)],
    ["Spent evaluating", seconds > 0 ? duration(Math.round(seconds)) : "–"],
  ];
  redraw(byId("facts"), facts, () => facts.map(([term, value]) => el("div", {}, el("dt", {}, term), el("dd", {}, value))));
}
