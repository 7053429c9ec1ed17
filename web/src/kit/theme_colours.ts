/** Colours of the theme for what is painted on a canvas: read from the style sheet, again when the theme changes. */

import { useEffect, useState } from "react";

const UNKNOWN = "#808080";

function read<Name extends string>(names: readonly Name[]): Readonly<Record<Name, string>> {
  const style = getComputedStyle(document.documentElement);
  const found = names.map((name) => [name, style.getPropertyValue(`--${name}`).trim() || UNKNOWN]);
  return Object.fromEntries(found) as Record<Name, string>;
}

/** Return the values of colours by their names in the theme; `names` must be the same array each time. */
export function useThemeColours<Name extends string>(names: readonly Name[]): Readonly<Record<Name, string>> {
  const [colours, setColours] = useState(() => read(names));
  useEffect(() => {
    const watcher = new MutationObserver(() => setColours(read(names)));
    watcher.observe(document.documentElement, { attributes: true });
    return () => watcher.disconnect();
  }, [names]);
  return colours;
}
