/** The secret of a webhook: seen this once. */

import { t } from "@/app/words";
import { Button } from "@/kit/button";
import { Copy } from "@/kit/copy";
import { Dialog } from "@/kit/dialog";
import { Notice } from "@/kit/shown";

export interface SecretProps {
  readonly secret: string;
  readonly close: () => void;
}

export const Secret = ({ secret, close }: SecretProps) => (
  <Dialog
    open
    onOpenChange={close}
    title={t("The webhook's secret")}
    actions={
      <Button look="primary" onClick={close}>
        {t("I have kept it")}
      </Button>
    }
  >
    <Notice tone="warn">{t("It is shown this once. Your receiver verifies each message with it.")}</Notice>
    <div className="mt-3">
      <Copy label={t("Secret")} text={secret} />
    </div>
  </Dialog>
);
