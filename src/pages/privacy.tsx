/** The document enters; the privacy page leaves on it. */
import { mount } from './shell/mount.tsx';
import { PrivacyPage } from './privacy/Privacy.tsx';

mount(<PrivacyPage />);
