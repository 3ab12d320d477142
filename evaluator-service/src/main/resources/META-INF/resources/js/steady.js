// Updates that never move what is being read.

/** Runs an update; whatever stood in view, the focused element first of all, stands in the same place after it. */
export function steadily(update) {
  const anchor = scrollY > 0 ? anchorInView() : null;
  const before = anchor?.getBoundingClientRect().top;
  update();
  if (!anchor?.isConnected) return;
  const moved = anchor.getBoundingClientRect().top - before;
  if (Math.abs(moved) >= 1) scrollBy({ top: moved, behavior: "instant" });
}

function anchorInView() {
  const focused = document.activeElement;
  if (focused && focused !== document.body && inView(focused)) return focused;
  const seen = document.elementFromPoint(innerWidth / 2, innerHeight / 3);
  return seen?.closest("[data-key], main > section, .first-screen > section") ?? null;
}

function inView(node) {
  const { top, bottom } = node.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}
