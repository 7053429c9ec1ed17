/** What stands around a member's pages: the palette, the sheet of keys, and the bar at the top. */

import { Link, Outlet, useNavigate, useRouter } from "@tanstack/react-router";
import { type ComponentType, lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import { keysFor } from "@/engine/hotkeys/catalogue";
import { IconButton } from "@/kit/button";
import { Icon, Mark } from "@/kit/icon";
import { Avatar } from "@/kit/shown";
import { Hint, runCommand, useCommands } from "./commands";
import type { KeySheetProps } from "./key-sheet";
import type { PaletteProps } from "./palette";
import { onSessionEnded, useMe } from "./session";
import { t } from "./words";

// Nobody needs it for the first picture.
const AccountMenu = lazy(() => import("./account-menu").then((part) => ({ default: part.AccountMenu })));

/** Around every page of a member, the annotation page included. */
export function Member() {
  const [shown, setShown] = useState<"palette" | "keys" | null>(null);
  const sheets = useSheets();
  const toggle = (wanted: "palette" | "keys") => setShown((now) => (now === wanted ? null : wanted));
  const open = (wanted: "palette" | "keys") => (isOpen: boolean) => setShown(isOpen ? wanted : null);
  useCommands([
    {
      id: "palette",
      title: t("Search"),
      scope: "app",
      keys: keysFor("palette"),
      run: () => toggle("palette"),
    },
    { id: "help", title: t("Show all keys"), scope: "app", keys: keysFor("help"), run: () => toggle("keys") },
  ]);
  useSessionEnd();
  return (
    <>
      <Outlet />
      {sheets && (
        <>
          <sheets.Palette open={shown === "palette"} onOpenChange={open("palette")} />
          <sheets.KeySheet open={shown === "keys"} onOpenChange={open("keys")} />
        </>
      )}
    </>
  );
}

/**
 * Loads the palette and the sheet of keys right after the first picture, whether or not they are ever opened: then they
 * open at once, before the next key is pressed, and without the network.
 */
function useSheets() {
  const [sheets, setSheets] = useState<Sheets | null>(null);
  useEffect(() => {
    Promise.all([import("./palette"), import("./key-sheet")])
      .then(([{ Palette }, { KeySheet }]) => setSheets({ Palette, KeySheet }))
      .catch(() => undefined);
  }, []);
  return sheets;
}

interface Sheets {
  readonly Palette: ComponentType<PaletteProps>;
  readonly KeySheet: ComponentType<KeySheetProps>;
}

/** Whose session has ended signs in again and comes back to the same page. */
function useSessionEnd() {
  const navigate = useNavigate();
  const router = useRouter();
  useEffect(
    () => onSessionEnded(() => void navigate({ to: "/sign-in", search: { to: router.state.location.href } })),
    [navigate, router],
  );
}

/** Around the pages that are read rather than worked on. */
export const Framed = () => (
  <div className="flex h-full flex-col">
    <a
      href="#content"
      className="sr-only z-50 rounded-md bg-raised px-3 py-2 focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
    >
      {t("Skip to the content")}
    </a>
    <TopBar />
    <main id="content" tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto outline-none">
      <Outlet />
    </main>
  </div>
);

/** The bar at the top; `children` stand beside the way home. */
export function TopBar({ children }: { readonly children?: ReactNode }) {
  return (
    <header className="flex h-12 shrink-0 items-center gap-2 border-b border-line bg-raised px-3 sm:px-4">
      <Link to="/" className="flex items-center gap-2.5 rounded-md pr-2 font-semibold tracking-tight">
        <Mark className="size-6" />
        <span className={children ? "hidden xl:inline" : "hidden sm:inline"}>Annotary</span>
        <span className="sr-only">{t("My projects")}</span>
      </Link>
      <div className="flex min-w-0 flex-1 items-center gap-2">{children}</div>
      <SearchButton short={Boolean(children)} />
      <HelpButton />
      <Suspense fallback={<Avatar name={useMe().member.name} />}>
        <AccountMenu />
      </Suspense>
    </header>
  );
}

/** `short` where the bar has much else: the picture and the key say it. */
const SearchButton = ({ short }: { readonly short: boolean }) => (
  <button
    type="button"
    onClick={() => runCommand("palette")}
    className="flex h-8 items-center gap-2 rounded-md border border-line bg-surface px-2.5 text-sm text-quiet hover:border-line-strong hover:text-ink"
  >
    <Icon name="search" />
    <span className={short ? "sr-only" : "sr-only pr-6 sm:not-sr-only"}>{t("Search")}</span>
    <span className="hidden sm:inline">
      <Hint command="palette" />
    </span>
  </button>
);

const HelpButton = () => (
  <IconButton
    icon="keyboard"
    label={t("Keys")}
    hint={<Hint command="help" />}
    onClick={() => runCommand("help")}
  />
);
