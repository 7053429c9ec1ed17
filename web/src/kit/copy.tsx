/** Text to be taken elsewhere: shown whole, selected at a click, copied by a button. */

import { useRef, useState } from "react";
import { t } from "@/app/words";
import { Button } from "./button";
import { TextArea } from "./field";

const SAID_MILLISECONDS = 2000;

/** Copies what a field shows. Browsers have a clipboard on https and localhost only, elsewhere the old way works. */
async function copy(field: HTMLTextAreaElement): Promise<boolean> {
  field.select();
  if (navigator.clipboard === undefined) return document.execCommand("copy");
  return navigator.clipboard.writeText(field.value).then(
    () => true,
    () => document.execCommand("copy"),
  );
}

export interface CopyProps {
  /** What it is, for screen readers. */
  readonly label: string;
  readonly text: string;
}

export function Copy({ label, text }: CopyProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [copied, setCopied] = useState(false);
  const press = async () => {
    if (!field.current || !(await copy(field.current))) return;
    setCopied(true);
    setTimeout(() => setCopied(false), SAID_MILLISECONDS);
  };
  return (
    <div className="flex gap-2">
      <TextArea
        ref={field}
        readOnly
        rows={1}
        aria-label={label}
        value={text}
        spellCheck={false}
        onFocus={(event) => event.currentTarget.select()}
        className="field-sizing-content min-h-9! min-w-0 flex-1 resize-none font-mono text-sm! break-words"
      />
      <Button icon={copied ? "check" : "copy"} className="h-9" onClick={press} data-first>
        <span aria-live="polite">{copied ? t("Copied") : t("Copy")}</span>
      </Button>
    </div>
  );
}
