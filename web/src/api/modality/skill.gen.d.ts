/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface Paths {
    "/skill": {
        get: {
            parameters: {
                query: {
                    project: string; member?: string | null; limit?: number | null;
                    next_token?: string | null;
                };
            };
            responses: {
                200: {
                    content: { "application/json": Shapes["Page_annotary.quality.skill.values.SkillView_"]; };
                };
            };
        };
    };
}

export interface OwnShapes {
    "Page_annotary.quality.skill.values.SkillView_": {
        items: Shapes["SkillView"][]; next_token?: string | null;
    };
    SkillView: {
        member: string; name: string | null; project: string; state: "active" | "qualifying" | "paused";
        skill: number | null; low: number | null; high: number | null; gold_answers: number;
        gold_score: number | null; agreed_answers: number; agreed_score: number | null;
        labels: { [key: string]: Shapes["LabelSkill"]; };
        days?: Shapes["SkillDay"][] | null;
    };
    LabelSkill: {
        skill: number; low: number; high: number; answers: number;
    };
    SkillDay: {
        skill: number; low: number; high: number; gold_answers: number; gold_score: number | null;
        agreed_answers: number; agreed_score: number | null; day: string;
    };
}
