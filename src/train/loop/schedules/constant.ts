// The optimizer's learning rate throughout.

import type { ScheduleKind } from '../schedule.js';

export interface Constant {
  name: 'constant';
}

export const constant: ScheduleKind<Constant> = { options: {}, rate: ({ initial }) => initial };
