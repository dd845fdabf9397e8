// What can be done with one message: reply, copy, look at its picture, save it. By mouse, touch and keyboard.
import { nameOf, pictureOf, summaryOf } from "./bubble.js";
import { h, icon } from "./dom.js";
import { fillMenu } from "./menu.js";
import { openPicture, saveLink } from "./pictures.js";

const LONG_PRESS_MS = 500;
const SWIPE_PX = 56;

export function messageMenu(log, popup, { messageOf, newest, canWrite, reply, copy }) {
  let from = null; // the message whose menu is open
  const elementAt = (target) => target.closest?.(".message:not(.service)");
  const messageAt = (element) => element && messageOf(Number(element.dataset.id));

  const itemsOf = (message) => {
    const picture = pictureOf(message);
    const text = message.text ?? message.caption;
    return [
      canWrite() && { name: "Reply", note: "R", choose: () => reply(message) },
      text && { name: "Copy the words", note: "C", choose: () => copy(text) },
      picture && { name: "Look at the picture", choose: () => openPicture(picture) },
      picture && { name: "Save the picture", choose: () => saveLink(picture.src, "hidden").click() },
    ].filter(Boolean);
  };

  const close = ({ refocus = true } = {}) => {
    if (popup.hidden) return;
    popup.hidden = true;
    if (refocus) from?.focus({ preventScroll: true });
  };
  const open = (element, at) => {
    const message = messageAt(element);
    const items = message ? itemsOf(message) : [];
    if (!items.length) return;
    from = element;
    fillMenu(popup, items, close);
    popup.hidden = false;
    const frame = popup.offsetParent.getBoundingClientRect();
    const left = Math.min(at.x - frame.left, frame.width - popup.offsetWidth - 8);
    const top = Math.min(at.y - frame.top, frame.height - popup.offsetHeight - 8);
    popup.style.setProperty("left", `${Math.max(8, left)}px`);
    popup.style.setProperty("top", `${Math.max(8, top)}px`);
    popup.querySelector("button").focus();
  };
  const openBelow = (element) => {
    const { left, top } = element.querySelector(".bubble").getBoundingClientRect();
    open(element, { x: left + 12, y: top + 12 });
  };
  popup.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  });
  popup.addEventListener("focusout", (event) => {
    if (!popup.contains(event.relatedTarget)) close({ refocus: false });
  });
  log.addEventListener("scroll", () => close({ refocus: false }), { passive: true });

  // Mouse: the right button, or the button that a message shows under the pointer.
  const more = h("button", { type: "button", class: "message-more", tabindex: -1, "aria-hidden": "true" }, icon("more"));
  more.addEventListener("click", (event) => open(elementAt(more), { x: event.clientX, y: event.clientY }));
  log.addEventListener("pointerover", (event) => {
    const element = event.pointerType === "mouse" && elementAt(event.target);
    if (element) element.querySelector(".bubble").append(more);
  });
  log.addEventListener("pointerleave", () => more.remove());
  log.addEventListener("contextmenu", (event) => {
    const element = elementAt(event.target);
    if (!element || event.target.closest("a") || String(getSelection())) return;
    event.preventDefault();
    if (event.clientX || event.clientY) open(element, { x: event.clientX, y: event.clientY });
    else openBelow(element);
  });

  // Touch: a long press opens the menu, a swipe to the left replies.
  let touch = null;
  const letGo = () => {
    clearTimeout(touch?.timer);
    touch?.element.style.removeProperty("translate");
    touch = null;
  };
  log.addEventListener("pointerdown", (event) => {
    const element = event.pointerType === "touch" && elementAt(event.target);
    if (!element) return;
    const at = { x: event.clientX, y: event.clientY };
    touch = { element, at, by: 0, timer: setTimeout(() => (letGo(), open(element, at)), LONG_PRESS_MS) };
  });
  log.addEventListener("pointermove", (event) => {
    if (!touch || event.pointerType !== "touch") return;
    touch.by = event.clientX - touch.at.x;
    if (Math.hypot(touch.by, event.clientY - touch.at.y) > 10) clearTimeout(touch.timer);
    if (canWrite()) touch.element.style.setProperty("translate", `${Math.max(-SWIPE_PX * 1.3, Math.min(0, touch.by))}px`);
  });
  log.addEventListener("pointerup", () => {
    const message = touch && touch.by < -SWIPE_PX && canWrite() && messageAt(touch.element);
    letGo();
    if (message) reply(message);
  });
  log.addEventListener("pointercancel", letGo);

  // Keyboard: arrows go from message to message, R replies, C copies, Enter opens the menu.
  const walk = (event) => {
    const all = [...log.querySelectorAll(".message:not(.service)")];
    const here = all.indexOf(elementAt(event.target));
    const next = { ArrowUp: here < 0 ? all.length - 1 : here - 1, ArrowDown: here + 1 }[event.key];
    const element = all[next];
    if (!element || (here < 0 && event.key === "ArrowDown")) return;
    event.preventDefault();
    const message = messageAt(element);
    element.setAttribute("aria-label", `${nameOf(message)}: ${summaryOf(message)}. R to reply, Enter for more.`);
    element.focus();
  };
  log.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const element = elementAt(event.target);
    if (event.key === "ArrowUp" || event.key === "ArrowDown") walk(event);
    const message = element ? messageAt(element) : newest();
    if (!message) return;
    const key = event.key.toLowerCase();
    const text = message.text ?? message.caption;
    if (key === "r" && canWrite()) reply(message);
    else if (key === "c" && text) copy(text);
    else if (key === "enter" && event.target === element) openBelow(element);
    else return;
    event.preventDefault();
  });
}
