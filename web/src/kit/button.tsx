/** Buttons: with words, with a picture only, and links that look like them. */

import { type ComponentProps, forwardRef, type ReactNode } from "react";
import { classes } from "./classes";
import { Icon, type IconName } from "./icon";
import { Tooltip } from "./tooltip";

type Look = "primary" | "plain" | "ghost" | "danger";
type Size = "sm" | "md" | "lg";

const LOOKS: Readonly<Record<Look, string>> = {
  primary: "border-transparent bg-accent text-on-accent enabled:hover:bg-accent-strong shadow-card",
  plain: "border-line bg-raised text-ink enabled:hover:border-line-strong enabled:hover:bg-hover shadow-card",
  ghost: "border-transparent text-ink enabled:hover:bg-hover",
  danger: "border-transparent bg-bad text-on-bad enabled:hover:brightness-110 shadow-card",
};
const SIZES: Readonly<Record<Size, string>> = {
  sm: "h-7 gap-1.5 px-2.5 text-sm",
  md: "h-8 gap-2 px-3 text-base",
  lg: "h-10 gap-2 px-4 text-base",
};

/** Return the classes of a button, for what must be another element: a link, a trigger. */
export const buttonClasses = (look: Look = "plain", size: Size = "md"): string =>
  classes(
    "inline-flex shrink-0 select-none items-center justify-center rounded-md border font-medium whitespace-nowrap",
    "transition-colors duration-100 disabled:cursor-not-allowed disabled:opacity-50",
    LOOKS[look],
    SIZES[size],
  );

export interface ButtonProps extends ComponentProps<"button"> {
  readonly look?: Look;
  readonly size?: Size;
  readonly icon?: IconName;
  /** Something is under way: the button waits and says so. */
  readonly busy?: boolean;
}

export const Button = forwardRef<HTMLButtonElement, ButtonProps>(function Button(
  {
    look = "plain",
    size = "md",
    icon,
    busy = false,
    className,
    children,
    disabled,
    type = "button",
    ...rest
  },
  ref,
) {
  return (
    <button
      ref={ref}
      type={type}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={classes(buttonClasses(look, size), className)}
      {...rest}
    >
      {busy ? <Icon name="turning" className="animate-spin" /> : icon && <Icon name={icon} />}
      {children}
    </button>
  );
});

export interface IconButtonProps extends Omit<ComponentProps<"button">, "children" | "title"> {
  readonly icon: IconName;
  /** Its name, for the tooltip and for screen readers. */
  readonly label: string;
  readonly look?: Look;
  readonly size?: Size;
  /** What stands in the tooltip beside the name: a `<Hint>`. */
  readonly hint?: ReactNode;
  /** Pressed or not, for a button that stays down. */
  readonly pressed?: boolean;
}

const SQUARES: Readonly<Record<Size, string>> = {
  sm: "size-7 px-0!",
  md: "size-8 px-0!",
  lg: "size-10 px-0!",
};

export const IconButton = forwardRef<HTMLButtonElement, IconButtonProps>(function IconButton(
  { icon, label, look = "ghost", size = "md", hint, pressed, className, type = "button", ...rest },
  ref,
) {
  return (
    <Tooltip label={label} hint={hint}>
      <button
        ref={ref}
        type={type}
        aria-label={label}
        aria-pressed={pressed}
        className={classes(
          buttonClasses(look, size),
          SQUARES[size],
          pressed && "bg-accent-soft! text-accent-ink!",
          className,
        )}
        {...rest}
      >
        <Icon name={icon} />
      </button>
    </Tooltip>
  );
});
