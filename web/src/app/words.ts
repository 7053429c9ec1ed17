/** The words people read: every text of the screens goes through `t`, so that it can be translated. */

import { type Messages, setupI18n } from "@lingui/core";
import { compileMessage } from "@lingui/message-utils/compileMessage";

export type Values = Readonly<Record<string, string | number>>;

const i18n = setupI18n({ locale: "en", messages: { en: {} } });

/**
 * Return a message in the reader's language. The English text is its own key; values stand in braces and plurals
 * are ICU's: `t("{count, plural, one {# task} other {# tasks}}", { count })`.
 */
export function t(message: string, values?: Values): string {
  // English is written in the code, so that it is compiled when it is first read, and then kept.
  if (i18n.messages[message] === undefined) i18n.messages[message] = compileMessage(message);
  return i18n._(message, { ...values });
}

/** Speaks another language from now on: `messages` has the translation of each English text. */
export function speak(locale: string, messages: Readonly<Record<string, string>> = {}): void {
  const compiled: Messages = {};
  for (const [english, said] of Object.entries(messages)) compiled[english] = compileMessage(said);
  i18n.loadAndActivate({ locale, messages: compiled });
  if (typeof document !== "undefined") document.documentElement.lang = locale;
}

/** Return a number as the reader's language writes it. */
export const counted = (number: number): string => i18n.number(number);

/** Return a moment as the reader's language writes it. */
export const moment = (at: string | Date): string =>
  i18n.date(at, { dateStyle: "medium", timeStyle: "short" });
