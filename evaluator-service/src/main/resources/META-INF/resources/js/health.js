// Is anything stuck? A pure function from the state to what a person should look at.

import { age, count, counted } from "./format.js";
import { decidedSincePromotion, median } from "./model.js";

const MINUTE = 60_000;
const QUIET_AT_LEAST = 10 * MINUTE;
const QUIET_GAPS = 6;
const EVALUATION_AT_LEAST = 5 * MINUTE;
const EVALUATION_TIMES = 6;
const BEGINS_WITHIN = 2 * MINUTE;
const PENDING_TOO_MANY = 4;
const REFUSED_RECENTLY = 15 * MINUTE;
export const LEVELLED_OFF = 10;

/**
 * Conditions worth a look, worst first: level is "warn" (something may be stuck or broken) or "note".
 *
 * @param state the evaluator's state
 * @param now the server's time in milliseconds
 */
export function conditions(state, now) {
  return [
    trouble(state),
    slowEvaluation(state, now),
    nothingBegins(state, now),
    queue(state),
    refusedCheckpoints(state),
    quietTraining(state, now),
    refusedEvents(state, now),
    levelledOff(state),
  ]
    .filter(Boolean)
    .sort((a, b) => (a.level === b.level ? 0 : a.level === "warn" ? -1 : 1));
}

const since = (iso, now) => now - Date.parse(iso);

function trouble({ activity }) {
  return activity.trouble ? { level: "warn", text: activity.trouble } : null;
}

function slowEvaluation(state, now) {
  const current = state.checkpoints.find((c) => c.id === state.activity.evaluating);
  if (!current || state.activity.trouble) return null;
  const usual = median(state.checkpoints.filter((c) => c.metrics.length > 0).map((c) => c.seconds * 1000));
  const limit = Math.max(EVALUATION_AT_LEAST, (usual ?? 0) * EVALUATION_TIMES);
  const taken = since(current.savedAt, now);
  return taken > limit
    ? {
        level: "warn",
        text: `Checkpoint ${current.id} was saved ${age(taken)} ago and is still not evaluated${usual ? `; it usually takes ${age(usual)}` : ""}. The evaluator's log says what it does.`,
      }
    : null;
}

/** Checkpoints wait, and the evaluator does nothing about it. */
function nothingBegins(state, now) {
  const { evaluating, trouble } = state.activity;
  const waiting = state.checkpoints.filter((c) => !c.decision);
  if (evaluating || trouble || waiting.length === 0) return null;
  const longest = Math.max(...waiting.map((c) => since(c.savedAt, now)));
  return longest > BEGINS_WITHIN
    ? {
        level: "warn",
        text: `${counted(waiting.length, "checkpoint waits", "checkpoints wait")}, one for ${age(longest)}, and none is being evaluated. It needs passages and held-out queries; if there are some, see the evaluator's log.`,
      }
    : null;
}

function queue(state) {
  const { pending, evaluating } = state.activity;
  return evaluating && pending >= PENDING_TOO_MANY
    ? { level: "warn", text: `${count(pending)} checkpoints wait to be evaluated: training saves faster than the evaluator scores.`, href: "#checkpoints" }
    : null;
}

function refusedCheckpoints(state) {
  const recent = state.checkpoints.slice(-10).filter((c) => c.decision === "REFUSED");
  return recent.length > 0
    ? {
        level: "warn",
        text: `${counted(recent.length, "checkpoint was", "checkpoints were")} refused among the last 10: missing, damaged or broken.`,
        href: "#checkpoints",
      }
    : null;
}

function quietTraining(state, now) {
  const saved = state.checkpoints.map((c) => Date.parse(c.savedAt)).filter(Number.isFinite);
  if (saved.length < 2) return null;
  const usual = median(saved.slice(1).map((at, i) => at - saved[i]));
  const quiet = now - saved[saved.length - 1];
  return quiet > Math.max(QUIET_AT_LEAST, usual * QUIET_GAPS)
    ? {
        level: "note",
        text: `No new checkpoint for ${age(quiet)}; one used to come every ${age(usual)}. The trainer waits when there is nothing new to learn; send feedback, or see its log.`,
      }
    : null;
}

function refusedEvents(state, now) {
  const recent = state.refused.filter((r) => since(r.lastAt, now) < REFUSED_RECENTLY);
  const events = recent.reduce((sum, r) => sum + r.count, 0);
  return events > 0
    ? { level: "note", text: `${counted(events, "event", "events")} refused, the last ${age(Math.min(...recent.map((r) => since(r.lastAt, now))))} ago.`, href: "#feedback" }
    : null;
}

function levelledOff(state) {
  const idle = decidedSincePromotion(state).filter((c) => c.decision === "REJECTED").length;
  return idle >= LEVELLED_OFF
    ? { level: "note", text: `None of the last ${count(idle)} checkpoints was provably better: quality has levelled off on the feedback there is.`, href: "#quality" }
    : null;
}
