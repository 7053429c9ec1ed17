/** Who has the project open, as a row of initials, with names and times for those who may know them. */

import { moment, t } from "@/app/words";
import { Tooltip } from "@/kit/tooltip";
import type { PresenceState, PresentMember } from "./messages";
import { useTopicState } from "./useLive";

const SHOWN_MOST = 5;
const TONES = [
  "bg-accent-soft text-accent-ink",
  "bg-good-soft text-ink",
  "bg-warn-soft text-ink",
  "bg-sunken text-ink",
];

/** Shows who is on a project now, and says there that this tab is. */
export function Presence({ project }: { readonly project: string }) {
  const state = useTopicState("presence", project);
  return state ? <People state={state} /> : null;
}

/** The row itself. */
export function People({ state }: { readonly state: PresenceState }) {
  const shown = state.members.slice(0, SHOWN_MOST);
  const more = state.count - shown.length;
  if (state.count === 0) return null;
  const said = t("{count, plural, one {# person is} other {# people are}} on this project now", {
    count: state.count,
  });
  return (
    <div className="flex items-center">
      <span className="sr-only" role="status">
        {said}
      </span>
      <ul aria-label={t("On this project now")} className="flex -space-x-1.5">
        {shown.map((one) => (
          <Avatar key={one.member} member={one} />
        ))}
        {more > 0 && (
          <li>
            <Tooltip label={said}>
              <span className="flex h-6 min-w-6 items-center justify-center rounded-full border border-line bg-raised px-1.5 text-quiet text-xs">
                {shown.length > 0 ? `+${more}` : more}
              </span>
            </Tooltip>
          </li>
        )}
      </ul>
    </div>
  );
}

function Avatar({ member }: { readonly member: PresentMember }) {
  const words = { name: member.name, since: moment(member.since) };
  const said = member.task
    ? t("{name}, at a task; here since {since}", words)
    : t("{name}, here since {since}", words);
  return (
    <li>
      <Tooltip label={said}>
        <span
          role="img"
          aria-label={said}
          className={`flex size-6 items-center justify-center rounded-full border border-raised font-medium text-xs ${toneOf(member.member)}`}
        >
          {initialsOf(member.name)}
        </span>
      </Tooltip>
    </li>
  );
}

/** Return one or two letters of a name: the first of its first and of its last word. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const ends = words.length > 1 ? [words.at(0), words.at(-1)] : words;
  return ends.map((word) => [...(word ?? "")].at(0)?.toLocaleUpperCase() ?? "").join("") || "?";
}

/** Return the colours of a member: always the same ones. */
function toneOf(member: string): string {
  let sum = 0;
  for (const letter of member) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  return TONES[sum % TONES.length] ?? "";
}
