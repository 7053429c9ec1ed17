/** The second look before a member is deleted: what ends, and what of them stays in the record. */

import { useQuery } from "@tanstack/react-query";
import { answered, platform } from "@/api/client";
import { projectsQuery, queryClient } from "@/app/query";
import { t } from "@/app/words";
import { Confirm } from "@/kit/confirm";
import { notifyDone } from "@/kit/toast";
import { type Member, membersQuery, projectsOfQuery, tokensQuery } from "../people/queries";
import { isLive } from "./tokens";

export interface DeleteMemberProps {
  readonly member: Member;
  readonly close: () => void;
}

export function DeleteMember({ member, close }: DeleteMemberProps) {
  const { id, name } = member;
  const own = useQuery(tokensQuery).data?.filter((token) => token.member === id && isLive(token));
  const on = useQuery(projectsOfQuery(id)).data;
  const projects = useQuery(projectsQuery).data ?? [];
  const names = on?.map(({ project }) => projects.find((one) => one.id === project)?.name ?? project);
  const run = async () => {
    await answered(platform.DELETE("/v1/members/{member}", { params: { path: { member: id } } }));
    await queryClient.invalidateQueries(membersQuery);
    await queryClient.invalidateQueries(tokensQuery);
    notifyDone(t("{name} is deleted", { name }));
  };
  return (
    <Confirm
      open
      onOpenChange={close}
      title={t("Delete {name}?", { name })}
      action={t("Delete the member")}
      name={name}
      run={run}
    >
      <p>
        {t(
          "They are signed out everywhere and cannot come back; {tokens, plural, =0 {they have no token} one {# token is revoked} other {# tokens are revoked}}, and their e-mail is forgotten. This cannot be undone.",
          { tokens: own?.length ?? 0 },
        )}
      </p>
      <p>
        {names && names.length > 0
          ? t("They leave {count, plural, one {# project} other {# projects}}: {names}.", {
              count: names.length,
              names: names.join(", "),
            })
          : t("They are on no project.")}
      </p>
      <p className="text-quiet">
        {t(
          "What stays: every answer of theirs, and their name beside it, because the record says who did what.",
        )}
      </p>
    </Confirm>
  );
}
