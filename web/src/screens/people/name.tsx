/** Somebody in a table: initials, name, and what stands below it. */

import type { ReactNode } from "react";
import { Avatar } from "@/kit/shown";

export interface NameProps {
  readonly name: string;
  readonly below?: ReactNode;
  readonly children?: ReactNode;
}

export const Name = ({ name, below, children }: NameProps) => (
  <span className="flex min-w-44 items-center gap-3">
    <Avatar name={name} />
    <span className="min-w-0">
      <span className="flex items-center gap-2">
        <span className="truncate font-medium">{name}</span>
        {children}
      </span>
      {below && <span className="block truncate text-sm text-quiet">{below}</span>}
    </span>
  </span>
);
