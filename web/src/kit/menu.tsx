/** Menus that drop from a button. */

import { DropdownMenu as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { Icon, type IconName } from "./icon";
import { useLayer } from "./layer";

const LINE =
  "flex h-8 cursor-default select-none items-center gap-2.5 rounded-md px-2 text-base text-ink outline-none " +
  "data-highlighted:bg-hover data-disabled:opacity-50";

export interface MenuProps {
  /** The button it drops from: one element that takes a ref. */
  readonly trigger: ReactNode;
  readonly align?: "start" | "end";
  readonly children: ReactNode;
}

export function Menu({ trigger, align = "end", children }: MenuProps) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal {...useLayer()}>
        <Radix.Content
          align={align}
          sideOffset={6}
          collisionPadding={8}
          className="z-50 min-w-52 rounded-lg border border-line bg-raised p-1 shadow-float data-[state=open]:animate-rise"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export interface MenuItemProps {
  readonly icon?: IconName;
  readonly hint?: ReactNode;
  readonly disabled?: boolean;
  readonly onSelect: () => void;
  readonly children: ReactNode;
}

export function MenuItem({ icon, hint, disabled = false, onSelect, children }: MenuItemProps) {
  return (
    <Radix.Item className={LINE} disabled={disabled} onSelect={onSelect}>
      {icon && <Icon name={icon} className="text-quiet" />}
      <span className="flex-1">{children}</span>
      {hint}
    </Radix.Item>
  );
}

export interface MenuChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly choices: readonly (readonly [T, string])[];
  readonly onChange: (value: T) => void;
}

/** A group of lines of which one is chosen. */
export function MenuChoice<T extends string>({ label, value, choices, onChange }: MenuChoiceProps<T>) {
  return (
    <>
      <Radix.Label className="px-2 pt-1.5 pb-0.5 text-xs font-medium text-quiet">{label}</Radix.Label>
      <Radix.RadioGroup value={value}>
        {choices.map(([choice, words]) => (
          <Radix.RadioItem key={choice} value={choice} className={LINE} onSelect={() => onChange(choice)}>
            <span className="flex-1">{words}</span>
            <Radix.ItemIndicator>
              <Icon name="check" className="text-accent-ink" />
            </Radix.ItemIndicator>
          </Radix.RadioItem>
        ))}
      </Radix.RadioGroup>
    </>
  );
}

export const MenuLabel = ({ children }: { readonly children: ReactNode }) => (
  <Radix.Label className="px-2 py-1.5 text-sm text-quiet">{children}</Radix.Label>
);

export const MenuLine = () => <Radix.Separator className="my-1 h-px bg-line" />;
