// A button that opens a small menu: arrows walk, Enter chooses, Escape closes, focus comes back.
import { h, walkWithArrows } from "./dom.js";

const walked = new WeakSet();

// Puts the items into a menu; each closes it, and then does what it is for.
export function fillMenu(popup, items, close) {
  if (!walked.has(popup)) walkWithArrows(popup, '[role="menuitem"]');
  walked.add(popup);
  popup.replaceChildren(
    ...items.map((item, index) =>
      h(
        "button",
        {
          type: "button",
          role: "menuitem",
          tabindex: index === 0 ? 0 : -1,
          onclick: () => {
            close();
            item.choose();
          },
        },
        h("span", { class: "item-name" }, item.name),
        item.note ? h("span", { class: "item-note" }, item.note) : null,
      ),
    ),
  );
}

export function menuButton(button, popup, itemsOf) {
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "false");
  button.setAttribute("aria-controls", popup.id);

  const close = ({ refocus = true } = {}) => {
    if (popup.hidden) return;
    popup.hidden = true;
    button.setAttribute("aria-expanded", "false");
    if (refocus) button.focus();
  };
  const open = () => {
    fillMenu(popup, itemsOf(), close);
    popup.hidden = false;
    button.setAttribute("aria-expanded", "true");
    popup.querySelector("button")?.focus();
  };

  button.addEventListener("click", () => (popup.hidden ? open() : close()));
  popup.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  });
  popup.addEventListener("focusout", (event) => {
    if (!popup.contains(event.relatedTarget) && event.relatedTarget !== button) close({ refocus: false });
  });
  return { close };
}
