/** A conversation whose messages are rated and marked one by one. */

import { type RefObject, useRef, useState } from "react";
import { t } from "@/app/words";
import { labelsFor, newMarkId } from "@/engine/document/answer";
import { marksOf } from "@/engine/document/apply";
import type { Json, Label, Mark } from "@/engine/document/values";
import { classes } from "@/kit/classes";
import { Kbd } from "@/kit/kbd";
import { digitCommands, FormFrame, KeyHints, stepCommands, useFormCommands } from "../form_frame";
import { LevelRow } from "../level_row";
import { MarkQuestions } from "../mark_questions";
import { levelIn, ratingAction } from "../ratings";
import { levelOf, type Scale, scaleOf } from "../scales";
import type { FormProps } from "../surface";
import { type Message, messagesOf, Prompt, Prose } from "../text/item_reading";

export default function ChatForm(props: FormProps) {
  const box = useRef<HTMLElement>(null);
  const chat = useChat(props);
  useChatCommands(props, box, chat);
  return (
    <div className="flex min-h-full flex-col">
      {props.task.item.prompt !== undefined && <Prompt prompt={props.task.item.prompt} />}
      <div className="mx-auto w-full max-w-[92ch] flex-1 p-4 sm:p-6">
        <FormFrame
          tool={props.tool}
          title={t("Conversation")}
          said={t("{done} of {all} rated", { done: chat.done, all: chat.rated.length })}
          box={box}
          className="gap-4"
        >
          <ol className="flex flex-col gap-4">
            {chat.messages.map(({ role, content }, of) => (
              <li
                // biome-ignore lint/suspicious/noArrayIndexKey: messages of an item never move
                key={of}
                data-message={of}
                className={classes("flex flex-col gap-2", chat.rated.includes(of) ? "" : "sm:pl-16")}
              >
                <Bubble
                  role={role}
                  content={content}
                  quiet={!chat.rated.includes(of)}
                  current={of === chat.message}
                />
                {chat.rated.includes(of) && (
                  <Rating
                    {...props}
                    current={of === chat.message}
                    question={of === chat.message ? chat.question : -1}
                    questions={chat.questions}
                    flags={chat.flags}
                    markOf={(label) => chat.markOf(of, label)}
                    rate={(label, level) => chat.rate(of, label, level)}
                    flag={(label) => chat.flag(of, label)}
                    enter={(asked) => chat.enter(of, asked)}
                  />
                )}
              </li>
            ))}
          </ol>
          <KeyHints
            hints={[
              [["J", "K"], t("next, previous message")],
              [["1", "…"], t("rate")],
              ...(chat.questions.length > 1 ? [[["Q"], t("next question")] as const] : []),
              ...(chat.flags.length > 0 ? [[["Shift", "1", "…"], t("mark")] as const] : []),
            ]}
          />
        </FormFrame>
      </div>
    </div>
  );
}

type Chat = ReturnType<typeof useChat>;

/** What is asked about which messages, what was answered, and where the digits go. */
function useChat({ tool, task, definition, document, perform, announce }: FormProps) {
  const [{ at, question }, setAt] = useState({ at: 0, question: 0 });
  const settings = definition.tools[tool];
  const messages = messagesOf(task.item.messages);
  const rated = ratedMessages(messages, settings?.roles);
  const labels = labelsFor(definition.labels, tool);
  const questions = labels.flatMap((label) => {
    const scale = scaleOf(settings, label.name);
    return scale ? [{ label, scale }] : [];
  });
  const marks = marksOf(document, tool);
  const markOf = (of: number, label: string) =>
    marks.find((one) => one.geometry.message === of && one.label === label);
  const isDone = (of: number) =>
    questions.every(({ label }) => levelIn(markOf(of, label.name)) !== undefined);
  return {
    messages,
    rated,
    questions,
    flags: labels.filter(({ name }) => scaleOf(settings, name) === null),
    message: rated[Math.min(at, rated.length - 1)],
    question,
    done: rated.filter(isDone).length,
    markOf,
    rate: (of: number, label: string, level: number | undefined) => {
      perform(ratingAction(tool, markOf(of, label), label, { message: of }, level));
      announce(t("{label}: {level}", { label, level: level ?? t("not rated") }));
    },
    flag: (of: number, label: string) => {
      const known = markOf(of, label);
      const mark: Mark = { id: newMarkId(), label, attributes: {}, geometry: { message: of } };
      perform(known ? { kind: "remove", tool, ids: [known.id] } : { kind: "add", tool, marks: [mark] });
    },
    enter: (of: number, asked: number) => setAt({ at: rated.indexOf(of), question: asked }),
    ask: (asked: number) => setAt({ at, question: asked }),
    /** Goes on by some messages, and returns the one that is then the current. */
    go: (by: number) => {
      const next = Math.max(0, Math.min(at + by, rated.length - 1));
      setAt({ at: next, question: 0 });
      announce(t("Message {number}", { number: (rated[next] ?? 0) + 1 }));
      return rated[next];
    },
  };
}

function useChatCommands(props: FormProps, box: RefObject<HTMLElement | null>, chat: Chat): void {
  const { questions, question, message, flags } = chat;
  const go = (by: number) => {
    const found = box.current?.querySelector(`[data-message="${chat.go(by)}"]`);
    found?.scrollIntoView({ block: "nearest" });
  };
  const byDigit = (digit: string) => {
    const asked = questions[question];
    const level = asked && levelOf(asked.scale, digit);
    if (message === undefined || level === undefined) return;
    chat.rate(message, asked?.label.name ?? "", level);
    chat.ask(Math.min(question + 1, questions.length - 1));
  };
  useFormCommands(props, box, [
    ...stepCommands(t("Next message"), t("Previous message"), go),
    {
      id: "question",
      title: t("Next question"),
      keys: ["q"],
      enabled: () => questions.length > 1,
      run: () => chat.ask((question + 1) % questions.length),
    },
    ...digitCommands(t("Rate"), byDigit),
    ...flags.slice(0, 9).map(({ name }, place) => ({
      id: `flag-${name}`,
      title: t("Mark the message as {name}", { name }),
      keys: [`shift+${place + 1}`],
      run: () => message !== undefined && chat.flag(message, name),
    })),
  ]);
}

/** Return the numbers of the messages that may be rated: those of the roles that the settings name. */
function ratedMessages(messages: readonly Message[], roles: Json | undefined): readonly number[] {
  const named = Array.isArray(roles) ? roles : ["assistant"];
  return messages.flatMap(({ role }, at) => (named.length === 0 || named.includes(role) ? [at] : []));
}

interface BubbleProps extends Message {
  readonly quiet: boolean;
  readonly current: boolean;
}

const Bubble = ({ role, content, quiet, current }: BubbleProps) => (
  <div
    className={classes(
      "rounded-lg border-2 px-4 py-3",
      quiet ? "border-transparent bg-sunken" : "bg-raised shadow-card",
      !quiet && (current ? "border-accent" : "border-line"),
    )}
  >
    <p className="mb-1 font-medium text-quiet text-xs">{role}</p>
    <Prose>{content}</Prose>
  </div>
);

interface Asked {
  readonly label: Label;
  readonly scale: Scale;
}

interface RatingProps extends FormProps {
  readonly current: boolean;
  /** The question that digits answer. */
  readonly question: number;
  readonly questions: readonly Asked[];
  readonly flags: readonly Label[];
  readonly markOf: (label: string) => Mark | undefined;
  readonly rate: (label: string, level: number | undefined) => void;
  readonly flag: (label: string) => void;
  readonly enter: (question: number) => void;
}

function Rating({ question, questions, flags, markOf, rate, flag, enter, current, ...props }: RatingProps) {
  return (
    <div className="flex flex-col gap-2 pl-1">
      {questions.map(({ label, scale }, place) => {
        const mark = markOf(label.name);
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: what has the focus is what digits answer
          <div key={label.name} onFocus={() => enter(place)} className="flex flex-col gap-2">
            <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <span
                className={classes(
                  "min-w-24 text-sm",
                  place === question ? "font-semibold text-ink" : "text-quiet",
                )}
              >
                {label.name}
              </span>
              <LevelRow
                label={label.name}
                scale={scale}
                level={levelIn(mark)}
                rate={(level) => rate(label.name, level)}
                readOnly={props.readOnly}
              />
            </div>
            {mark && <MarkQuestions {...props} mark={mark} />}
          </div>
        );
      })}
      {flags.length > 0 && (
        <div className="flex flex-wrap gap-1.5">
          {flags.map(({ name, description }, place) => {
            const mark = markOf(name);
            return (
              <button
                key={name}
                type="button"
                title={description}
                aria-pressed={mark !== undefined}
                disabled={props.readOnly}
                onFocus={() => enter(0)}
                onClick={() => flag(name)}
                className={classes(
                  "flex min-h-7 items-center gap-1.5 rounded-full border px-3 text-sm",
                  mark
                    ? "border-warn bg-warn-soft text-warn"
                    : "border-line text-quiet enabled:hover:text-ink",
                )}
              >
                {name}
                {current && place < 9 && (
                  <span className="max-sm:hidden">
                    <Kbd keys={["Shift", String(place + 1)]} />
                  </span>
                )}
              </button>
            );
          })}
        </div>
      )}
      {flags.map(({ name }) => {
        const mark = markOf(name);
        return mark && <MarkQuestions key={name} {...props} mark={mark} />;
      })}
    </div>
  );
}
