/** The steps that change an ontology, as the API takes them (docs/ontology-steps.md). */

import type { Attribute, AttributeValue, Json, Label } from "@/engine/document/values";

/** What an attribute may hold, or nothing. */
export type Value = AttributeValue | null;
export type Settings = Readonly<Record<string, Json>>;
export type Kind = Pick<Attribute, "kind" | "choices" | "multiple" | "minimum" | "maximum" | "unit">;

export interface Condition {
  readonly tool?: string;
  readonly attribute?: string;
  readonly shape?: string;
  readonly equals?: string | number | boolean;
  readonly at_least?: number;
  readonly at_most?: number;
  readonly absent?: boolean;
}

export interface Rule {
  readonly to: string;
  readonly when: readonly Condition[];
}

interface Of<Name extends string> {
  readonly step: Name;
}
interface OfLabel<Name extends string> extends Of<Name> {
  readonly label: string;
}
interface OfAttribute<Name extends string> extends OfLabel<Name> {
  readonly attribute: string;
}

export type LabelStep =
  | (Of<"add_label"> & { readonly label: Label; readonly at?: number })
  | (OfLabel<"rename_label"> & { readonly to: string })
  | (OfLabel<"move_label"> & { readonly parent: string | null; readonly at?: number })
  | (Of<"merge_labels"> & { readonly labels: readonly string[]; readonly into: string })
  | (OfLabel<"split_label"> & {
      readonly into: readonly string[];
      readonly rules?: readonly Rule[];
      readonly otherwise?: string;
    })
  | OfLabel<"retire_label" | "restore_label" | "remove_label">
  | (OfLabel<"describe_label"> & {
      readonly colour?: string | null;
      readonly hotkey?: string | null;
      readonly description?: string | null;
    })
  | (OfLabel<"change_shapes"> & { readonly tools: readonly string[]; readonly remove_marks?: boolean });

export type AttributeStep =
  | (OfLabel<"add_attribute"> & {
      readonly attribute: Attribute;
      readonly fill?: Value;
      readonly at?: number;
    })
  | (OfAttribute<"rename_attribute"> & { readonly to: string })
  | (OfAttribute<"move_attribute"> & { readonly at: number })
  | (OfAttribute<"retype_attribute"> & {
      readonly to: Kind;
      readonly values?: Readonly<Record<string, AttributeValue>>;
      readonly otherwise?: Value;
    })
  | (OfAttribute<"set_default"> & { readonly default: Value })
  | OfAttribute<"remove_attribute" | "relax">
  | (OfAttribute<"require"> & { readonly fill?: Value });

export type ToolStep =
  | (Of<"add_tool"> & { readonly tool: string; readonly settings?: Settings })
  | (Of<"change_tool"> & { readonly tool: string; readonly settings: Settings })
  | (Of<"remove_tool"> & { readonly tool: string });

export type Step = LabelStep | AttributeStep | ToolStep;

/** A step that cannot be done, in words for whoever wanted it. */
export class Refused extends Error {
  override readonly name = "Refused";
}
