/** The colours of labels, as the project's ontology has them. */

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { signsOf } from "@/engine/document/colours";
import { versionQuery } from "@/screens/ontology/queries";
import type { Project } from "./looking";
import type { Colour } from "./told";

export function useColours(project: Project): Colour {
  const { data: version } = useQuery(versionQuery(project.ontology, project.ontology_version));
  return useMemo(() => {
    const signs = signsOf(version?.definition.labels);
    return (label) => signs(label).colour;
  }, [version]);
}
