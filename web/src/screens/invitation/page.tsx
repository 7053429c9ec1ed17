/** Accepting an invitation, or setting a password anew, by the link that somebody was given. */

import { useNavigate } from "@tanstack/react-router";
import { answered, type PlatformShape, platform } from "@/api/client";
import { roleWord } from "@/app/account-menu";
import { Waiting } from "@/app/fallbacks";
import { arrived, type Me } from "@/app/session";
import { t } from "@/app/words";
import { Button } from "@/kit/button";
import { DeadLink, Entrance, Form, useSecret } from "@/screens/entrance/entrance";
import { NewPasswordField, PersonFields } from "@/screens/entrance/fields";

type Shown = PlatformShape<"InvitationShown">;
interface Found {
  readonly code: string;
  readonly shown: Shown;
}

const look = async (code: string): Promise<Found> => ({
  code,
  shown: await answered(platform.POST("/v1/invitations/look", { body: { code } })),
});

async function accept(code: string, fields: Readonly<Record<string, string>>): Promise<Me> {
  const { name, email, password = "" } = fields;
  const told = { ...(name?.trim() && { name: name.trim() }), ...(email?.trim() && { email: email.trim() }) };
  return arrived(
    await answered(platform.POST("/v1/invitations/accept", { body: { code, password, ...told } })),
  );
}

export default function InvitationPage() {
  const looking = useSecret("code", look);
  if (looking.data) return <Accept {...looking.data} />;
  if (!looking.error) return <Waiting />;
  return (
    <DeadLink
      title={t("This link leads nowhere any more")}
      error={looking.error}
      advice={t("Ask whoever sent it for a new one; if you accepted it before, sign in.")}
    />
  );
}

function Accept({ code, shown }: Found) {
  const navigate = useNavigate();
  const { organisation, invited_by: by, role } = shown;
  const isReset = shown.kind === "reset";
  const values = { name: by, organisation, role: roleWord(role).toLowerCase() };
  return (
    <Entrance
      title={isReset ? t("A new password") : t("Join {organisation}", { organisation })}
      lead={
        isReset
          ? t("{name} made this link so that you can set one.", values)
          : t("{name} invites you to {organisation} as {role}.", values)
      }
    >
      <Form send={(fields) => accept(code, fields)} done={() => void navigate({ to: "/", replace: true })}>
        {({ busy, errors }) => (
          <>
            {!isReset && <PersonFields name={shown.name} email={shown.email} errors={errors} first />}
            <NewPasswordField error={errors.password} label={t("Password")} />
            <Button type="submit" look="primary" size="lg" busy={busy}>
              {isReset ? t("Set it and sign in") : t("Join")}
            </Button>
          </>
        )}
      </Form>
    </Entrance>
  );
}
