/** What is asked for, one word each, with a way to take it out. */

import { t } from "@/app/words";
import { Button } from "@/kit/button";
import { Icon } from "@/kit/icon";
import { type Filter, partsOf } from "./filter";

export interface FilterPartsProps {
  readonly filter: Filter;
  readonly nameOf: (id: string) => string;
  readonly onChange: (filter: Filter) => void;
}

export function FilterParts({ filter, nameOf, onChange }: FilterPartsProps) {
  const parts = partsOf(filter, nameOf);
  if (parts.length === 0) return null;
  return (
    <ul aria-label={t("Filters")} className="flex flex-wrap items-center gap-1.5">
      {parts.map(({ words, without }) => (
        <li key={words}>
          <button
            type="button"
            aria-label={t("Without {filter}", { filter: words })}
            onClick={() => onChange(without)}
            className="inline-flex h-6 max-w-64 items-center gap-1 rounded-full bg-accent-soft pr-1.5 pl-2.5 text-xs font-medium text-accent-ink hover:bg-hover"
          >
            <span className="truncate">{words}</span>
            <Icon name="close" className="size-3" />
          </button>
        </li>
      ))}
      <li>
        <Button look="ghost" size="sm" onClick={() => onChange({})}>
          {t("Clear filters")}
        </Button>
      </li>
    </ul>
  );
}
