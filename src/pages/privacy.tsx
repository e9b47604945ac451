/** The document enters; the privacy page leaves on it. */

import { PrivacyPage } from './privacy/Privacy.tsx';
import { mount } from './shell/mount.tsx';

mount(<PrivacyPage />);
