/** Where a task is drawn: its surface, or the form that stands in place of it. */

import { type ComponentType, lazy, Suspense, useMemo } from "react";
import type { Modality } from "@/engine/document/values";
import { loadSurface } from "@/surfaces/registry";
import type { FormProps, SurfaceProps, ToolEditor } from "@/surfaces/surface";

const SURFACES: Readonly<Record<Modality, ComponentType<SurfaceProps>>> = {
  text: lazy(() => loadSurface("text")),
  image: lazy(() => loadSurface("image")),
  video: lazy(() => loadSurface("video")),
};

/** One component for each form, so that it is kept from task to task. */
const forms = new Map<ToolEditor["tool"], ComponentType<FormProps>>();

function formOf(editor: ToolEditor): ComponentType<FormProps> | null {
  const known = forms.get(editor.tool);
  if (known || !editor.form) return known ?? null;
  const made = lazy(editor.form);
  forms.set(editor.tool, made);
  return made;
}

export function SurfaceHost(props: SurfaceProps) {
  const Surface = SURFACES[props.task.modality];
  return (
    <Suspense fallback={null}>
      <Surface {...props} />
    </Suspense>
  );
}

export function Form({ editor, ...props }: FormProps & { readonly editor: ToolEditor }) {
  const Found = useMemo(() => formOf(editor), [editor]);
  if (!Found) return null;
  return (
    <Suspense fallback={null}>
      <Found {...props} />
    </Suspense>
  );
}
