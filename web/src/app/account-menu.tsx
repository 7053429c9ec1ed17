/** The menu of whoever is signed in: who it is, how the page looks, settings, the way out. */

import { useNavigate } from "@tanstack/react-router";
import { problemOf } from "@/api/client";
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuLine } from "@/kit/menu";
import { Avatar } from "@/kit/shown";
import { notify } from "@/kit/toast";
import { appearance } from "./appearance";
import { Hint, runCommand } from "./commands";
import { pagesOf } from "./pages";
import { usePersisted } from "./persisted";
import { signOut, useMe } from "./session";
import { t } from "./words";

/** Says that something was refused, in the server's own words. */
export function notifyProblem(error: unknown): void {
  const { title, detail } = problemOf(error);
  notify({ title, detail, tone: "bad" });
}

export function AccountMenu() {
  const { member, organisation } = useMe();
  const navigate = useNavigate();
  const [looks, setLooks] = usePersisted(appearance);
  const leave = () =>
    signOut()
      .then(() => navigate({ to: "/sign-in" }))
      .catch(notifyProblem);
  const trigger = (
    <button type="button" className="rounded-full">
      <Avatar name={member.name} />
      <span className="sr-only">{t("Account of {name}", { name: member.name })}</span>
    </button>
  );
  return (
    <Menu trigger={trigger}>
      <MenuLabel>
        <span className="block font-medium text-ink">{member.name}</span>
        <span className="block text-sm">
          {organisation.name} · {roleWord(member.role)}
        </span>
      </MenuLabel>
      <MenuLine />
      <MenuChoice
        label={t("Theme")}
        value={looks.theme}
        choices={[
          ["system", t("As the system")],
          ["dark", t("Dark")],
          ["light", t("Light")],
        ]}
        onChange={(theme) => setLooks({ ...looks, theme })}
      />
      <MenuLine />
      {pagesOf(member.role).map(({ to, words, icon }) => (
        <MenuItem key={to} icon={icon} onSelect={() => navigate({ to })}>
          {words}
        </MenuItem>
      ))}
      <MenuLine />
      <MenuItem icon="keyboard" hint={<Hint command="help" />} onSelect={() => runCommand("help")}>
        {t("Keys")}
      </MenuItem>
      <MenuItem icon="settings" onSelect={() => navigate({ to: "/settings" })}>
        {t("Settings")}
      </MenuItem>
      <MenuItem icon="signOut" onSelect={leave}>
        {t("Sign out")}
      </MenuItem>
    </Menu>
  );
}

/** Return a role as people read it. */
export function roleWord(role: "owner" | "manager" | "reviewer" | "annotator"): string {
  const words = {
    owner: t("Owner"),
    manager: t("Manager"),
    reviewer: t("Reviewer"),
    annotator: t("Annotator"),
  };
  return words[role];
}
