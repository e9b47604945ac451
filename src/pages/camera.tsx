/** Who opens the page enters; a camera leaves: this browser's own for its account, or one to try without any account. */
import { effect } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { findIdentity } from '../cameras/browser/key.ts';
import { lackOf, offersOf } from '../capture/browser/problem.ts';
import { m } from '../messages/generated/messages.js';
import { type CameraController, createController } from './camera/controller.ts';
import { Surveillance } from './camera/Surveillance.tsx';
import { type CameraPageState, createCameraState } from './camera/state.ts';
import { problemText } from './camera/words.ts';
import { ApiFailure } from './shell/api.ts';
import { mount } from './shell/mount.tsx';
import { Shell } from './shell/Shell.tsx';
import { addSentences, sentenceOf } from './shell/sentences.ts';
import { refreshSession, session, signInPath, signOut } from './shell/session.ts';
import { ErrorBanner, Loading } from './shell/states.tsx';
import { showToast } from './shell/toast.tsx';

/** `/camera?try=1`: without an account, nothing leaves the device. */
const trying = new URLSearchParams(location.search).has('try');

const lack = lackOf(offersOf(window));

interface Opened {
  readonly state: CameraPageState;
  readonly controller: CameraController;
}

addSentences({
  'nothing-kept': () => m.camera_problem_nothing_kept(),
  'disk-full': () => m.camera_problem_disk_full(),
});

/** This browser's camera; what keeps it from keeping one is a failure with a sentence. @throws {ApiFailure} */
async function identityOf(account: { readonly id: string; readonly email: string } | null) {
  return findIdentity(account).catch((error: unknown) => {
    const isFull = error instanceof DOMException && error.name === 'QuotaExceededError';
    throw new ApiFailure(0, isFull ? 'disk-full' : 'nothing-kept');
  });
}

/** The session that was not known when the page opened: asked for again when the server is there, and told to the controller. */
function followSession({ state, controller }: Opened): () => void {
  const stopAsking = effect(() => {
    if (state.link.value.state === 'ready' && session.peek().state === 'failed') void refreshSession();
  });
  const stopTelling = effect(() => {
    const account = session.value.state === 'known' ? session.value.session.account : null;
    const owner = state.identity.peek()?.accountId ?? null;
    // Somebody else may have signed in meanwhile: this camera is none of theirs.
    if (account && (owner === null || owner === account.id)) controller.signedIn(account.id);
  });
  return () => {
    stopAsking();
    stopTelling();
  };
}

/**
 * Finds out who this is, and opens their camera.
 *
 * @returns null: the page is being left for the sign-in
 * @throws {ApiFailure} where the server was not reached and this browser is no camera yet, or keeps nothing
 */
async function openPage(): Promise<Opened | null> {
  const state = createCameraState();
  if (trying) {
    const controller = createController(state, true);
    void controller.open(null, null);
    return { state, controller };
  }
  await refreshSession();
  const known = session.value;
  const account = known.state === 'known' ? known.session.account : null;
  const identity = await identityOf(account);
  if (!identity) {
    if (known.state === 'failed') throw known.failure;
    location.replace(signInPath());
    return null;
  }
  const controller = createController(state, false);
  void controller.open(identity, account?.id ?? null);
  return { state, controller };
}

function Page() {
  const [opened, setOpened] = useState<Opened | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const open = () => {
    setFailure(null);
    openPage().then(setOpened, setFailure);
  };
  useEffect(() => {
    if (lack === null) open();
  }, []);
  useEffect(() => (opened ? followSession(opened) : undefined), [opened]);
  const leave = async (): Promise<boolean> => {
    await opened?.controller.finish();
    await opened?.controller.signOut();
    return true;
  };
  const known = session.value;
  const sessionEnded = !trying && known.state === 'known' && known.session.account === null;
  /** Where the bar of the page, which does not know who this is, has no such button. */
  const signOutHere = async () => {
    try {
      await leave();
      if (sessionEnded) location.assign('/');
      else await signOut();
    } catch (error) {
      showToast(sentenceOf(error));
    }
  };
  return (
    <Shell
      title={() => (trying ? m.camera_try_title() : m.camera_title())}
      current="camera"
      navigation={!trying}
      onSignOut={leave}
    >
      {lack && <Lack />}
      <ErrorBanner error={failure} onRetry={open} />
      {!lack && !opened && failure === null && <Loading />}
      {opened && (
        <Surveillance
          {...opened}
          trying={trying}
          sessionEnded={sessionEnded}
          {...((sessionEnded || known.state === 'failed') && { onSignOut: () => void signOutHere() })}
        />
      )}
    </Shell>
  );
}

function Lack() {
  if (!lack) return null;
  return (
    <div class="banner banner-danger" role="alert">
      <p>{problemText(lack)}</p>
      {lack === 'insecure' && (
        <a class="button button-primary" href="/trust">
          {m.camera_problem_insecure_link()}
        </a>
      )}
    </div>
  );
}

if (trying)
  session.value = {
    state: 'known',
    session: { account: null, mail: 'mailbox', registration: 'open', serverName: location.host, retentionDays: 0 },
  };
mount(<Page />);
