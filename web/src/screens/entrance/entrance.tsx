/** What the pages before signing in share: the mark, a narrow form, and a picture of what the work is. */

import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, type ReactNode, useEffect, useRef } from "react";
import { type Problem, problemOf } from "@/api/client";
import { t } from "@/app/words";
import { buttonClasses } from "@/kit/button";
import { Mark } from "@/kit/icon";
import { Notice } from "@/kit/shown";
import { Picture } from "./picture";

export interface EntranceProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly children: ReactNode;
}

export function Entrance({ title, lead, children }: EntranceProps) {
  return (
    <div className="grid min-h-full lg:grid-cols-[minmax(26rem,1fr)_minmax(0,1.15fr)]">
      <main className="flex flex-col px-5 py-6 sm:px-10">
        <p className="flex items-center gap-2.5 text-lg font-semibold tracking-tight">
          <Mark />
          Annotary
        </p>
        <div className="mx-auto my-auto w-full max-w-88 py-10">
          <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
          {lead && <div className="mt-1.5 text-base text-quiet">{lead}</div>}
          <div className="mt-6">{children}</div>
        </div>
      </main>
      <aside className="hidden flex-col justify-center border-l border-line bg-raised px-12 py-10 lg:flex">
        <div className="mx-auto w-full max-w-136">
          <Picture />
          <p className="mt-8 text-xl font-semibold tracking-tight text-balance">
            {t("Raw text, images and video in. Labels you can trust out.")}
          </p>
          <p className="mt-2 max-w-md text-quiet">
            {t(
              "Every answer is kept in this browser before the next task is shown, and sent until it has arrived.",
            )}
          </p>
        </div>
      </aside>
    </div>
  );
}

export interface FormProps<T> {
  /** Returns what is sent, of the fields by name. */
  readonly send: (fields: Readonly<Record<string, string>>) => Promise<T>;
  readonly done: (result: T) => void;
  /** Draws the fields; `errors` has what the server says of each, by the field's name. */
  readonly children: (form: { busy: boolean; errors: Readonly<Record<string, string>> }) => ReactNode;
}

/** A form that sends its fields, and shows beside each what the server says of it. */
export function Form<T>({ send, done, children }: FormProps<T>) {
  const sending = useMutation({ mutationFn: send, onSuccess: done });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields: Record<string, string> = {};
    for (const [name, value] of new FormData(event.currentTarget))
      if (typeof value === "string") fields[name] = value;
    if (!sending.isPending) sending.mutate(fields);
  };
  const problem = sending.error ? problemOf(sending.error) : null;
  const errors = problem ? byField(problem) : {};
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      {problem && Object.keys(errors).length === 0 && <Notice>{problem.detail || problem.title}</Notice>}
      {children({ busy: sending.isPending, errors })}
    </form>
  );
}

/** Return what a problem says of one field, by the field's name: its path is `/password`. */
function byField({ path, state, detail, title }: Problem): Record<string, string> {
  const [, name, ...deeper] = path?.split("/") ?? [];
  // The sentence begins with the path, for programs; here the field itself says where.
  const words = detail.startsWith(`${path}: `) ? capital(detail.slice(`${path}: `.length)) : detail;
  return state === 422 && name && deeper.length === 0 ? { [name]: words || title } : {};
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Return the secret that the link had behind `#`, and take it out of the address: histories must not keep it. */
function takeSecret(name: string): string {
  const found = new URLSearchParams(location.hash.slice(1)).get(name);
  if (found !== null) history.replaceState(history.state, "", location.pathname + location.search);
  return found ?? "";
}

/** Uses a link's secret as soon as the page is there, and once: it leaves the address as it is read. */
export function useSecret<T>(name: string, use: (secret: string) => Promise<T>) {
  const using = useMutation({ mutationFn: use });
  const begun = useRef(false);
  const { mutate } = using;
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    mutate(takeSecret(name));
  }, [mutate, name]);
  return using;
}

export interface DeadLinkProps {
  readonly title: string;
  readonly error: Error;
  /** What can be done about it. */
  readonly advice: string;
}

/** The page of a link that does nothing any more. */
export const DeadLink = ({ title, error, advice }: DeadLinkProps) => (
  <Entrance title={title}>
    <Notice>{problemOf(error).detail}</Notice>
    <p className="mt-4 text-quiet">{advice}</p>
    <Link to="/sign-in" className={`${buttonClasses("primary", "lg")} mt-5`}>
      {t("To sign in")}
    </Link>
  </Entrance>
);
