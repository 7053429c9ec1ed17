/** How each process of the installation is, for whoever asks: nobody has to be signed in. */

import { useQueries } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { t } from "@/app/words";
import { buttonClasses } from "@/kit/button";
import { classes } from "@/kit/classes";
import { Icon, Mark } from "@/kit/icon";

const PROCESSES = ["platform", "text", "image", "video", "worker"] as const;
const AGAIN_MILLISECONDS = 3000;
const PATIENCE_MILLISECONDS = 4000;

interface Health {
  readonly state: "ready" | "waiting" | "down";
  /** What it still waits for. */
  readonly missing: readonly string[];
}

async function health(name: string): Promise<Health> {
  const signal = AbortSignal.timeout(PATIENCE_MILLISECONDS);
  const reply = await fetch(`/services/${name}/readyz`, { cache: "no-store", signal }).catch(() => null);
  if (reply?.ok) return { state: "ready", missing: [] };
  const body: unknown = await reply?.json().catch(() => null);
  const found = typeof body === "object" && body !== null && "missing" in body ? body.missing : null;
  const missing = typeof found === "object" && found !== null ? Object.keys(found) : [];
  return { state: missing.length > 0 ? "waiting" : "down", missing };
}

export default function HealthPage() {
  const found = useQueries({
    queries: PROCESSES.map((name) => ({
      queryKey: ["health", name],
      queryFn: () => health(name),
      refetchInterval: AGAIN_MILLISECONDS,
      staleTime: 0,
    })),
  });
  const ready = found.filter(({ data }) => data?.state === "ready").length;
  return (
    <main className="mx-auto w-full max-w-2xl px-4 py-10">
      <p className="mb-6 flex items-center gap-2.5 text-lg font-semibold tracking-tight">
        <Mark />
        Annotary
      </p>
      <h1 className="text-xl font-semibold tracking-tight">{t("How the processes are")}</h1>
      <p role="status" className="mb-4 text-quiet">
        {ready === PROCESSES.length
          ? t("All are ready.")
          : t("{ready} of {all} are ready; what is not is restarted by itself.", {
              ready,
              all: PROCESSES.length,
            })}
      </p>
      <ul className="divide-y divide-line rounded-lg border border-line bg-raised shadow-card">
        {PROCESSES.map((name, at) => (
          <Process key={name} name={name} health={found[at]?.data} />
        ))}
      </ul>
      <Link to="/" className={classes(buttonClasses("plain"), "mt-6")}>
        {t("To my projects")}
      </Link>
    </main>
  );
}

const TONES = { ready: "text-good", waiting: "text-warn", down: "text-bad" } as const;

function Process({ name, health: found }: { readonly name: string; readonly health: Health | undefined }) {
  const words = {
    ready: t("ready"),
    down: t("does not answer"),
    waiting: t("waits for {missing}", { missing: found?.missing.join(", ") ?? "" }),
  };
  return (
    <li className="flex items-center gap-3 px-4 py-3">
      <Icon
        name={found?.state === "ready" ? "check" : found?.state === "down" ? "alert" : "clock"}
        className={found ? TONES[found.state] : "text-quiet"}
      />
      <span className="flex-1 font-medium">{name}</span>
      <span className="text-quiet">{found ? words[found.state] : t("asking…")}</span>
    </li>
  );
}
