/** Which keys belong to the field or button that has the focus, and not to a command. */

const TEXT_INPUTS = new Set([
  "text",
  "search",
  "email",
  "password",
  "url",
  "tel",
  "number",
  "date",
  "time",
  "datetime-local",
  "month",
  "week",
]); // prettier-ignore
const PRESSED_BY_KEY =
  "button, a[href], summary, select, input, [role=button], [role=menuitem], [role=option], [role=tab]";
const MOVED_BY_ARROWS =
  "select, input[type=radio], input[type=range], [role=radio], [role=slider], [role=tab], [role=menuitem]";
/** What people do to text with Ctrl: it stays theirs while they type. */
const EDITING = /^ctrl\+(shift\+)?([acvxyz]|arrow(left|right|up|down)|backspace|delete|home|end)$/;

/** Return whether a chord is meant for what has the focus: letters in a field, Enter on a button. */
export function typedInto(event: Event, chord: string): boolean {
  const target = event.composedPath?.()[0] ?? event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (isTextField(target)) return !/^(ctrl\+|alt\+ctrl)/.test(chord) || EDITING.test(chord);
  // A list that is open or not goes to the line that begins with what is typed.
  if (target instanceof HTMLSelectElement && /^(shift\+)?.$/.test(chord)) return true;
  if (chord === "enter" || chord === "space") return target.closest(PRESSED_BY_KEY) !== null;
  if (/^arrow/.test(chord)) return target.closest(MOVED_BY_ARROWS) !== null;
  return false;
}

function isTextField(element: HTMLElement): boolean {
  if (element instanceof HTMLInputElement) return TEXT_INPUTS.has(element.type);
  return element instanceof HTMLTextAreaElement || element.isContentEditable;
}
