/** The account's cameras and the choice enter; two lists to choose from leave. */
import { m } from '../../messages/generated/messages.js';

export type KindFilter = 'all' | 'intrusion' | 'gap';

export interface FiltersProps {
  readonly cameras: ReadonlyMap<string, string>;
  /** Id of the chosen camera; null: all. */
  readonly camera: string | null;
  readonly kind: KindFilter;
  onCamera(id: string | null): void;
  onKind(kind: KindFilter): void;
}

const KINDS: readonly { readonly kind: KindFilter; readonly label: () => string }[] = [
  { kind: 'all', label: () => m.events_filter_kind_all() },
  { kind: 'intrusion', label: () => m.events_filter_kind_intrusion() },
  { kind: 'gap', label: () => m.events_filter_kind_gap() },
];

export function Filters({ cameras, camera, kind, onCamera, onKind }: FiltersProps) {
  return (
    <div class="event-filters">
      <div class="field">
        <label for="filter-camera">{m.events_filter_camera()}</label>
        <select
          id="filter-camera"
          value={camera ?? ''}
          onChange={({ currentTarget }) => onCamera(currentTarget.value || null)}
        >
          <option value="">{m.events_filter_camera_all()}</option>
          {[...cameras].map(([id, name]) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="filter-kind">{m.events_filter_kind()}</label>
        <select
          id="filter-kind"
          value={kind}
          onChange={({ currentTarget }) => onKind(KINDS.find((one) => one.kind === currentTarget.value)?.kind ?? 'all')}
        >
          {KINDS.map((one) => (
            <option key={one.kind} value={one.kind}>
              {one.label()}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}
