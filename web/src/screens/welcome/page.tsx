/** The first visit: the link that the installation printed signs its owner in, who then gets a password. */

import { useNavigate } from "@tanstack/react-router";
import { answered, platform } from "@/api/client";
import { Waiting } from "@/app/fallbacks";
import { meQuery, queryClient } from "@/app/query";
import { type Me, signIn } from "@/app/session";
import { t } from "@/app/words";
import { Button } from "@/kit/button";
import { DeadLink, Entrance, Form, useSecret } from "@/screens/entrance/entrance";
import { NewPasswordField, PersonFields } from "@/screens/entrance/fields";

export default function WelcomePage() {
  const entering = useSecret("token", (token) => signIn({ token }));
  if (entering.data) return <Introduce me={entering.data} />;
  if (!entering.error) return <Waiting />;
  return (
    <DeadLink
      title={t("This link does not sign you in")}
      error={entering.error}
      advice={t("It may have been used before, or copied in part. Sign in, or ask for a new one.")}
    />
  );
}

/** Takes the name and e-mail first: the password needs an e-mail to go with it. */
async function introduce(fields: Readonly<Record<string, string>>): Promise<void> {
  const { name = "", email = "", password = "" } = fields;
  const told = { name: name.trim(), ...(email.trim() && { email: email.trim() }) };
  await answered(platform.PATCH("/v1/me", { body: told }));
  await answered(platform.PUT("/v1/me/password", { body: { password } }));
  await queryClient.invalidateQueries(meQuery);
}

function Introduce({ me }: { readonly me: Me }) {
  const navigate = useNavigate();
  const home = () => void navigate({ to: "/", replace: true });
  return (
    <Entrance
      title={t("Welcome")}
      lead={t("You are signed in. With a password you come back without this link.")}
    >
      <Form send={introduce} done={home}>
        {({ busy, errors }) => (
          <>
            <PersonFields name={me.member.name} email={me.member.email} errors={errors} first />
            <NewPasswordField error={errors.password} />
            <div className="flex items-center gap-3">
              <Button type="submit" look="primary" size="lg" busy={busy} className="flex-1">
                {t("Save and begin")}
              </Button>
              <Button size="lg" look="ghost" onClick={home}>
                {t("Later")}
              </Button>
            </div>
          </>
        )}
      </Form>
    </Entrance>
  );
}
