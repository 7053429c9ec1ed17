/** What is chosen in the editor, and how a label that is not offered any more is told apart. */

import { t } from "@/app/words";
import { Badge } from "@/kit/shown";

/** A label or a tool, by name. */
export interface Chosen {
  readonly label?: string;
  readonly tool?: string;
}

export const RetiredBadge = () => <Badge>{t("retired")}</Badge>;
