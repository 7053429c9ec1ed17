/** What an annotator has made of a task so far: marks, forms, and the actions that change them. */

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type Modality = "text" | "image" | "video";
/** A label type's name, as it keys the answer: "box", "spans", "rubric". */
export type ToolName = string;

declare const brand: unique symbol;
/** Names a mark while it is edited; never sent, since the server knows marks by what they say. */
export type MarkId = string & { readonly [brand]: "mark" };

export type AttributeValue = string | number | boolean | readonly string[];
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** Fields of a mark beside its label and attributes, exactly as the label type's answer has them. */
export type Geometry = Readonly<Record<string, Json>>;

/** One annotation under edit. `hidden`, `locked` and `suggested` are the annotator's view of it and are not sent. */
export interface Mark<G extends Geometry = Geometry> {
  readonly id: MarkId;
  readonly label: string;
  readonly attributes: Attributes;
  readonly geometry: G;
  readonly hidden?: boolean;
  readonly locked?: boolean;
  /** Came from a prediction and has been neither accepted nor edited. */
  readonly suggested?: boolean;
}

/** The whole answer under edit. A labelled tool has marks, any other tool has one value in `forms`. */
export interface Document {
  readonly notApplicable: boolean;
  readonly cannotAssess: boolean;
  readonly justification: string;
  /** In z-order: the last is on top. */
  readonly marks: Readonly<Record<ToolName, readonly Mark[]>>;
  readonly forms: Readonly<Record<ToolName, Json>>;
}

export type MarkChange = Partial<Omit<Mark, "id">>;
export type EnvelopeChange = Partial<Pick<Document, "notApplicable" | "cannotAssess" | "justification">>;

/** What can be done to a document. Values only, so that they can be kept, compared and replayed. */
export type Action =
  | { readonly kind: "add"; readonly tool: ToolName; readonly marks: readonly Mark[] }
  | { readonly kind: "change"; readonly tool: ToolName; readonly id: MarkId; readonly change: MarkChange }
  | { readonly kind: "remove"; readonly tool: ToolName; readonly ids: readonly MarkId[] }
  | { readonly kind: "order"; readonly tool: ToolName; readonly ids: readonly MarkId[] }
  | { readonly kind: "fill"; readonly tool: ToolName; readonly value: Json | undefined }
  | { readonly kind: "envelope"; readonly change: EnvelopeChange }
  | { readonly kind: "several"; readonly actions: readonly Action[] };

/** The ontology version's definition, as the API gives it. */
export interface Definition {
  readonly tools: Readonly<Record<ToolName, Readonly<Record<string, Json>>>>;
  readonly labels?: readonly Label[];
}

export interface Label {
  readonly name: string;
  readonly tools?: readonly ToolName[];
  readonly parent?: string;
  readonly colour?: string;
  readonly description?: string;
  readonly attributes?: readonly Attribute[];
  readonly hotkey?: string;
  readonly retired?: boolean;
}

export interface Attribute {
  readonly name: string;
  readonly kind: "choice" | "number" | "text" | "boolean";
  readonly choices?: readonly string[];
  readonly multiple?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly required?: boolean;
  readonly default?: AttributeValue;
  readonly unit?: string;
  readonly per?: "mark" | "frame";
}
