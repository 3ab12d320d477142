// The page: hears the evaluator's state and tells each section to show it.

import { setServerTime, startClock } from "./clock.js";
import { showCheckpoints } from "./checkpoints.js";
import { byId, setText } from "./dom.js";
import { showFeedback } from "./feedback.js";
import { share, timeOfDay } from "./format.js";
import { follow } from "./live.js";
import { complete, HEADLINE_METRIC, headlineSet, served } from "./model.js";
import { showOrders, startOrders } from "./orders.js";
import { showOverview } from "./overview.js";
import { showQuality } from "./quality.js";
import { showSearch, startSearch } from "./search.js";
import { steadily } from "./steady.js";
import { showTraining } from "./training.js";

const HEALTH_EVERY_MS = 10_000;
const SECTIONS = [showOverview, showOrders, showQuality, showSearch, showCheckpoints, showTraining, showFeedback];

let latest = null;
let heardAt = null;

function show(message) {
  const state = complete(message);
  announce(latest, state);
  latest = state;
  heardAt = new Date();
  setServerTime(state.now);
  steadily(() => SECTIONS.forEach((section) => attempt(section, state)));
  document.title = title(state);
  byId("main").dataset.loaded = "true";
}

/** One section that cannot show something must not take the others with it. */
function attempt(section, state) {
  try {
    section(state);
  } catch (error) {
    console.error(`${section.name} failed`, error);
  }
}

function title({ champion, ...state }) {
  const value = champion && served(champion, HEADLINE_METRIC, headlineSet({ champion, ...state }));
  return value ? `${share(value.value)} · Tandem` : "Tandem";
}

/** Only what changes the answer to "which model is live" is read out. */
function announce(before, now) {
  if (before && now.champion && before.champion?.id !== now.champion.id) {
    setText(byId("announcement"), `Checkpoint ${now.champion.id} was promoted. ${now.champion.reason ?? ""}`);
  }
}

function connection(kind) {
  byId("connection").dataset.state = kind;
  setText(byId("connection-text"), kind === "live" ? "Live" : heardAt ? `Connection lost, retrying … as of ${timeOfDay(heardAt)}` : "No answer from the evaluator, retrying …");
}

startClock();
startSearch();
startOrders();
follow("/api/live", show, connection);
setInterval(() => latest && steadily(() => attempt(showOverview, latest)), HEALTH_EVERY_MS);
