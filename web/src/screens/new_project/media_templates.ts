/** The templates for images and videos. */

import { t } from "@/app/words";
import { entry, type Group, group, keypoints, labelled, questions, type Template } from "./template";

const objects = (): Group => group(t("Labels"), t("Add a label"));

export const images = (): readonly Template[] => [
  {
    id: "boxes",
    modality: "image",
    title: t("Boxes"),
    words: t("A box around every object."),
    shapes: [],
    groups: [objects()],
    entries: () => [entry(t("person")), entry(t("car")), entry(t("animal"))],
    instructions: t("Draw a tight box around every object, also where a part of it is hidden."),
    define: labelled({ box: {} }),
  },
  {
    id: "polygons",
    modality: "image",
    title: t("Polygons"),
    words: t("The outline of every object, corner by corner."),
    shapes: [],
    groups: [objects()],
    entries: () => [entry(t("building")), entry(t("road")), entry(t("field"))],
    instructions: t("Follow the outline of every object; set a corner wherever it turns."),
    define: labelled({ polygon: {} }),
  },
  {
    id: "segmentation",
    modality: "image",
    title: t("Segmentation"),
    words: t("Every pixel of an object, with a brush."),
    shapes: [],
    groups: [objects()],
    entries: () => [entry(t("object")), entry(t("damage"))],
    instructions: t("Paint over every object, and nothing beside it."),
    define: labelled({ mask: {} }),
  },
  {
    id: "keypoints",
    modality: "image",
    title: t("Keypoints"),
    words: t("Named points of a body, a hand or a machine."),
    shapes: [],
    groups: [
      group(t("Skeletons"), t("Add a skeleton"), {
        more: t("Points"),
        moreHint: t("In the order they are set, with commas; neighbours are joined"),
      }),
    ],
    entries: () => [
      entry(t("person"), t("left hand, left elbow, left shoulder, right shoulder, right elbow, right hand")),
    ],
    instructions: t("Set the points in their order. Leave out what cannot be seen or guessed."),
    define: keypoints,
  },
  {
    id: "image-classification",
    modality: "image",
    title: t("Image classification"),
    words: t("One class for each image."),
    shapes: [],
    groups: [group(t("Classes"), t("Add a class"))],
    entries: () => [entry(t("good")), entry(t("flawed")), entry(t("cannot be used"))],
    instructions: t("Choose the one class that fits the whole image."),
    define: labelled({ classification: {} }),
  },
];

export const videos = (): readonly Template[] => [
  {
    id: "tracks",
    modality: "video",
    title: t("Tracks"),
    words: t("Objects followed through a clip; what lies between is filled in."),
    shapes: [],
    groups: [objects()],
    entries: () => [entry(t("person")), entry(t("vehicle"))],
    instructions: t("Follow every object from the first frame in which it is seen to the last."),
    define: labelled({ tracks: {} }),
  },
  {
    id: "segments",
    modality: "video",
    title: t("Segments"),
    words: t("When something begins and ends in a clip."),
    shapes: [],
    groups: [group(t("Segments"), t("Add a segment"))],
    entries: () => [entry(t("action")), entry(t("pause"))],
    instructions: t("Mark where each begins and ends. Segments may overlap."),
    define: labelled({ segments: {} }),
  },
  {
    id: "clip-rating",
    modality: "video",
    title: t("Rating of clips"),
    words: t("How much of something, from 1 to 5."),
    shapes: [],
    groups: [questions()],
    entries: () => [entry(t("smoothness")), entry(t("sharpness"))],
    instructions: t("1 is not at all, 5 is as much as can be."),
    define: labelled({ ordinal: {} }),
  },
];
