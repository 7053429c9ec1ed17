/** A voice as a small round sign in its colour: the outcome a tick, an answer its number. */

import { inkOn } from "@/engine/document/colours";
import { classes } from "@/kit/classes";
import { signOfVoice, type Voice } from "./voices";

export interface ChipProps {
  readonly voice: Voice;
  /** It says nothing here. */
  readonly hollow?: boolean;
  readonly className?: string;
}

export const Chip = ({ voice: { number, colour }, hollow = false, className }: ChipProps) => (
  <svg
    viewBox="0 0 20 20"
    aria-hidden="true"
    className={classes("size-5 shrink-0 text-line-strong", className)}
  >
    <circle
      cx="10"
      cy="10"
      r="8.5"
      fill={hollow ? "transparent" : colour}
      stroke="currentColor"
      strokeDasharray={hollow ? "2.5 2" : undefined}
    />
    <text
      x="10"
      y="13.8"
      textAnchor="middle"
      fontSize="10.5"
      fontWeight="700"
      fill={hollow ? "currentColor" : inkOn(colour)}
    >
      {signOfVoice(number)}
    </text>
  </svg>
);
