// Short words that come and go (toasts), and alerts that wait for OK.
import { h } from "./dom.js";

const SHOWN_MS = 6000;
const MOST = 2;

// `regions`: where toasts may stand; the first one that is on the screen is taken.
export function notices(regions, dialog) {
  const words = dialog.querySelector("p");
  const timers = new Map();
  const remove = (toast) => {
    clearTimeout(timers.get(toast));
    timers.delete(toast);
    toast.remove();
  };
  return {
    toast(text) {
      const region = regions.find((one) => one.checkVisibility()) ?? regions[0];
      const standing = [...region.children];
      for (const toast of standing) if (toast.textContent === text) remove(toast);
      while (region.children.length >= MOST) remove(region.firstChild);
      const toast = h("p", { class: "toast" }, text);
      region.append(toast);
      timers.set(toast, setTimeout(() => remove(toast), SHOWN_MS));
    },
    alert(text) {
      words.textContent = text;
      if (!dialog.open) dialog.showModal();
    },
  };
}
