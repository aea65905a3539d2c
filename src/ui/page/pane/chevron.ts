// The small arrow beside what can be folded, for the gutter of the editor, which is not drawn by Preact.

const SVG = "http://www.w3.org/2000/svg";
const SHAPES = { down: "M3.5 5.5 7 9l3.5-3.5", right: "M5.5 3.5 9 7l-3.5 3.5" } as const;

/** An arrow that points down (open) or right (folded). */
export function chevron(points: keyof typeof SHAPES): HTMLElement {
  const holder = document.createElement("span");
  holder.className = "fold-arrow";
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 14 14");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[points]);
  svg.append(path);
  holder.append(svg);
  return holder;
}
