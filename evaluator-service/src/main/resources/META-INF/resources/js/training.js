// Losses per checkpoint: one small chart per term, for their sizes have nothing to do with each other.

import { axis, canvas, chartsAvailable, stageAreas, stepRange, tooltip } from "./canvas.js";
import { byId, el, keyed, setHidden, setText } from "./dom.js";
import { count, percent, plain, stage } from "./format.js";

const TERMS = {
  "in-batch": ["In-batch softmax", "Retriever: its positive against the passages of the whole batch"],
  "cross-entropy": ["Listwise cross entropy", "Re-ranker: the positive against its list's negatives"],
  distillation: ["Listwise distillation", "How far the two models' distributions over a list are apart"],
  "top-1-agreement": ["Top-1 agreement", "Share of lists in which both put the same passage first"],
};
const ORDER = Object.keys(TERMS);
const SHARES = new Set(["top-1-agreement"]);

const painters = new WeakMap();

export function showTraining(state) {
  const terms = termsOf(state);
  setHidden(byId("training-empty"), terms.length > 0);
  setText(byId("training-empty"), "Losses appear with the first checkpoint. The trainer starts once the miner has made lists from labelled queries.");
  keyed(byId("training-panels"), terms, (term) => term.name, panel, (node, term) => {
    const last = term.points[term.points.length - 1];
    setText(node.querySelector(".panel-value"), term.isShare ? percent(last[1]) : plain(last[1]));
    const chart = node.querySelector(".chart");
    setHidden(chart, !chartsAvailable());
    chart.setAttribute("aria-label", `${title(term.name)} from ${plain(term.points[0][1])} at step ${term.points[0][0]} to ${plain(last[1])} at step ${last[0]}`);
    painters.get(node)(term);
  });
}

const title = (name) => TERMS[name]?.[0] ?? name;

function termsOf({ checkpoints }) {
  const names = [...new Set(checkpoints.flatMap((c) => Object.keys(c.losses)))];
  const place = (name) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  const stages = checkpoints.map(({ step, stage: at, parent }) => ({ step, stage: at, parent }));
  return names
    .sort((a, b) => place(a) - place(b) || a.localeCompare(b))
    .map((name) => ({
      name,
      isShare: SHARES.has(name),
      stages,
      points: checkpoints.filter((c) => Number.isFinite(c.losses[name])).map((c) => [c.step, c.losses[name]]),
    }))
    .filter((term) => term.points.length > 0);
}

function panel({ name }) {
  const chart = el("div", { class: "chart chart-small", role: "img" });
  const node = el("figure", { class: "panel" }, el("figcaption", {}, el("h3", {}, title(name)), el("span", { class: "panel-value" }), el("p", {}, TERMS[name]?.[1] ?? "")), chart);
  painters.set(node, canvas(chart, option));
  return node;
}

/** Where a stage did not train the term the line is broken, not drawn across. */
function withGaps(term) {
  const values = new Map(term.points);
  return term.stages.map(({ step }) => [step, values.get(step) ?? null]);
}

function option(term, colours) {
  const [first, last] = stepRange(term.stages);
  const label = axis(colours).axisLabel;
  return {
    grid: { left: 42, right: 10, top: 10, bottom: 24 },
    tooltip: tooltip(colours, ([point]) => explain(term, point)),
    xAxis: axis(colours, { type: "value", min: first, max: last, splitNumber: 4, splitLine: { show: false } }),
    yAxis: axis(colours, {
      type: "value",
      min: 0,
      max: term.isShare ? 1 : undefined,
      splitNumber: 3,
      interval: term.isShare ? 0.5 : undefined,
      axisLine: { show: false },
      axisLabel: { ...label, formatter: (value) => (term.isShare ? `${Math.round(value * 100)} %` : shortest(value)) },
    }),
    series: [
      {
        id: term.name,
        type: "line",
        symbol: "circle",
        symbolSize: term.points.length > 60 ? 0 : 5,
        showAllSymbol: true,
        data: withGaps(term),
        connectNulls: false,
        lineStyle: { color: colours.ink, width: 1.75 },
        itemStyle: { color: colours.ink },
        emphasis: { disabled: true },
        markArea: {
          silent: true,
          label: { show: false },
          data: stageAreas(term.stages, stage).map((area, i) => [{ xAxis: area.from, itemStyle: { color: i % 2 === 0 ? "transparent" : colours.shade } }, { xAxis: area.to }]),
        },
      },
    ],
  };
}

const shortest = (value) => String(Number(value.toPrecision(3))).replace(/^0\./, ".");

function explain(term, point) {
  const value = point?.value?.[1];
  if (!Number.isFinite(value)) return null;
  const at = term.stages.find((c) => c.step === point.value[0]);
  return el("div", { class: "tip" }, el("p", {}, el("strong", {}, term.isShare ? percent(value) : plain(value)), el("br"), `step ${count(point.value[0])} · ${stage(at?.stage)}`));
}
