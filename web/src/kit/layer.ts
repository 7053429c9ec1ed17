/** Where floating parts are drawn: on the page, or inside the dialog that is open above it. */

import { createContext, useContext } from "react";

/** The open dialog: the browser draws it above all else, so that its tooltips and menus must be inside it. */
export const Layer = createContext<HTMLElement | null>(null);

/** Return what Radix's portals take as their container. */
export function useLayer(): { readonly container?: HTMLElement } {
  const dialog = useContext(Layer);
  return dialog ? { container: dialog } : {};
}
