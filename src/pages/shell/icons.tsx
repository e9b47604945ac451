/** The name of a page enters; its drawing leaves (24 × 24, in the colour of the text). */

const PATHS = {
  camera: 'M4 7h3l2-3h6l2 3h3v12H4zM12 9.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z',
  watch: 'M2 12s3.6-6 10-6 10 6 10 6-3.6 6-10 6-10-6-10-6zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z',
  events: 'M3 5h18v14H3zM3 9h18M3 15h18M8 5v14M16 5v14',
  account: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 20c0-3.9 3.6-6 8-6s8 2.1 8 6',
} as const;

export type IconName = keyof typeof PATHS;

/** A drawing beside words; a screen reader passes over it. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      stroke-linejoin="round"
      stroke-linecap="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
