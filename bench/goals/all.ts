import type { Figure } from '../figures.ts';
import type { GoalName } from '../options.ts';
import type { Bench } from '../test-bed.ts';
import { measureG13 } from './billing-month.ts';
import { measureG1, measureG5, measureG7, measureG10 } from './district.ts';
import { measureG11 } from './import.ts';
import { measureG2, measureG3, measureG4 } from './peers.ts';
import { measureG8 } from './redelivery.ts';
import { measureG14 } from './single-events.ts';
import { measureG15 } from './storm.ts';
import { measureG16 } from './storm-table.ts';
import { measureG6, measureG12 } from './urgent.ts';
import { measureG9 } from './year.ts';

/** Measures a goal; throws when it cannot be measured here, saying why. */
type Measure = (bench: Bench) => Promise<Figure[]>;

/** Every goal with its program, in the order in which they are run: what wants an untouched system comes first. */
export const measures: readonly (readonly [GoalName, Measure])[] = [
  ['G11', measureG11],
  ['G1', measureG1],
  ['G5', measureG5],
  ['G10', measureG10],
  ['G7', measureG7],
  ['G13', measureG13],
  ['G12', measureG12],
  ['G6', measureG6],
  ['G8', measureG8],
  ['G2', measureG2],
  ['G3', measureG3],
  ['G4', measureG4],
  ['G14', measureG14],
  ['G15', measureG15],
  ['G16', measureG16],
  ['G9', measureG9],
];
