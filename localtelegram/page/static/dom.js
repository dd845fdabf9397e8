// Small ways to make elements. Text always goes in as text, never as markup.

export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const PATHS = {
  back: "M15 5l-7 7 7 7",
  send: "M12 20V5M6 11l6-6 6 6",
  menu: "M5 7h14M5 12h14M5 17h9",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  keyboard: "M4 7h16v10H4zM8 11h.01M12 11h.01M16 11h.01M9 14h6",
  down: "M12 5v14M6 13l6 6 6-6",
  copy: "M9 9h10v10H9zM5 15V5h10",
  out: "M8 16L17 7M9 7h8v8",
  pin: "M12 21s6-6.2 6-11a6 6 0 10-12 0c0 4.8 6 11 6 11zM12 12a2 2 0 100-4 2 2 0 000 4z",
  ticks: "M2 13l4 4 8-9M11 16l1 1 8-9",
  reply: "M10 8L5 13l5 5M5 13h9a5 5 0 015 5",
  zoom: "M11 18a7 7 0 100-14 7 7 0 000 14zM16 16l5 5M11 8v6M8 11h6",
  close: "M6 6l12 12M18 6L6 18",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

// Up, Down, Home and End go through the items of a list; Tab leaves it.
export function walkWithArrows(list, selector, { horizontal = false } = {}) {
  const [previous, next] = horizontal ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
  list.addEventListener("keydown", (event) => {
    const items = [...list.querySelectorAll(selector)].filter((item) => !item.disabled);
    const here = items.indexOf(document.activeElement);
    if (here < 0) return;
    const there = {
      [previous]: (here - 1 + items.length) % items.length,
      [next]: (here + 1) % items.length,
      Home: 0,
      End: items.length - 1,
    }[event.key];
    if (there === undefined) return;
    event.preventDefault();
    for (const item of items) item.tabIndex = -1;
    items[there].tabIndex = 0;
    items[there].focus();
  });
}

// A small initial in a calm colour stands for a face; the name is always beside it.
export function avatar(name, seed) {
  const letter = [...(name || "?").trim()][0] ?? "?";
  return h("span", { class: `avatar hue${Math.abs(Number(seed) || 0) % 6}`, "aria-hidden": "true" }, letter.toUpperCase());
}
