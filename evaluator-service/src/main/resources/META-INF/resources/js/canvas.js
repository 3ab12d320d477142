// One chart on the page: made when it is first wanted, sized with its box, drawn again when the scheme changes.

import { el } from "./dom.js";
import { moves, onSchemeChange, theme } from "./theme.js";

/** Whether the chart library has arrived; without it the tables still tell everything. */
export const chartsAvailable = () => typeof globalThis.echarts?.init === "function";

/**
 * Returns draw(data), which shows data by the option that option(data, theme, width) makes of it.
 */
export function canvas(node, option) {
  let chart = null;
  let shown;
  let signature = "";

  function paint() {
    if (shown === undefined || !chartsAvailable() || node.clientWidth === 0) return;
    chart ??= globalThis.echarts.init(node, null, { renderer: "canvas" });
    chart.setOption(
      { animation: moves(), animationDuration: 0, animationDurationUpdate: 350, ...option(shown, theme(), node.clientWidth) },
      { replaceMerge: ["series"] },
    );
  }

  new ResizeObserver(() => {
    chart?.resize();
    paint();
  }).observe(node);
  onSchemeChange(paint);

  return (data) => {
    const next = JSON.stringify(data);
    if (next === signature) return;
    signature = next;
    shown = data;
    paint();
  };
}

export function axis(colours, extra = {}) {
  return {
    axisLine: { lineStyle: { color: colours.line } },
    axisTick: { show: false },
    axisLabel: { color: colours.quiet, fontFamily: colours.font, fontSize: 12, hideOverlap: true },
    splitLine: { lineStyle: { color: colours.line, width: 1 } },
    nameTextStyle: { color: colours.quiet, fontFamily: colours.font, fontSize: 12 },
    ...extra,
  };
}

/** A tooltip whose content is a node, so that nothing in it is ever parsed as markup. */
export function tooltip(colours, content) {
  return {
    trigger: "axis",
    confine: true,
    transitionDuration: 0,
    backgroundColor: colours.paper,
    borderColor: colours.line,
    padding: 0,
    axisPointer: { type: "line", lineStyle: { color: colours.quiet, width: 1, type: "solid", opacity: 0.5 } },
    formatter: (points) => content([points].flat()) ?? el("span"),
  };
}

/** From step 0, or from the first checkpoint shown where older ones were left out, to the last. */
export function stepRange(checkpoints) {
  const first = checkpoints[0]?.parent ? checkpoints[0].step : 0;
  return [first, Math.max(first + 1, ...checkpoints.map((c) => c.step))];
}

/** Runs of checkpoints of one stage as areas behind the lines. */
export function stageAreas(checkpoints, names) {
  const runs = [];
  checkpoints.forEach((c, i) => {
    const from = i === 0 ? stepRange(checkpoints)[0] : checkpoints[i - 1].step;
    const last = runs[runs.length - 1];
    if (last && last.stage === c.stage) last.to = c.step;
    else runs.push({ stage: c.stage, from, to: c.step });
  });
  return runs.map((run) => ({ ...run, name: names(run.stage) }));
}
