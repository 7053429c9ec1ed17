/** The keys of fast review: a verdict, a difference, an answer shown or hidden, each with one key. */

import { type Command, useCommands } from "@/app/commands";
import { t } from "@/app/words";
import { keysFor } from "@/engine/hotkeys/catalogue";
import type { Reviewed } from "./preparing";
import type { Looking } from "./use_looking";

/** So many answers have a key; 0 is the outcome's. */
const KEYED = 10;

export interface ReviewActs {
  readonly reviewed: Reviewed;
  readonly looking: Looking;
  readonly accept: () => void;
  readonly reject: () => void;
  readonly amend: () => void;
  readonly pin: () => void;
  readonly comment: () => void;
}

/** They are the tool's, so that they come before those of the surface, which shows the answers and changes nothing. */
const command = (id: string, title: string, run: () => void, more: Partial<Command> = {}): Command => {
  return { id, title, scope: "tool", keys: more.keys ?? keysFor(id), run: () => run(), ...more };
};

export function useReviewCommands(acts: ReviewActs): void {
  const { looking } = acts;
  const beside = looking.arrangement === "beside";
  useCommands([
    command("review-accept", t("Accept the outcome"), acts.accept),
    command("review-reject", t("Reject the outcome"), acts.reject),
    command("review-amend", t("Amend the outcome"), acts.amend),
    command("review-comment", t("Write a comment to the verdict"), acts.comment, { keys: commentKeys(acts) }),
    command("review-beside", t("Side by side, or over one another"), () =>
      looking.arrange(beside ? "over" : "beside"),
    ),
    command("review-disputed", t("Only what differs"), () => looking.setDisputed(looking.disputed === null)),
    command("review-next", t("Next difference"), () => looking.step(1), {
      enabled: () => isFree() && looking.hasNext(1),
      repeat: true,
    }),
    command("review-previous", t("Previous difference"), () => looking.step(-1), {
      enabled: () => isFree() && looking.hasNext(-1),
      repeat: true,
    }),
    { ...command("pin", t("Pin a remark to a place"), acts.pin), scope: "page" },
    ...acts.reviewed.voices.slice(0, KEYED).flatMap(({ number, name }) => [
      command(`review-show-${number}`, t("Show or hide: {name}", { name }), () => looking.toggle(number), {
        keys: [String(number)],
      }),
      command(`review-only-${number}`, t("Show only: {name}", { name }), () => looking.only(number), {
        keys: [`alt+${number}`],
      }),
    ]),
  ]);
}

/** A clip's own keys have the letter. */
const commentKeys = ({ reviewed }: ReviewActs): readonly string[] =>
  reviewed.desk.modality === "video" ? keysFor("review-comment") : ["c", ...keysFor("review-comment")];

/** Whether nothing has the focus that moves by these keys itself: then Tab goes from difference to difference. */
function isFree(): boolean {
  const focused = document.activeElement;
  if (!focused || focused === document.body) return true;
  const takesKeys = focused.closest("button, a[href], input, select, textarea, [role=radio], [role=tab]");
  return focused.closest("[data-stage]") !== null && takesKeys === null;
}
