/** One tool: whether an answer must have it, and its settings as the label type reads them. */

import { useState } from "react";
import { toolTitle } from "@/annotate/label_palette";
import { t } from "@/app/words";
import { Button } from "@/kit/button";
import { Switch } from "@/kit/choices";
import { Notice } from "@/kit/shown";
import { EDITORS } from "@/surfaces/registry";
import type { Chosen } from "./chosen";
import { Settled } from "./settled";
import type { Settings } from "./steps";
import type { Editor } from "./use_editing";

export interface ToolFormProps {
  readonly editor: Editor;
  readonly tool: string;
  readonly choose: (chosen: Chosen) => void;
}

export function ToolForm({ editor, tool, choose }: ToolFormProps) {
  const [refused, setRefused] = useState<string | null>(null);
  const settings = editor.definition.tools[tool] ?? {};
  // What is drawn may be left out unless it is told otherwise; what is filled in may not.
  const usually = EDITORS.find((one) => one.tool === tool)?.place !== "surface";
  const required = settings.required === undefined ? usually : settings.required === true;
  const put = (next: Settings) => editor.edit([{ step: "change_tool", tool, settings: next }]);
  const turn = (on: boolean) => {
    const { required: _, ...rest } = settings;
    put(on === usually ? rest : { ...rest, required: on });
  };
  const write = (text: string) => {
    try {
      const read: unknown = JSON.parse(text);
      if (typeof read !== "object" || read === null || Array.isArray(read))
        return t("Settings are an object, in braces.");
      return put(read as Settings);
    } catch (error) {
      return t("This is no JSON: {why}", { why: (error as Error).message });
    }
  };
  const remove = () => {
    const why = editor.edit([{ step: "remove_tool", tool }]);
    setRefused(why);
    if (why === null) choose({});
  };
  return (
    <section aria-label={t("Tool {name}", { name: toolTitle(tool) })} className="flex flex-col gap-4 p-4">
      <header className="flex items-center gap-2">
        <h3 className="min-w-0 flex-1 truncate text-lg font-semibold first-letter:uppercase">
          {toolTitle(tool)}
        </h3>
        <Button size="sm" icon="trash" onClick={remove}>
          {t("Remove, with its marks")}
        </Button>
      </header>
      {refused && <Notice>{refused}</Notice>}
      <div className="flex items-center gap-3 text-sm font-medium">
        <Switch label={t("Every answer needs it")} checked={required} onChange={turn} />
        {t("Every answer needs it")}
      </div>
      <Settled
        long
        mono
        label={t("Settings")}
        hint={t("What each tool takes is told in the guide to label types.")}
        value={JSON.stringify(settings, null, 2)}
        settle={write}
      />
    </section>
  );
}
