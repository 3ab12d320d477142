// Metrics per checkpoint: a line per ranking with its 95 % interval, promotions, what was served, BM25.

import { axis, canvas, chartsAvailable, stageAreas, stepRange, tooltip } from "./canvas.js";
import { byId, el, keyed, redraw, segments, setHidden, setText, svg } from "./dom.js";
import { count, counted, interval, metric, ranking, share, stage } from "./format.js";
import { find, HEADLINE_METRIC, metricNames, metricOf, promoted, RANKINGS, served } from "./model.js";

const SETS = [
  { value: "report", label: "Report queries", title: "Held out; no decision looks at them" },
  { value: "gate", label: "Gate queries", title: "Held out; the promotion rule decides on them" },
];
const DASHES = { retriever: "solid", reranker: [7, 4], fused: "solid", bm25: [2, 3] };
const SYMBOLS = { retriever: "circle", reranker: "diamond", fused: "triangle" };
const WIDTHS = { retriever: 2, reranker: 2, fused: 2.5 };
const SERVED = "served";
const STAGE_LETTER_PX = 7.5;

const chosen = { metric: HEADLINE_METRIC, set: null, hidden: new Set() };
let latest = null;
let draw = null;

export function showQuality(state) {
  latest = state;
  draw ??= canvas(byId("quality-chart"), option);
  chosen.set ??= defaultSet(state);
  const data = series(state);
  const any = data.lines.some((line) => line.points.length > 0);
  showChoices(state);
  showNote(data, any);
  setHidden(byId("quality-chart"), !any || !chartsAvailable());
  setHidden(byId("quality-legend"), !any || !chartsAvailable());
  setHidden(byId("quality-details"), !any);
  showEmpty(state, any);
  showLegend(data);
  setText(byId("quality-summary"), summary(data));
  redraw(byId("quality-table"), data, () => table(data));
  if (any) draw({ ...data, hidden: [...chosen.hidden] });
}

const again = () => showQuality(latest);

function defaultSet(state) {
  const measured = state.checkpoints.filter((c) => c.metrics.length > 0);
  if (measured.length === 0) return null;
  return measured.some((c) => c.metrics.some((m) => m.querySet === "report")) ? "report" : "gate";
}

// ---- the data the chart and the table share

function series(state) {
  const set = chosen.set ?? "report";
  const name = chosen.metric;
  const checkpoints = upToLastMeasured(state.checkpoints).map(({ id, parent, step, stage: at, decision }) => ({ id, parent, step, stage: at, decision }));
  const lines = RANKINGS.map((kind) => ({
    ranking: kind,
    points: state.checkpoints.flatMap((c) => {
      const m = metricOf(c, kind, name, set);
      return m ? [{ id: c.id, step: c.step, value: m.value, low: m.low, high: m.high, promoted: c.decision === "PROMOTED" }] : [];
    }),
  }));
  const bm25 = find(state.bm25, "bm25", name, set)?.value ?? null;
  return { name, set, checkpoints, lines, bm25, stairs: stairs(state, name, set, bm25), live: state.champion?.id ?? null };
}

/** Without those that still wait: the lines end where the chart does. */
function upToLastMeasured(checkpoints) {
  const waiting = [...checkpoints].reverse().findIndex((c) => c.metrics.length > 0);
  return waiting < 0 ? [] : checkpoints.slice(0, checkpoints.length - waiting);
}

/** What searches were answered with: BM25 at first, then each champion from the step it was promoted at. */
function stairs(state, name, set, bm25) {
  const fromTheStart = state.checkpoints.length > 0 && !state.checkpoints[0].parent;
  const last = upToLastMeasured(state.checkpoints).pop()?.step ?? 0;
  const champions = promoted(state).flatMap((c) => {
    const m = served(c, name, set);
    return m ? [[c.step, m.value]] : [];
  });
  if (champions.length === 0) return [];
  // after a roll back the champion is not the one that was promoted last
  const level = (state.champion && served(state.champion, name, set)?.value) ?? champions[champions.length - 1][1];
  return [...(bm25 === null || !fromTheStart ? [] : [[0, bm25]]), ...champions, [last, level]];
}

// ---- words and controls around the chart

function showChoices(state) {
  const form = byId("quality-choices");
  if (form.childElementCount === 0) {
    form.append(
      el("fieldset", { class: "segments", "data-part": "metric" }, el("legend", {}, "Metric")),
      el("fieldset", { class: "segments", "data-part": "set" }, el("legend", {}, "Measured on")),
    );
    form.addEventListener("submit", (event) => event.preventDefault());
  }
  const names = metricNames(state);
  setHidden(form, names.length === 0 || state.checkpoints.every((c) => c.metrics.length === 0));
  choice(form, "metric", names.map((name) => ({ value: name, label: metric(name) })), chosen.metric, (value) => (chosen.metric = value));
  choice(form, "set", SETS, chosen.set, (value) => (chosen.set = value));
}

function choice(form, part, options, value, choose) {
  let box = form.querySelector(`[data-part="${part}"] .segment-row`);
  if (!box) {
    box = el("div", { class: "segment-row" });
    form.querySelector(`[data-part="${part}"]`).append(box);
  }
  segments(box, `quality-${part}`, options, value, (picked) => {
    choose(picked);
    again();
  });
}

function showNote(data, any) {
  setHidden(byId("quality-note"), !any);
  const queries = latest.corpus[data.set];
  const meaning = data.set === "report" ? "which no decision looks at" : "which the promotion rule decides on";
  setText(byId("quality-note"), `${metric(data.name)} on ${queries > 0 ? `${count(queries)} ` : ""}held-out queries ${meaning}. Bands are 95 % bootstrap intervals; large marks are promotions.`);
}

function showEmpty(state, any) {
  const node = byId("quality-empty");
  setHidden(node, any && chartsAvailable());
  if (!any) {
    setText(node, state.checkpoints.length === 0 ? "A line starts here with the first checkpoint. The trainer saves one once it has lists to learn from." : "Values appear here once the first checkpoint is scored.");
  } else if (!chartsAvailable()) {
    setText(node, "The chart library did not load. The table below has the same values.");
  }
}

function showLegend(data) {
  const entries = [
    ...data.lines.filter((line) => line.points.length > 0).map((line) => ({ key: line.ranking, label: ranking(line.ranking), value: line.points[line.points.length - 1].value })),
    data.stairs.length > 0 && { key: SERVED, label: "Champion's level", value: data.stairs[data.stairs.length - 1][1] },
    data.bm25 !== null && { key: "bm25", label: "BM25", value: data.bm25 },
  ].filter(Boolean);
  keyed(byId("quality-legend"), entries, (entry) => entry.key, legendEntry, (node, entry) => {
    node.firstElementChild.setAttribute("aria-pressed", String(!chosen.hidden.has(entry.key)));
    setText(node.querySelector(".legend-value"), share(entry.value));
  });
}

function legendEntry({ key, label }) {
  const toggle = () => {
    if (!chosen.hidden.delete(key)) chosen.hidden.add(key);
    again();
  };
  return el("li", {}, el("button", { type: "button", "data-line": key, onclick: toggle }, swatch(key), el("span", {}, label), el("span", { class: "legend-value" })));
}

const SHAPES = {
  retriever: () => svg("circle", { cx: 15, cy: 7, r: 3.6 }),
  reranker: () => svg("path", { d: "M15 2.4 19.6 7 15 11.6 10.4 7Z" }),
  fused: () => svg("path", { d: "M15 2.6 19.6 10.8H10.4Z" }),
};

function swatch(key) {
  const line = svg("line", { x1: 1, y1: 7, x2: 29, y2: 7, "data-dash": key });
  return svg("svg", { class: "swatch", viewBox: "0 0 30 14", "aria-hidden": "true", focusable: "false" }, line, SHAPES[key]?.());
}

function summary(data) {
  const parts = data.lines
    .filter((line) => line.points.length > 0)
    .map(({ ranking: kind, points }) => `${ranking(kind)} from ${share(points[0].value)} to ${share(points[points.length - 1].value)}`);
  const promotions = data.checkpoints.filter((c) => c.decision === "PROMOTED").length;
  return `${metric(data.name)} over ${counted(data.checkpoints.length, "checkpoint", "checkpoints")}: ${parts.join(", ")}; BM25 ${share(data.bm25)}; ${counted(promotions, "promotion", "promotions")}. The table below has every value.`;
}

function table(data) {
  const cell = (kind, id) => data.lines.find((line) => line.ranking === kind).points.find((point) => point.id === id);
  const head = el("tr", {}, el("th", { scope: "col" }, "Checkpoint"), el("th", { scope: "col", class: "number" }, "Step"), ...RANKINGS.map((kind) => el("th", { scope: "col", class: "number" }, ranking(kind))));
  const rows = data.checkpoints.map((c) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, c.id, c.decision === "PROMOTED" && el("small", {}, " promoted")),
      el("td", { class: "number" }, count(c.step)),
      ...RANKINGS.map((kind) => {
        const point = cell(kind, c.id);
        return el("td", { class: "number" }, point ? [share(point.value), el("small", {}, ` ${interval(point.low, point.high)}`)] : "–");
      }),
    ),
  );
  return el("table", { class: "plain" }, el("caption", { class: "visually-hidden" }, `${metric(data.name)}, ${data.set} queries; BM25 ${share(data.bm25)}`), el("thead", {}, head), el("tbody", {}, ...rows.reverse()));
}

// ---- the chart

function option(data, colours, width) {
  const wide = width > 640;
  const shown = data.lines.filter((line) => line.points.length > 0 && !data.hidden.includes(line.ranking));
  const [first, last] = stepRange(data.checkpoints);
  return {
    grid: { left: 44, right: wide ? 112 : 14, top: 26, bottom: 40 },
    tooltip: tooltip(colours, (points) => explain(data, points)),
    xAxis: axis(colours, { type: "value", min: first, max: last, name: "step", nameLocation: "middle", nameGap: 26, splitLine: { show: false } }),
    yAxis: axis(colours, { type: "value", scale: true, ...bounds(data, shown), axisLine: { show: false }, axisLabel: { ...axis(colours).axisLabel, formatter: tickLabel } }),
    series: [
      stages(data, colours, wide ? (width - 156) / (last - first) : 0),
      ...shown.map((line) => band(line, colours)),
      stairsSeries(data, colours, wide),
      bm25Series(data, colours, [first, last], wide),
      ...shown.map((line) => lineSeries(line, colours, wide, data.live)),
    ].filter(Boolean),
  };
}

const tickLabel = (value) => (value === 0 || value === 1 ? String(value) : value.toFixed(2).replace(/^0/, ""));

function bounds(data, shown) {
  const values = shown.flatMap((line) => line.points.flatMap((p) => [p.low ?? p.value, p.high ?? p.value]));
  if (data.bm25 !== null && !data.hidden.includes("bm25")) values.push(data.bm25);
  if (!data.hidden.includes(SERVED)) data.stairs.forEach(([, value]) => values.push(value));
  if (values.length === 0) return {};
  const low = Math.min(...values);
  const high = Math.max(...values);
  const step = high - low > 0.35 ? 0.1 : high - low > 0.15 ? 0.05 : 0.02;
  return { min: Math.max(0, Math.floor(low / step) * step), max: Math.min(1, Math.ceil(high / step) * step), interval: step };
}

function stages(data, colours, pixelsPerStep) {
  const fits = (area) => (area.to - area.from) * pixelsPerStep > area.name.length * STAGE_LETTER_PX;
  const areas = stageAreas(data.checkpoints, stage);
  return {
    id: "stages",
    type: "line",
    data: [],
    silent: true,
    tooltip: { show: false },
    markArea: {
      silent: true,
      label: { position: "insideTopLeft", offset: [0, -20], color: colours.quiet, fontFamily: colours.font, fontSize: 12 },
      data: areas.map((area, i) => [{ name: fits(area) ? area.name : "", xAxis: area.from, itemStyle: { color: i % 2 === 0 ? "transparent" : colours.shade } }, { xAxis: area.to }]),
    },
  };
}

function band(line, colours) {
  const points = line.points.filter((p) => p.low !== undefined && p.high !== undefined);
  return {
    id: `band-${line.ranking}`,
    type: "custom",
    silent: true,
    clip: true,
    z: 1,
    tooltip: { show: false },
    data: points.map((p) => [p.step, p.low, p.high]),
    encode: { x: 0, y: [1, 2] },
    renderItem: (params, api) => {
      if (params.dataIndex > 0) return undefined;
      const upper = points.map((p) => api.coord([p.step, p.high]));
      const lower = points.map((p) => api.coord([p.step, p.low])).reverse();
      if (points.length === 1) {
        return { type: "line", shape: { x1: upper[0][0], y1: upper[0][1], x2: lower[0][0], y2: lower[0][1] }, style: { stroke: colours.rankings[line.ranking], lineWidth: 1.5, opacity: 0.5 } };
      }
      return { type: "polygon", shape: { points: [...upper, ...lower] }, style: { fill: colours.rankings[line.ranking], opacity: 0.09 } };
    },
  };
}

function stairsSeries(data, colours, wide) {
  if (data.stairs.length === 0 || data.hidden.includes(SERVED)) return null;
  return {
    id: SERVED,
    type: "line",
    step: "end",
    symbol: "none",
    silent: true,
    z: 2,
    data: data.stairs,
    lineStyle: { color: colours.ink, width: 7, opacity: 0.17, cap: "butt" },
    endLabel: { show: false },
    tooltip: { show: false },
  };
}

function bm25Series(data, colours, [first, last], wide) {
  if (data.bm25 === null || data.hidden.includes("bm25")) return null;
  return {
    id: "bm25",
    type: "line",
    symbol: "none",
    silent: true,
    z: 2,
    data: [[first, data.bm25], [last, data.bm25]],
    lineStyle: { color: colours.rankings.bm25, width: 1.5, type: DASHES.bm25 },
    endLabel: label("BM25", data.bm25, colours.rankings.bm25, colours, wide),
    labelLayout: { moveOverlap: "shiftY" },
    tooltip: { show: false },
  };
}

function label(name, value, colour, colours, wide) {
  return { show: wide, formatter: () => `${name} ${share(value)}`, color: colour, fontFamily: colours.font, fontSize: 12, fontWeight: 600, distance: 8 };
}

function lineSeries(line, colours, wide, live) {
  const colour = colours.rankings[line.ranking];
  return {
    id: line.ranking,
    type: "line",
    z: 3,
    symbol: SYMBOLS[line.ranking],
    showAllSymbol: true,
    data: line.points.map((p) => ({
      value: [p.step, p.value],
      symbolSize: p.promoted ? 13 : line.points.length > 60 ? 3 : 6,
      itemStyle: p.promoted ? { color: colour, borderColor: colours.paper, borderWidth: 1.5 } : { color: colours.paper, borderColor: colour, borderWidth: 1.5 },
    })),
    lineStyle: { color: colour, width: WIDTHS[line.ranking], type: DASHES[line.ranking] },
    itemStyle: { color: colour },
    emphasis: { disabled: true },
    endLabel: label(ranking(line.ranking), line.points[line.points.length - 1].value, colour, colours, wide),
    labelLayout: { moveOverlap: "shiftY" },
  };
}

function explain(data, points) {
  const step = points[0]?.axisValue;
  const checkpoint = data.checkpoints.find((c) => c.step === step) ?? data.checkpoints.find((c) => c.step === points[0]?.value?.[0]);
  if (!checkpoint) return null;
  const rows = data.lines.flatMap((line) => {
    const point = line.points.find((p) => p.id === checkpoint.id);
    return point ? [el("tr", {}, el("th", {}, swatch(line.ranking), ranking(line.ranking)), el("td", {}, share(point.value)), el("td", { class: "tip-interval" }, interval(point.low, point.high)))] : [];
  });
  if (data.bm25 !== null) rows.push(el("tr", {}, el("th", {}, swatch("bm25"), "BM25"), el("td", {}, share(data.bm25)), el("td")));
  const what = [`step ${count(checkpoint.step)}`, stage(checkpoint.stage), checkpoint.decision?.toLowerCase() ?? "waiting"].join(" · ");
  return el("div", { class: "tip" }, el("p", {}, el("strong", {}, checkpoint.id), el("br"), what), el("table", {}, el("tbody", {}, ...rows)));
}
