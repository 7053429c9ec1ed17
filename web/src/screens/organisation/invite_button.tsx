/** The way to a new invitation, from wherever members are looked at. */

import { useState } from "react";
import { useCommands } from "@/app/commands";
import { t } from "@/app/words";
import { Button } from "@/kit/button";
import { Dialog } from "@/kit/dialog";
import { Invite } from "../people/invite";

export function InviteButton() {
  const [open, setOpen] = useState(false);
  const title = t("Invite somebody");
  useCommands([{ id: "invite", title, scope: "page", keys: ["n"], run: () => setOpen(true) }]);
  return (
    <>
      <Button icon="add" look="primary" onClick={() => setOpen(true)}>
        {title}
      </Button>
      <Dialog open={open} onOpenChange={setOpen} title={title}>
        <Invite />
      </Dialog>
    </>
  );
}
