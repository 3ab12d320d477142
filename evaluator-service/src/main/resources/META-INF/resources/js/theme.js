// What canvas charts must know of the style sheet, and when to ask again.

const dark = matchMedia("(prefers-color-scheme: dark)");
const still = matchMedia("(prefers-reduced-motion: reduce)");

/** Colours and fonts as the style sheet has them now. */
export function theme() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: colour("ink"),
    quiet: colour("ink-2"),
    line: colour("line"),
    paper: colour("paper"),
    shade: colour("shade"),
    rankings: { bm25: colour("bm25"), retriever: colour("retriever"), reranker: colour("reranker"), fused: colour("fused") },
    font: getComputedStyle(document.body).fontFamily,
  };
}

export const moves = () => !still.matches;

/** Calls back when the scheme changes. */
export function onSchemeChange(callback) {
  dark.addEventListener("change", callback);
}
