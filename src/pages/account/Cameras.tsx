/** The account's cameras enter; they leave with name and health, to be renamed or removed. */
import { useSignal } from '@preact/signals';
import type { Camera } from '../../cameras/shared/schema.ts';
import { m } from '../../messages/generated/messages.js';
import { api } from '../shell/api.ts';
import { Icon } from '../shell/icons.tsx';
import { useLoaded } from '../shell/loaded.ts';
import { Empty, ErrorBanner, Failed, Loading, Stale } from '../shell/states.tsx';
import { useSubmission } from '../shell/submission.ts';
import { timeInSentence } from '../shell/time.ts';
import { showToast } from '../shell/toast.tsx';
import { Confirm } from './Confirm.tsx';
import { Field } from './Field.tsx';
import { Section } from './Section.tsx';

/** How old what is said of a camera may get, ms. */
const ASK_MILLIS = 5000;

export function Cameras() {
  const { now, stale, reload } = useLoaded(() => api<{ cameras: Camera[] }>('GET', '/api/cameras'), ASK_MILLIS);
  const loaded = now.value;
  return (
    <Section id="cameras" title={m.account_cameras()}>
      {loaded.state === 'loading' && <Loading />}
      {loaded.state === 'failed' && <Failed error={loaded.error} onRetry={reload} />}
      <Stale error={stale.value} onRetry={reload} />
      {loaded.state === 'ready' && loaded.value.cameras.length === 0 && (
        <Empty title={m.account_cameras_none()} icon={<Icon name="camera" />}>
          <p class="muted">{m.account_cameras_first()}</p>
          <a class="button button-primary" href="/camera">
            {m.account_cameras_open()}
          </a>
        </Empty>
      )}
      {loaded.state === 'ready' && loaded.value.cameras.length > 0 && (
        <ul class="rows">
          {loaded.value.cameras.map((camera) => (
            <CameraRow key={camera.id} camera={camera} onChange={reload} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function CameraRow({ camera, onChange }: { readonly camera: Camera; readonly onChange: () => Promise<void> }) {
  const name = useSignal(camera.name);
  const removing = useSignal(false);
  const { busy, error, run } = useSubmission();
  const path = `/api/cameras/${camera.id}`;

  const rename = async (to: string) => {
    await api('PATCH', path, { body: { name: to } });
    await onChange();
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const to = name.value.trim();
    const before = camera.name;
    if (to === '' || to === before) return;
    void run(async () => {
      await rename(to);
      showToast(m.account_camera_renamed({ name: to }), () => {
        name.value = before;
        void run(() => rename(before));
      });
    });
  };
  const remove = async () => {
    await api('DELETE', path);
    removing.value = false;
    showToast(m.account_camera_removed({ name: camera.name }));
    await onChange();
  };
  return (
    <li class="row">
      <form class="row-form" onSubmit={submit}>
        <Field label={m.account_camera_name()} value={name} required />
        <button type="submit" class="button" aria-disabled={busy.value || name.value.trim() === camera.name}>
          {m.account_camera_rename()}
        </button>
      </form>
      <p class="row-facts muted small">
        <span class={`state state-${camera.state}`}>{stateOf(camera)}</span>
        <span>{camera.settings.streaming ? m.account_camera_streaming_on() : m.account_camera_streaming_off()}</span>
      </p>
      <button
        type="button"
        class="button button-quiet row-end"
        aria-label={m.account_camera_remove({ name: camera.name })}
        onClick={() => {
          removing.value = true;
        }}
      >
        {m.account_camera_remove_short()}
      </button>
      <ErrorBanner error={error.value} />
      {removing.value && (
        <Confirm
          title={m.account_camera_remove_ask({ name: camera.name })}
          action={m.account_camera_remove_short()}
          onConfirm={remove}
          onClose={() => {
            removing.value = false;
          }}
        >
          <p>{m.account_camera_remove_what()}</p>
        </Confirm>
      )}
    </li>
  );
}

function stateOf({ state, lastSeenAt }: Camera): string {
  switch (state) {
    case 'offline':
      return lastSeenAt === null
        ? m.account_camera_state_offline()
        : m.account_camera_state_offline_since({ time: timeInSentence(lastSeenAt, Date.now()) });
    case 'idle':
      return m.account_camera_state_idle();
    case 'starting':
      return m.account_camera_state_starting();
    case 'watching':
      return m.account_camera_state_watching();
    case 'blind':
      return m.account_camera_state_blind();
  }
}
