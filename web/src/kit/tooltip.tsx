/** A name that appears beside what has the pointer or the focus. */

import { Tooltip as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { useLayer } from "./layer";

/** Around the whole page: tooltips share their delay. */
export const TooltipProvider = ({ children }: { readonly children: ReactNode }) => (
  <Radix.Provider delayDuration={350} skipDelayDuration={200}>
    {children}
  </Radix.Provider>
);

export interface TooltipProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly side?: "top" | "right" | "bottom" | "left";
  /** One element, which takes a ref. */
  readonly children: ReactNode;
}

export function Tooltip({ label, hint, side = "bottom", children }: TooltipProps) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal {...useLayer()}>
        <Radix.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="z-60 flex max-w-72 items-center gap-2 rounded-md border border-line bg-raised px-2 py-1 text-sm text-ink shadow-float data-[state=delayed-open]:animate-fade"
        >
          {label}
          {hint}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
