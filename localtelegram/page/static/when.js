// Moments in the words of the viewer's own zone and language.

export const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

const clockTime = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const longDay = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const shortDay = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short" });

export const timeOf = (moment) => clockTime.format(moment);
export const dayOf = (moment) => longDay.format(moment);

const dayNumber = (moment) => {
  const date = new Date(moment);
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000);
};

export const isSameDay = (one, other) => dayNumber(one) === dayNumber(other);

// "08:30" today, "tomorrow 08:30", else "Mon 23 Nov 08:30".
export function nearTimeOf(moment, now) {
  const days = dayNumber(moment) - dayNumber(now);
  if (days === 0) return timeOf(moment);
  if (days === 1) return `tomorrow ${timeOf(moment)}`;
  return `${shortDay.format(moment)} ${timeOf(moment)}`;
}

// What stands at the right of a chat in the list: the time today, the day before that.
export const listTimeOf = (moment, now) => (isSameDay(moment, now) ? timeOf(moment) : shortDay.format(moment));

export function dayLabelOf(moment, now) {
  const days = dayNumber(now) - dayNumber(moment);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return longDay.format(moment);
}

export function spanOf(milliseconds) {
  const minutes = Math.round(Math.abs(milliseconds) / 60_000);
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
  const parts = [
    days && `${days} ${days === 1 ? "day" : "days"}`,
    hours && `${hours} h`,
    !days && minutes % 60 && `${minutes % 60} min`,
  ].filter(Boolean);
  return parts.join(" ") || "less than a minute";
}
