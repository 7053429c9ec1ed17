/** Fields of forms: a label, an input, what it is for, and what is wrong with it. */

import { type ComponentProps, forwardRef, type ReactNode, useId } from "react";
import { classes } from "./classes";
import { Icon } from "./icon";

const INPUT =
  "w-full rounded-md border border-line bg-raised px-2.5 text-base text-ink transition-colors duration-100 " +
  "hover:border-line-strong focus-visible:outline-offset-0 disabled:opacity-60 aria-invalid:border-bad";

export const Input = forwardRef<HTMLInputElement, ComponentProps<"input">>(function Input(
  { className, ...rest },
  ref,
) {
  return <input ref={ref} className={classes(INPUT, "h-9", className)} {...rest} />;
});

export const TextArea = forwardRef<HTMLTextAreaElement, ComponentProps<"textarea">>(function TextArea(
  { className, ...rest },
  ref,
) {
  return (
    <textarea ref={ref} className={classes(INPUT, "min-h-20 py-1.5 leading-normal", className)} {...rest} />
  );
});

/** A choice from a list, as the browser draws it: it works everywhere, phones included. */
export const Select = forwardRef<HTMLSelectElement, ComponentProps<"select">>(function Select(
  { className, children, ...rest },
  ref,
) {
  return (
    <span className={classes("relative inline-flex", className)}>
      <select ref={ref} className={classes(INPUT, "h-9 appearance-none pr-8")} {...rest}>
        {children}
      </select>
      <Icon
        name="chevronDown"
        className="pointer-events-none absolute top-1/2 right-2.5 -translate-y-1/2 text-quiet"
      />
    </span>
  );
});

/** What an input needs so that its label, hint and error are read with it. */
export interface FieldLinks {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": true | undefined;
}

export interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly children: (links: FieldLinks) => ReactNode;
}

export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium text-ink">
        {label}
      </label>
      {children({ id, "aria-describedby": described || undefined, "aria-invalid": error ? true : undefined })}
      {hint && (
        <p id={`${id}-hint`} className="text-sm text-quiet">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="flex items-center gap-1.5 text-sm text-bad">
          <Icon name="alert" className="size-3.5" />
          {error}
        </p>
      )}
    </div>
  );
}
