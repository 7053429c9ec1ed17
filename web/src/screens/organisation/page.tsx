/** An organisation: its name, its members, the links by which others come, and the tokens of programs. */

import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { answered, platform, problemOf } from "@/api/client";
import { meQuery, queryClient } from "@/app/query";
import { organisationRoute } from "@/app/router";
import { useMe } from "@/app/session";
import { t } from "@/app/words";
import { Button, IconButton } from "@/kit/button";
import { Tabs } from "@/kit/choices";
import { Dialog } from "@/kit/dialog";
import { Field, Input } from "@/kit/field";
import { Empty, Notice } from "@/kit/shown";
import { notifyDone } from "@/kit/toast";
import { governs, membersQuery } from "../people/queries";
import { Invitations } from "./invitations";
import { Members } from "./members";
import { Tokens } from "./tokens";

export default function OrganisationPage() {
  const { member } = useMe();
  if (governs(member.role, "annotator")) return <Organisation />;
  return (
    <Empty icon="people" title={t("This page is for managers of the organisation")}>
      {t("Your own name, password and sessions are in the settings.")}
    </Empty>
  );
}

function Organisation() {
  const { organisation, member } = useMe();
  const { view = "members" } = organisationRoute.useSearch();
  const navigate = useNavigate();
  const [renaming, setRenaming] = useState(false);
  const members = useQuery(membersQuery).data?.filter(({ state }) => state === "active").length;
  const show = (chosen: string) => {
    const other = chosen === "invitations" || chosen === "tokens" ? chosen : undefined;
    void navigate({ to: "/organisation", search: other ? { view: other } : {} });
  };
  return (
    <div className="mx-auto w-full max-w-6xl px-4 py-6 sm:px-6 sm:py-8">
      <div className="mb-4">
        <h1 className="flex items-center gap-2 text-xl font-semibold tracking-tight">
          {organisation.name}
          {member.role === "owner" && (
            <IconButton icon="pencil" size="sm" label={t("Rename")} onClick={() => setRenaming(true)} />
          )}
        </h1>
        <p className="min-h-5 text-quiet">
          {members !== undefined && t("{members, plural, one {# member} other {# members}}", { members })}
        </p>
      </div>
      <Tabs
        label={t("Organisation")}
        value={view}
        onChange={show}
        tabs={[
          { value: "members", label: t("Members"), content: <Members /> },
          { value: "invitations", label: t("Invitations"), content: <Invitations /> },
          { value: "tokens", label: t("Tokens"), content: <Tokens /> },
        ]}
      />
      {renaming && <Rename close={() => setRenaming(false)} />}
    </div>
  );
}

function Rename({ close }: { readonly close: () => void }) {
  const { organisation } = useMe();
  const naming = useMutation({
    mutationFn: (name: string) => answered(platform.PATCH("/v1/organisation", { body: { name } })),
    onSuccess: async ({ name }) => {
      await queryClient.invalidateQueries(meQuery);
      close();
      notifyDone(t("The organisation is called {name}", { name }));
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    naming.mutate(String(new FormData(event.currentTarget).get("name") ?? "").trim());
  };
  return (
    <Dialog open onOpenChange={close} title={t("Rename the organisation")}>
      <form onSubmit={submit} className="flex flex-col gap-4" noValidate>
        {naming.error && <Notice>{problemOf(naming.error).message}</Notice>}
        <Field label={t("Name")} hint={t("Whoever is invited reads it.")}>
          {(links) => <Input {...links} name="name" defaultValue={organisation.name} />}
        </Field>
        <Button type="submit" look="primary" busy={naming.isPending} className="self-start">
          {t("Rename")}
        </Button>
      </form>
    </Dialog>
  );
}
