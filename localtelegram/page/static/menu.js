// A button that opens a small menu: arrows walk, Enter chooses, Escape closes, focus comes back.
import { h, walkWithArrows } from "./dom.js";

export function menuButton(button, popup, itemsOf) {
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "false");
  button.setAttribute("aria-controls", popup.id);
  walkWithArrows(popup, '[role="menuitem"]');

  const close = ({ refocus = true } = {}) => {
    if (popup.hidden) return;
    popup.hidden = true;
    button.setAttribute("aria-expanded", "false");
    if (refocus) button.focus();
  };
  const open = () => {
    const items = itemsOf();
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
