/** Dialogs: the browser's own, so that the rest of the page waits; its hotkeys do as well. */

import { type ReactNode, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { registry } from "@/app/hotkeys";
import { t } from "@/app/words";
import { IconButton } from "./button";
import { classes } from "./classes";
import { Layer } from "./layer";

export interface DialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  readonly description?: string | undefined;
  readonly wide?: boolean;
  /** The title is read but not drawn, for what says by itself what it is. */
  readonly bare?: boolean;
  /** Buttons at its foot. */
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}

/** The first of these is where the focus goes: what asks for it, a field, else what is to be read. */
const FIRST = ["[data-first]", "input, textarea, select", "[data-body]"];

export function Dialog({ open, ...props }: DialogProps) {
  return open ? createPortal(<Open {...props} />, document.body) : null;
}

function useModal() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [layer, setLayer] = useState<HTMLElement | null>(null);
  useLayoutEffect(() => {
    const shown = dialog.current;
    if (!shown) return;
    shown.showModal();
    setLayer(shown);
    FIRST.map((selector) => shown.querySelector<HTMLElement>(selector))
      .find((found) => found !== null)
      ?.focus();
    // Closing gives the focus back to what had it.
    return () => shown.close();
  }, []);
  useEffect(() => registry.openModal(), []);
  return { dialog, layer };
}

type OpenProps = Omit<DialogProps, "open">;

function Open({ onOpenChange, title, description, wide, bare, actions, children }: OpenProps) {
  const { dialog, layer } = useModal();
  const id = useId();
  const onlyOutside = (event: { target: unknown }) => {
    if (event.target === dialog.current) onOpenChange(false);
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc closes it, as the browser does by itself
    <dialog
      ref={dialog}
      aria-labelledby={`${id}-title`}
      aria-describedby={description ? `${id}-description` : undefined}
      onCancel={(event) => {
        event.preventDefault();
        onOpenChange(false);
      }}
      onClick={onlyOutside}
      className={classes(
        "mx-auto mt-[11vh] mb-auto max-h-[78vh] w-[calc(100vw-2rem)] overflow-hidden rounded-lg border border-line",
        "bg-raised text-ink shadow-float open:flex open:animate-rise backdrop:bg-veil",
        wide ? "max-w-3xl" : "max-w-lg",
      )}
    >
      <Layer value={layer}>
        <div className="flex min-h-0 w-full flex-col">
          <header className={bare ? "sr-only" : "flex items-start gap-3 border-b border-line px-4 py-3"}>
            <div className="min-w-0 flex-1">
              <h2 id={`${id}-title`} className="text-lg font-semibold">
                {title}
              </h2>
              {description && (
                <p id={`${id}-description`} className="mt-0.5 text-sm text-quiet">
                  {description}
                </p>
              )}
            </div>
            {!bare && (
              <IconButton icon="close" label={t("Close")} size="sm" onClick={() => onOpenChange(false)} />
            )}
          </header>
          <div
            data-body
            // What is too long is scrolled by keys, also where there is nothing else in it to go to.
            // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
            tabIndex={0}
            className={classes("min-h-0 flex-1 overflow-y-auto outline-none", !bare && "px-4 py-4")}
          >
            {children}
          </div>
          {actions && (
            <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-4 py-3">
              {actions}
            </footer>
          )}
        </div>
      </Layer>
    </dialog>
  );
}
