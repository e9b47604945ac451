/** Why there is nothing to show enters; words with the next step leave. */
import { m } from '../../messages/generated/messages.js';
import { Icon } from '../shell/icons.tsx';
import { Empty } from '../shell/states.tsx';

interface NothingProps {
  readonly filtered: boolean;
  readonly hasCameras: boolean;
  onShowAll(): void;
}

export function Nothing({ filtered, hasCameras, onShowAll }: NothingProps) {
  if (filtered)
    return (
      <Empty title={m.events_none_fits()} icon={<Icon name="events" />}>
        <button type="button" class="button" onClick={onShowAll}>
          {m.events_show_all()}
        </button>
      </Empty>
    );
  return (
    <Empty
      title={hasCameras ? m.events_empty_title() : m.events_empty_no_camera()}
      icon={<Icon name={hasCameras ? 'events' : 'camera'} />}
    >
      <p class="muted">{hasCameras ? m.events_empty_text() : m.events_empty_no_camera_text()}</p>
      <a class="button button-primary" href="/camera">
        {m.events_empty_action()}
      </a>
    </Empty>
  );
}
