/** The page's first script: appearance, keyboard, then the app. */

import "@/app/theme.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "@/app/app";
import { keepAppearance } from "@/app/appearance";
import { listenToKeys } from "@/app/hotkeys";
import { reloadWhenReplaced } from "@/app/replaced";

keepAppearance();
listenToKeys();
reloadWhenReplaced();

const root = document.getElementById("root");
if (root)
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
