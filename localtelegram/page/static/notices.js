// Short words that come and go (toasts), and alerts that wait for OK.
import { h } from "./dom.js";

const SHOWN_MS = 6000;

export function notices(region, dialog) {
  const words = dialog.querySelector("p");
  return {
    toast(text) {
      const toast = h("p", { class: "toast" }, text);
      region.append(toast);
      while (region.children.length > 3) region.firstChild.remove();
      setTimeout(() => toast.remove(), SHOWN_MS);
    },
    alert(text) {
      words.textContent = text;
      if (!dialog.open) dialog.showModal();
    },
  };
}
