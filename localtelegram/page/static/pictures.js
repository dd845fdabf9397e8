// A picture in a message, and the view that opens when it is pressed: whole, larger, saved.
import { h, icon } from "./dom.js";

// Width and height are known before the picture is there, so nothing jumps.
export function pictureButton(picture) {
  const { src, width, height, alt } = picture;
  const image = h("img", { class: "picture", src, width, height, alt });
  const open = () => openPicture(picture);
  return h("button", { type: "button", class: "open-picture", title: "Look at the picture", onclick: open }, image);
}

export function openPicture({ src, alt, caption }) {
  const image = h("img", { src, alt });
  const frame = h("div", { class: "view-frame", tabindex: 0, role: "group", "aria-label": "The picture" }, image);
  const zoom = h("button", { type: "button", class: "view-key" }, icon("zoom"), h("span", {}, "Larger"));
  const dialog = h(
    "dialog",
    { class: "view", "aria-label": "Picture" },
    h(
      "div",
      { class: "view-keys" },
      zoom,
      saveLink(src, "view-key"),
      h("button", { type: "button", class: "view-key", onclick: () => dialog.close() }, icon("close"), h("span", {}, "Close")),
    ),
    frame,
    caption ? h("p", { class: "view-words", tabindex: 0 }, caption) : null,
  );
  const setZoomed = (isZoomed) => {
    dialog.classList.toggle("zoomed", isZoomed);
    zoom.lastChild.textContent = isZoomed ? "Whole picture" : "Larger";
    frame.scrollTo((frame.scrollWidth - frame.clientWidth) / 2, (frame.scrollHeight - frame.clientHeight) / 2);
  };
  const turn = () => setZoomed(!dialog.classList.contains("zoomed"));
  zoom.addEventListener("click", turn);
  image.addEventListener("click", turn);
  frame.addEventListener("keydown", (event) => {
    if (event.key === "+" || event.key === "=") setZoomed(true);
    if (event.key === "-") setZoomed(false);
  });
  dialog.addEventListener("click", (event) => event.target === frame && dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

// The server says the file's name.
export const saveLink = (src, className) =>
  h("a", { class: className, href: src, download: "" }, icon("down"), h("span", {}, "Save"));
