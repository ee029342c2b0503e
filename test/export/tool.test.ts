// What the tool trains, exported: rows as people write them, names out of the file.

import { describe, expect, test } from 'vitest';
import { type Exportable, exportModel, toModelJSON } from '../../src/export/index.js';
import { fromBytes, Pipeline, type Saveable, toBytes } from '../../src/model/index.js';
import { trainTable } from '../../src/tables/index.js';
import { csv } from '../tables/memory-table.js';
import { load } from './load.js';

const CITIES = ['Oslo', 'Rome', 'Bonn', 'Lima', 'Cairo'];
const people = Array.from({ length: 120 }, (_, i) => ({
  age: i % 9 === 4 ? null : (i * 37) % 61,
  city: i % 11 === 3 ? null : CITIES[Math.floor(((i * 7) % 60) ** 2 / 900)],
  smoker: i % 2 === 0,
  size: 1.6 + ((i * 13) % 40) / 100,
}));
const answers = {
  risk: (i: number) => ['low', 'middle', 'high'][((people[i].age ?? 0) + i) % 3],
  paid: (i: number) => ((people[i].age ?? 0) > 30 ? 'yes' : 'no'),
  pay: (i: number) => 1000 + 50 * (people[i].age ?? 30) + 0.5 * i,
};

async function trained(target: keyof typeof answers, options: object) {
  const names = [...Object.keys(people[0]), target];
  const lines = people.map((person, i) =>
    [...Object.values(person).map((cell) => cell ?? ''), answers[target](i)].join(),
  );
  const { model, notes } = await trainTable(csv([names.join(), ...lines].join('\n')), {
    ...{ target, epochs: 3, hidden: [6], missing: 'median' },
    ...options,
  } as never);
  // As `bitgrad export` has it.
  const loaded = fromBytes(toBytes(model as Saveable, { optimizer: false, notes }));
  return { model: loaded as unknown as Exportable & Pipeline, notes: loaded.loadInfo.notes };
}

describe.each([
  ['risk', { scale: 'standard' }],
  ['paid', { scale: 'robust', dtype: 'f32', maxCategories: 3 }],
  ['pay', { scale: 'minmax', activation: 'gelu' }],
  ['pay', { scale: 'none', dtype: 'f32' }],
] as const)('%s %j', (target, options) => {
  const made = trained(target, options);
  const rows = [...people, { age: 200, city: 'Atlantis', smoker: true, size: -1 }];

  test('JavaScript says what the model says', async () => {
    const { model, notes } = await made;
    const { content, types, warnings } = exportModel(model, 'js', notes);
    const module = load(content as string);
    const predicted = model.predict(rows as never) as ArrayLike<unknown>;
    expect(module.predict(rows)).toEqual(Array.from(predicted));
    expect(module.predict(rows.map((row) => Object.values(row)))).toEqual(Array.from(predicted));
    if (target !== 'pay') expect(module.predictProba(rows)).toEqual(model.predictProba(rows as never).toArray());
    expect(module.columns).toEqual(['age', 'city', 'smoker', 'size']);
    expect(types).toContain(`of "${target}"`);
    expect(warnings).toEqual([]);
  });

  test('JSON is read back', async () => {
    const { model, notes } = await made;
    const json = JSON.parse(JSON.stringify(toModelJSON(model, notes)));
    expect(json.notes).toEqual(notes);
    expect(json.columns).toEqual(['age', 'city', 'smoker', 'size']);
    const copy = Pipeline.fromJSON(json.model);
    expect(copy.predict(rows as never)).toEqual(model.predict(rows as never));
  });
});
