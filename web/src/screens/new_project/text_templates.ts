/** The templates for texts: what is said about one, and what about replies to a prompt. */

import { t } from "@/app/words";
import { ANY, criterion, entry, group, labelled, questions, type Template } from "./template";

const plain = (): readonly Template[] => [
  {
    id: "classification",
    modality: "text",
    title: t("Classification"),
    words: t("One class for each text."),
    shapes: ANY,
    groups: [group(t("Classes"), t("Add a class"))],
    entries: () => [
      entry(t("question")),
      entry(t("complaint")),
      entry(t("praise")),
      entry(t("something else")),
    ],
    instructions: t("Read the whole text, then choose the one class that fits best."),
    define: labelled({ classification: {} }),
  },
  {
    id: "sentiment",
    modality: "text",
    title: t("Sentiment"),
    words: t("How a text feels: positive, neutral or negative."),
    shapes: ANY,
    groups: [group(t("Feelings"), t("Add a feeling"))],
    entries: () => [
      { ...entry(t("positive"), "", [], "p"), colour: "#16a34a" },
      { ...entry(t("neutral"), "", [], "n"), colour: "#8b949e" },
      { ...entry(t("negative"), "", [], "g"), colour: "#dc2626" },
    ],
    instructions: t("What does the writer feel? Judge what is said, not what you think of it."),
    define: labelled({ classification: {} }),
  },
  {
    id: "entities",
    modality: "text",
    title: t("Named entities"),
    words: t("Mark names in a text, and relate them to one another."),
    shapes: ["text"],
    groups: [
      group(t("Entities"), t("Add an entity"), { tools: ["spans"] }),
      group(t("Relations"), t("Add a relation"), { tools: ["relations"], least: 0 }),
    ],
    entries: () => [
      entry(t("person"), "", ["spans"], "p"),
      entry(t("organisation"), "", ["spans"], "o"),
      entry(t("place"), "", ["spans"], "l"),
      entry(t("works for"), "", ["relations"]),
      entry(t("located in"), "", ["relations"]),
    ],
    instructions: t("Mark every name, also where it comes again. Then relate those that the text relates."),
    define: (entries) => {
      const related = entries.some(({ tools }) => tools.includes("relations"));
      return labelled({ spans: {}, ...(related && { relations: {} }) })(entries);
    },
  },
  {
    id: "rating",
    modality: "text",
    title: t("Rating"),
    words: t("How much of something, from 1 to 5."),
    shapes: ANY,
    groups: [questions()],
    entries: () => [entry(t("helpfulness")), entry(t("tone"))],
    instructions: t("1 is not at all, 5 is as much as can be."),
    define: labelled({ ordinal: {} }),
  },
  {
    id: "rewrite",
    modality: "text",
    title: t("Writing"),
    words: t("A reply, or a better version of one, in one's own words."),
    shapes: ["prompted", "text"],
    groups: [],
    entries: () => [],
    instructions: t("Write what you would have liked to get."),
    define: () => ({ tools: { rewrite: {} } }),
  },
];

const replies = (): readonly Template[] => [
  {
    id: "preference",
    modality: "text",
    title: t("Preference of answers"),
    words: t("Two replies to one prompt: which is better?"),
    shapes: ["compared"],
    groups: [],
    entries: () => [],
    instructions: t("Which reply would you rather have got? Correct comes before clear, clear before short."),
    define: () => ({ tools: { preference: { strength_max: 3 } } }),
  },
  {
    id: "ranking",
    modality: "text",
    title: t("Ranking"),
    words: t("Several replies in order, from the best to the worst."),
    shapes: ["ranked"],
    groups: [],
    entries: () => [],
    instructions: t(
      "Put the replies in order, the best first. Replies that are as good as each other share a place.",
    ),
    define: () => ({ tools: { ranking: {} } }),
  },
  {
    id: "rubric",
    modality: "text",
    title: t("Rubric"),
    words: t("Scores by criteria, such as correct and clear."),
    shapes: ANY,
    groups: [
      group(t("Criteria"), t("Add a criterion"), {
        more: t("Scale"),
        moreHint: t("1-5, or words from worst to best: wrong, in part, right"),
        signed: false,
      }),
    ],
    entries: () => [
      entry(t("correct"), t("wrong, in part, right")),
      entry(t("clear"), "1-5"),
      entry(t("helpful"), "1-5"),
    ],
    instructions: t("Score each criterion by itself: a reply may be clear and wrong."),
    define: (entries) => ({ tools: { rubric: { criteria: entries.map(criterion) } } }),
  },
  {
    id: "conversation",
    modality: "text",
    title: t("Conversation"),
    words: t("Each of an assistant's messages, rated from 1 to 5."),
    shapes: ["chat"],
    groups: [questions()],
    entries: () => [entry(t("helpful")), entry(t("true"))],
    instructions: t("Rate every message of the assistant by what was known at that point."),
    define: labelled({ chat: {} }),
  },
];

export const texts = (): readonly Template[] => [...plain(), ...replies()];
