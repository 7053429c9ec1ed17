/** A key combination, drawn as small key caps; screen readers hear the name beside it only. */

const CAP =
  "inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-sm border border-current/30 px-1 " +
  "font-sans text-[0.6875rem] leading-none font-medium";

export function Kbd({ keys }: { readonly keys: readonly string[] }) {
  return (
    <span className="inline-flex shrink-0 items-center gap-0.5 align-middle" aria-hidden="true">
      {keys.map((key) => (
        <kbd key={key} className={CAP}>
          {key}
        </kbd>
      ))}
    </span>
  );
}
