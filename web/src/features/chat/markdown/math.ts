import katex from "katex";
import "katex/dist/katex.min.css";

/** Sets the formulas of a rendered block. What KaTeX cannot read stays as it was written. */
export function setFormulas(host: Element): void {
  for (const formula of host.querySelectorAll<HTMLElement>(".math-inline, .math-block")) {
    const block = formula.classList.contains("math-block");
    const place = document.createElement(block ? "div" : "span");
    place.dir = "ltr";
    place.className = block ? "formula" : "";
    try {
      katex.render(formula.textContent, place, { displayMode: block, throwOnError: true, trust: false, maxExpand: 500, maxSize: 20, strict: "ignore" });
    } catch {
      continue;
    }
    formula.replaceWith(place);
  }
}
