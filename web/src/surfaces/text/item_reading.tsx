/** The parts of a text item, to be read: a prompt, a conversation, replies side by side. */

import { type ReactNode, useEffect, useRef } from "react";
import { t } from "@/app/words";
import { isRecord } from "@/engine/document/answer";
import type { Json } from "@/engine/document/values";
import { classes } from "@/kit/classes";

export interface Message {
  readonly role: string;
  readonly content: string;
}

/** Return the messages of a conversation; none where it is none. */
export function messagesOf(found: Json | undefined): readonly Message[] {
  if (!Array.isArray(found)) return [];
  return found.flatMap((one: Json) =>
    isRecord(one) && typeof one.role === "string" && typeof one.content === "string"
      ? [{ role: one.role, content: one.content }]
      : [],
  );
}

interface ProseProps {
  readonly children: ReactNode;
  readonly className?: string;
}

/** Text from data: in its own direction, with its line breaks, at a width that is read well. */
export const Prose = ({ children, className }: ProseProps) => (
  <div dir="auto" className={classes("whitespace-pre-wrap break-words text-lg leading-relaxed", className)}>
    {children}
  </div>
);

/** What a reply answers: one text, or the conversation before it. */
export function Prompt({ prompt, narrow = false }: { readonly prompt: Json; readonly narrow?: boolean }) {
  const messages = messagesOf(prompt);
  return (
    <section
      aria-label={t("Prompt")}
      // A long prompt scrolls on its own, so that it takes the focus.
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
      tabIndex={0}
      className="max-h-[32vh] shrink-0 overflow-y-auto border-b border-line bg-sunken px-5 py-3 sm:px-8"
    >
      <div className={classes("mx-auto", narrow ? "max-w-[65ch]" : "max-w-[90ch]")}>
        <p className="mb-1 font-medium text-quiet text-xs">{t("Prompt")}</p>
        {messages.length > 0 ? <Conversation messages={messages} /> : <Prose>{String(prompt)}</Prose>}
      </div>
    </section>
  );
}

export const Conversation = ({ messages }: { readonly messages: readonly Message[] }) => (
  <ol className="flex flex-col gap-2">
    {messages.map(({ role, content }, at) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: messages of an item never move
      <li key={at}>
        <p className="text-quiet text-xs">{role}</p>
        <Prose>{content}</Prose>
      </li>
    ))}
  </ol>
);

interface ItemReadingProps {
  readonly item: Readonly<Record<string, Json>>;
  readonly painted: () => void;
}

export function ItemReading({ item, painted }: ItemReadingProps) {
  const done = useRef(painted);
  useEffect(() => {
    const asked = requestAnimationFrame(() => done.current());
    return () => cancelAnimationFrame(asked);
  }, []);
  const replies = Array.isArray(item.candidates)
    ? item.candidates.map((reply, at) => [String(at + 1), reply] as const)
    : [["A", item.a] as const, ["B", item.b] as const];
  const messages = messagesOf(item.messages);
  return (
    <div className="flex h-full flex-col">
      {item.prompt !== undefined && <Prompt prompt={item.prompt} />}
      <div className="mx-auto flex w-full max-w-[90ch] flex-1 flex-col gap-5 overflow-y-auto p-5 sm:p-8">
        {messages.length > 0 && <Conversation messages={messages} />}
        {replies.map(
          ([name, reply]) =>
            typeof reply === "string" && (
              <section key={name} aria-label={t("Reply {name}", { name })}>
                <p className="mb-1 font-medium text-quiet text-sm">{name}</p>
                <Prose>{reply}</Prose>
              </section>
            ),
        )}
      </div>
    </div>
  );
}
