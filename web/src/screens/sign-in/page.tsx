/** Signing in: with e-mail and password, or with a token. */

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { signIn } from "@/app/session";
import { t } from "@/app/words";
import { Button } from "@/kit/button";
import { Field, Input } from "@/kit/field";
import { Entrance, Form } from "@/screens/entrance/entrance";

/** Return where to go after signing in: an address of ours, or home. Browsers read `/\\x` as another host, too. */
function back(to = "/"): string {
  const { origin, pathname, search, hash } = new URL(to, location.origin);
  return origin === location.origin ? pathname + search + hash : "/";
}

export default function SignInPage() {
  const { to } = useSearch({ from: "/sign-in" });
  const navigate = useNavigate();
  const [byToken, setByToken] = useState(false);
  return (
    <Entrance
      title={t("Sign in")}
      lead={to ? t("Sign in to go on where you were. What you labelled is kept in this browser.") : undefined}
    >
      <Form
        key={String(byToken)}
        send={({ email = "", password = "", token = "" }) =>
          signIn(byToken ? { token: token.trim() } : { email: email.trim(), password })
        }
        done={() => void navigate({ href: back(to), replace: true })}
      >
        {({ busy, errors }) => (
          <>
            {byToken ? <TokenField error={errors.token} /> : <PasswordFields errors={errors} />}
            <Button type="submit" look="primary" size="lg" busy={busy}>
              {t("Sign in")}
            </Button>
          </>
        )}
      </Form>
      <p className="mt-5 text-sm text-quiet">
        {byToken ? t("You have a password?") : t("You have a token?")}{" "}
        <button
          type="button"
          onClick={() => setByToken(!byToken)}
          className="font-medium text-accent-ink underline-offset-2 hover:underline"
        >
          {byToken ? t("Sign in with your e-mail") : t("Sign in with it")}
        </button>
      </p>
    </Entrance>
  );
}

const PasswordFields = ({ errors }: { readonly errors: Readonly<Record<string, string>> }) => (
  <>
    <Field label={t("E-mail")} error={errors.email}>
      {(links) => <Input {...links} name="email" type="email" autoComplete="username" autoFocus required />}
    </Field>
    <Field
      label={t("Password")}
      error={errors.password}
      hint={t("Forgotten? A manager makes you a link to set a new one.")}
    >
      {(links) => (
        <Input {...links} name="password" type="password" autoComplete="current-password" required />
      )}
    </Field>
  </>
);

const TokenField = ({ error }: { readonly error: string | undefined }) => (
  <Field label={t("Token")} error={error} hint={t("`annotary up` prints one when it first starts.")}>
    {(links) => (
      <Input
        {...links}
        name="token"
        type="password"
        autoComplete="off"
        spellCheck={false}
        autoFocus
        required
      />
    )}
  </Field>
);
