// Numbers, times and names as people read them. Pure: no DOM, no clock.

const COUNT = new Intl.NumberFormat("en");
const STAGES = {
  RETRIEVER_WARM_UP: "Retriever warm-up",
  RERANKER_WARM_UP: "Re-ranker warm-up",
  JOINT: "Joint",
};
const RANKINGS = { bm25: "BM25", retriever: "Retriever", reranker: "Re-ranker", fused: "Fused" };
const MEASURES = { mrr: "MRR", ndcg: "nDCG", map: "MAP", p: "P" };
const MINUS = "−";

export const isNumber = (x) => typeof x === "number" && Number.isFinite(x);

/** .612 and 1.000: three digits, as the reasons print them. */
export function share(x) {
  if (!isNumber(x)) return "–";
  const digits = Math.abs(x).toFixed(3).replace(/^0(?=\.)/, "");
  return x < 0 && digits !== ".000" ? MINUS + digits : digits;
}

/** +.044 and −.006. */
export function signedShare(x) {
  const plain = share(x);
  return !isNumber(x) || plain === ".000" || plain.startsWith(MINUS) ? plain : `+${plain}`;
}

export function interval(low, high) {
  return isNumber(low) && isNumber(high) ? `${share(low)} to ${share(high)}` : "";
}

/** Change against a yardstick in whole percent: +38 %. */
export function relative(value, yardstick) {
  if (!isNumber(value) || !isNumber(yardstick) || yardstick === 0) return "";
  const percent = Math.round((value / yardstick - 1) * 100);
  return `${percent < 0 ? MINUS : "+"}${Math.abs(percent)} %`;
}

export function pValue(p) {
  if (!isNumber(p)) return "";
  return p < 0.001 ? "p < .001" : `p = ${share(p)}`;
}

export const count = (n) => (isNumber(n) ? COUNT.format(n) : "–");

export const counted = (n, one, many) => `${count(n)} ${n === 1 ? one : many}`;

/** A loss or a raw score: as many digits as it deserves. */
export function plain(x) {
  if (!isNumber(x)) return "–";
  const size = Math.abs(x);
  const text = size !== 0 && size < 0.001 ? x.toExponential(1) : x.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
  return text.replace("-", MINUS);
}

/** A reason in words whose figures do not break apart at a line's end. */
export const unbroken = (text) => String(text ?? "").replace(/\bp ([=<]) /g, "p\u00a0$1\u00a0").replace(/(\d) %/g, "$1\u00a0%");

export const percent = (x) => (isNumber(x) ? `${Math.round(x * 100)} %` : "–");

/** 31 s, 2 min 5 s, 1 h 4 min, 3 d 2 h. */
export function duration(seconds) {
  if (!isNumber(seconds)) return "–";
  const s = Math.max(0, seconds);
  if (s < 9.95) return `${s.toFixed(1).replace(/\.0$/, "")} s`;
  const whole = Math.round(s);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return two(Math.floor(whole / 60), "min", whole % 60, "s");
  const minutes = Math.round(s / 60);
  if (minutes < 1440) return two(Math.floor(minutes / 60), "h", minutes % 60, "min");
  const hours = Math.round(s / 3600);
  return two(Math.floor(hours / 24), "d", hours % 24, "h");
}

function two(large, largeUnit, small, smallUnit) {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** 22 s, 8 min, 3 h, 2 d: an age at a glance. */
export function age(milliseconds) {
  const s = Math.max(0, Math.floor(milliseconds / 1000));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  if (s < 86400) return two(Math.floor(s / 3600), "h", s < 6 * 3600 ? Math.floor((s % 3600) / 60) : 0, "min");
  return `${Math.floor(s / 86400)} d`;
}

export function dateAndTime(iso) {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? "" : at.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
}

export const timeOfDay = (date) => date.toLocaleTimeString(undefined, { timeStyle: "medium" });

export const stage = (name) => STAGES[name] ?? String(name ?? "–").toLowerCase().replaceAll("_", " ");

export const ranking = (name) => RANKINGS[name] ?? String(name);

/** mrr@10 is MRR@10, ndcg@10 is nDCG@10, recall@50 stays. */
export function metric(name) {
  const [measure, cutoff] = String(name).split("@");
  const pretty = MEASURES[measure] ?? measure;
  return cutoff ? `${pretty}@${cutoff}` : pretty;
}
