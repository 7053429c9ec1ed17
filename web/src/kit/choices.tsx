/** Choices in place: tabs, a switch, a row of which one is pressed, a slider. */

import { Slider as RadixSlider, Switch as RadixSwitch, Tabs as RadixTabs, ToggleGroup } from "radix-ui";
import type { ReactNode } from "react";
import { Icon, type IconName } from "./icon";

export interface Tab {
  readonly value: string;
  readonly label: ReactNode;
  readonly content: ReactNode;
}

export interface TabsProps {
  readonly label: string;
  readonly tabs: readonly Tab[];
  /** The open tab, where whoever draws them decides; else the first one opens. */
  readonly value?: string;
  readonly onChange?: (value: string) => void;
}

export function Tabs({ label, tabs, value, onChange }: TabsProps) {
  const first = tabs[0]?.value ?? "";
  const chosen = value === undefined ? { defaultValue: first } : { value };
  return (
    <RadixTabs.Root
      {...chosen}
      {...(onChange && { onValueChange: onChange })}
      className="flex min-h-0 flex-col"
    >
      <RadixTabs.List aria-label={label} className="flex gap-1 border-b border-line">
        {tabs.map((tab) => (
          <RadixTabs.Trigger
            key={tab.value}
            value={tab.value}
            className="-mb-px h-9 border-b-2 border-transparent px-2.5 text-base font-medium text-quiet hover:text-ink data-[state=active]:border-accent data-[state=active]:text-ink"
          >
            {tab.label}
          </RadixTabs.Trigger>
        ))}
      </RadixTabs.List>
      {tabs.map((tab) => (
        <RadixTabs.Content key={tab.value} value={tab.value} className="min-h-0 flex-1 pt-3">
          {tab.content}
        </RadixTabs.Content>
      ))}
    </RadixTabs.Root>
  );
}

export interface SwitchProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
}

export function Switch({ label, checked, onChange, disabled = false }: SwitchProps) {
  return (
    <RadixSwitch.Root
      aria-label={label}
      checked={checked}
      disabled={disabled}
      onCheckedChange={onChange}
      className="relative h-5 w-9 shrink-0 rounded-full border border-line-strong bg-sunken transition-colors data-[state=checked]:border-accent data-[state=checked]:bg-accent disabled:opacity-50"
    >
      <RadixSwitch.Thumb className="block size-3.5 translate-x-0.5 rounded-full bg-line-strong transition-transform data-[state=checked]:translate-x-4.5 data-[state=checked]:bg-on-accent" />
    </RadixSwitch.Root>
  );
}

export interface SegmentsProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly choices: readonly (readonly [value: T, words: string, icon?: IconName])[];
  readonly onChange: (value: T) => void;
}

/** A few choices in a row, one of them pressed. */
export function Segments<T extends string>({ label, value, choices, onChange }: SegmentsProps<T>) {
  const choose = (chosen: string) => {
    const [found] = choices.find(([choice]) => choice === chosen) ?? [];
    if (found !== undefined) onChange(found);
  };
  return (
    <ToggleGroup.Root
      type="single"
      aria-label={label}
      value={value}
      onValueChange={choose}
      className="inline-flex rounded-md border border-line bg-sunken p-0.5"
    >
      {choices.map(([choice, words, icon]) => (
        <ToggleGroup.Item
          key={choice}
          value={choice}
          className="inline-flex h-7 items-center gap-1.5 rounded-sm px-2.5 text-sm font-medium text-quiet hover:text-ink data-[state=on]:bg-raised data-[state=on]:text-ink data-[state=on]:shadow-card"
        >
          {icon && <Icon name={icon} />}
          {words}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}

export interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly step?: number;
  readonly onChange: (value: number) => void;
  readonly className?: string;
}

export function Slider({
  label,
  value,
  minimum,
  maximum,
  step = 1,
  onChange,
  className = "w-40",
}: SliderProps) {
  return (
    <RadixSlider.Root
      value={[value]}
      min={minimum}
      max={maximum}
      step={step}
      onValueChange={([chosen]) => chosen !== undefined && onChange(chosen)}
      className={`relative flex h-6 touch-none items-center select-none ${className}`}
    >
      <RadixSlider.Track className="relative h-1 grow rounded-full bg-line">
        <RadixSlider.Range className="absolute h-full rounded-full bg-accent" />
      </RadixSlider.Track>
      <RadixSlider.Thumb
        aria-label={label}
        className="block size-4 rounded-full border-2 border-accent bg-raised shadow-card hover:bg-accent-soft"
      />
    </RadixSlider.Root>
  );
}
