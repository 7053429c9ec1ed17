/** Questions that are asked of a track for each frame: answered here, the answer holds up to the next keyframe. */

import { t } from "@/app/words";
import type { Action, AttributeValue } from "@/engine/document/values";
import { keyframesOf, placeAt, placeBeyond } from "@/engine/video/tracks";
import { Question } from "@/surfaces/question";
import { attributesHere, type Moment, tracksInHand } from "./edits";

interface FrameAttributesProps {
  readonly moment: Moment;
  readonly perform: (action: Action, together?: string) => void;
}

export function FrameAttributes({ moment, perform }: FrameAttributesProps) {
  const [track, ...more] = tracksInHand(moment);
  const label = moment.definition.labels?.find(({ name }) => name === track?.label);
  const asked = label?.attributes?.filter(({ per }) => per === "frame") ?? [];
  if (!track || more.length > 0 || asked.length === 0) return null;
  const keyframes = keyframesOf(track.geometry);
  const place = placeAt(keyframes, moment.frame, moment.timeline) ?? placeBeyond(keyframes, moment.frame);
  const known = place?.attributes ?? {};
  const set = (name: string, value: AttributeValue | undefined) => {
    const { [name]: _, ...others } = known;
    const action = attributesHere(moment, value === undefined ? others : { ...others, [name]: value });
    if (action) perform(action, `frame attribute ${track.id} ${moment.frame} ${name}`);
  };
  return (
    <section
      aria-label={t("At this frame")}
      className="flex shrink-0 flex-wrap items-end gap-4 border-t border-line bg-raised px-3 py-2"
    >
      <h2 className="flex h-9 items-center text-sm font-medium text-quiet">
        {t("{name} at frame {frame}", { name: `${track.label} ${track.geometry.id}`, frame: moment.frame })}
      </h2>
      {asked.map((attribute) => (
        <div key={attribute.name} className="flex min-h-9 min-w-32 flex-col justify-center">
          <Question attribute={attribute} value={known[attribute.name]} set={set} />
        </div>
      ))}
    </section>
  );
}
