/** Everything around the pages: providers, the keyboard, the sheet of keys, the palette. */

import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { Toaster } from "@/kit/toast";
import { TooltipProvider } from "@/kit/tooltip";
import { queryClient } from "./query";
import { router } from "./router";

export const App = () => (
  <QueryClientProvider client={queryClient}>
    <TooltipProvider>
      <Toaster>
        <RouterProvider router={router} />
      </Toaster>
    </TooltipProvider>
  </QueryClientProvider>
);
