/** The fields in which people say who they are: name, e-mail, a new password. */

import { useState } from "react";
import { t } from "@/app/words";
import { IconButton } from "@/kit/button";
import { Field, Input } from "@/kit/field";

/** As the services ask for it; they say so, too, when it is less. */
const CHARACTERS = 10;

export interface NewPasswordFieldProps {
  readonly error: string | undefined;
  readonly label?: string;
}

export function NewPasswordField({ error, label = t("New password") }: NewPasswordFieldProps) {
  const [shown, setShown] = useState(false);
  return (
    <Field
      label={label}
      error={error}
      hint={t("At least {count} characters; a few words do well.", { count: CHARACTERS })}
    >
      {(links) => (
        <span className="relative flex">
          <Input
            {...links}
            name="password"
            type={shown ? "text" : "password"}
            autoComplete="new-password"
            className="pr-10"
            required
          />
          <IconButton
            icon={shown ? "hide" : "eye"}
            label={shown ? t("Hide the password") : t("Show the password")}
            size="sm"
            className="absolute! top-1 right-1"
            onClick={() => setShown(!shown)}
          />
        </span>
      )}
    </Field>
  );
}

export interface PersonFieldsProps {
  readonly name: string | null;
  readonly email: string | null;
  readonly errors: Readonly<Record<string, string>>;
  /** The first of them takes the focus. */
  readonly first?: boolean;
}

/** Name and e-mail, filled in as far as they are known. */
export const PersonFields = ({ name, email, errors, first = false }: PersonFieldsProps) => (
  <>
    <Field label={t("Your name")} error={errors.name} hint={t("As others see it beside your work.")}>
      {(links) => (
        <Input
          {...links}
          name="name"
          autoComplete="name"
          defaultValue={name ?? ""}
          autoFocus={first}
          required
        />
      )}
    </Field>
    <Field label={t("E-mail")} error={errors.email} hint={t("You sign in with it; no mail is sent.")}>
      {(links) => (
        <Input
          {...links}
          name="email"
          type="email"
          autoComplete="username"
          defaultValue={email ?? ""}
          required
        />
      )}
    </Field>
  </>
);
