/** The relations of a text as a list: what the arcs show, for the keyboard and for screen readers. */

import { t } from "@/app/words";
import type { Sign } from "@/engine/document/colours";
import type { Action, Mark, MarkId } from "@/engine/document/values";
import type { Passage } from "@/engine/text/passage";
import { flipped } from "@/engine/text/relations";
import type { Span } from "@/engine/text/spans";
import { IconButton } from "@/kit/button";
import { classes } from "@/kit/classes";
import { Select } from "@/kit/field";
import type { Relation } from "./signs";

interface RelationListProps {
  readonly relations: readonly Relation[];
  readonly passage: Passage;
  readonly labels: readonly string[];
  readonly signOf: (label: string) => Sign;
  readonly selection: ReadonlySet<MarkId>;
  readonly readOnly: boolean;
  readonly select: (ids: Iterable<MarkId>) => void;
  readonly perform: (action: Action) => void;
}

export function RelationList(props: RelationListProps) {
  const { relations } = props;
  if (relations.length === 0) return null;
  return (
    <section
      aria-label={t("Relations")}
      className="max-h-48 shrink-0 overflow-y-auto border-t border-line bg-raised"
    >
      <ul className="divide-y divide-line">
        {relations.map((one) => (
          <Line key={one.relation.id} {...props} {...one} />
        ))}
      </ul>
    </section>
  );
}

function Line({ relation, source, target, ...props }: RelationListProps & Relation) {
  const { passage, signOf, readOnly, perform, labels } = props;
  const words = (span: Span) => passage.slice(span.hull).slice(0, 60);
  const chosen = props.selection.has(relation.id);
  const change = (changes: Partial<Mark>) =>
    perform({ kind: "change", tool: "relations", id: relation.id, change: changes });
  const name = t("{source} {label} {target}", {
    source: words(source),
    label: relation.label,
    target: words(target),
  });
  return (
    <li className={classes("flex items-center gap-1 px-2 py-0.5", chosen && "bg-accent-soft")}>
      <button
        type="button"
        aria-pressed={chosen}
        aria-label={name}
        onClick={() => props.select([relation.id])}
        className="flex min-h-8 min-w-0 flex-1 items-center gap-2 rounded-md px-2 text-left text-sm hover:bg-hover"
      >
        <span
          className="size-2.5 shrink-0 rounded-full"
          style={{ background: signOf(relation.label).colour }}
        />
        <bdi className="truncate">{words(source)}</bdi>
        <span className="shrink-0 text-quiet">→ {relation.label} →</span>
        <bdi className="truncate">{words(target)}</bdi>
      </button>
      {!readOnly && (
        <>
          {labels.length > 1 && (
            <Select
              aria-label={t("Label of the relation")}
              value={relation.label}
              onChange={(event) => change({ label: event.target.value, attributes: {} })}
            >
              {labels.map((label) => (
                <option key={label}>{label}</option>
              ))}
            </Select>
          )}
          <IconButton
            size="sm"
            icon="redo"
            label={t("Turn around")}
            onClick={() => change(flipped(relation))}
          />
          <IconButton
            size="sm"
            icon="trash"
            label={t("Delete the relation")}
            onClick={() => perform({ kind: "remove", tool: "relations", ids: [relation.id] })}
          />
        </>
      )}
    </li>
  );
}
