/** The engines that a composition chose: what differs between one process at home and many on a server. */
import type { OpenDatabase } from '../ports/database/database.ts';

export interface Adapters {
  readonly database: OpenDatabase;
}
