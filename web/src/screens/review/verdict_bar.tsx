/** The end of a review: a comment, and the three verdicts with their keys. */

import type { RefObject } from "react";
import { Hint } from "@/app/commands";
import { t } from "@/app/words";
import { Button } from "@/kit/button";
import { TextArea } from "@/kit/field";

export interface VerdictBarProps {
  readonly comment: string;
  readonly setComment: (comment: string) => void;
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly unkept: string | null;
  readonly accept: () => void;
  readonly reject: () => void;
  readonly amend: () => void;
}

export function VerdictBar(props: VerdictBarProps) {
  const { comment, setComment, field, unkept, accept, reject, amend } = props;
  return (
    <footer className="flex shrink-0 flex-col gap-2 border-t border-line bg-raised px-3 py-2.5">
      <Unkept unkept={unkept} />
      <div className="relative">
        <TextArea
          ref={field}
          aria-label={t("Comment to the verdict")}
          placeholder={t("A comment, if there is something to say")}
          className="min-h-9! resize-y"
          rows={1}
          value={comment}
          onChange={(event) => setComment(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            event.stopPropagation();
            event.currentTarget.blur();
          }}
        />
        {comment === "" && (
          <span className="pointer-events-none absolute top-2 right-2 text-quiet">
            <Hint command="review-comment" />
          </span>
        )}
      </div>
      <div className="flex gap-2">
        <Button onClick={reject} className="flex-1 text-bad!">
          {t("Reject")}
          <Hint command="review-reject" />
        </Button>
        <Button onClick={amend} className="flex-1">
          {t("Amend")}
          <Hint command="review-amend" />
        </Button>
        <Button look="primary" onClick={accept} className="flex-1">
          {t("Accept")}
          <Hint command="review-accept" />
        </Button>
      </div>
    </footer>
  );
}

/** Why a verdict could not be kept. */
export const Unkept = ({ unkept }: Pick<VerdictBarProps, "unkept">) =>
  unkept === null ? null : (
    <p role="alert" className="text-sm text-bad">
      {unkept || t("This browser keeps nothing and the server does not answer: stay here and try again.")}
    </p>
  );
