/** Name, e-mail and password of whoever is signed in. */

import { answered, platform } from "@/api/client";
import { meQuery, queryClient } from "@/app/query";
import { useMe } from "@/app/session";
import { t } from "@/app/words";
import { Button } from "@/kit/button";
import { Field, Input } from "@/kit/field";
import { notify } from "@/kit/toast";
import { Form } from "@/screens/entrance/entrance";
import { NewPasswordField, PersonFields } from "@/screens/entrance/fields";

const refresh = () => queryClient.invalidateQueries(meQuery);

async function saveSelf({ name = "", email = "" }: Readonly<Record<string, string>>): Promise<void> {
  const told = { name: name.trim(), ...(email.trim() && { email: email.trim() }) };
  await answered(platform.PATCH("/v1/me", { body: told }));
}

async function savePassword({ password = "", current }: Readonly<Record<string, string>>): Promise<void> {
  await answered(platform.PUT("/v1/me/password", { body: { password, ...(current && { current }) } }));
}

function saved(title: string): void {
  notify({ title, tone: "good" });
  void refresh();
}

export function Account() {
  const { member, has_password: hasPassword } = useMe();
  return (
    <div className="grid gap-x-8 gap-y-6 p-4 sm:grid-cols-2">
      <Form key={`${member.name} ${member.email}`} send={saveSelf} done={() => saved(t("Saved"))}>
        {({ busy, errors }) => (
          <>
            <PersonFields name={member.name} email={member.email} errors={errors} />
            <Button type="submit" busy={busy} className="self-start">
              {t("Save")}
            </Button>
          </>
        )}
      </Form>
      <Form
        key={String(hasPassword)}
        send={savePassword}
        done={() => saved(t("The password is set; other browsers are signed out."))}
      >
        {({ busy, errors }) => (
          <>
            {hasPassword && (
              <Field label={t("Password now")} error={errors.current}>
                {(links) => (
                  <Input {...links} name="current" type="password" autoComplete="current-password" />
                )}
              </Field>
            )}
            <NewPasswordField error={errors.password} />
            <Button type="submit" busy={busy} className="self-start">
              {hasPassword ? t("Change the password") : t("Set a password")}
            </Button>
          </>
        )}
      </Form>
    </div>
  );
}
