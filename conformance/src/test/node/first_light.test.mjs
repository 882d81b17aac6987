// What a user of the Node SDK does first, against the server named by MILVUS_ADDRESS.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { randomUUID } from 'node:crypto';
import { ConsistencyLevelEnum, DataType, MetricType, MilvusClient } from '@zilliz/milvus2-sdk-node';

const client = new MilvusClient({ address: process.env.MILVUS_ADDRESS ?? 'localhost:19530', token: process.env.MILVUS_TOKEN ?? '' });
const name = `c_${randomUUID().replaceAll('-', '').slice(0, 12)}`;

const ok = (answer) => {
  assert.equal((answer.status ?? answer).error_code, 'Success', JSON.stringify(answer.status ?? answer));
  return answer;
};

const rows = (count, first = 0) =>
  Array.from({ length: count }, (_, i) => ({
    id: first + i,
    vector: [Math.sin(first + i), Math.cos(first + i), (first + i) / 100, 1],
    title: `title ${first + i}`,
    price: (first + i) * 1.5,
    extra: { nested: [first + i, 'x'] },
  }));

const count = async (filter = '') =>
  Number(ok(await client.count({ collection_name: name, expr: filter, consistency_level: ConsistencyLevelEnum.Strong })).data);

before(async () => {
  await client.connectPromise;
  ok(
    await client.createCollection({
      collection_name: name,
      fields: [
        { name: 'id', data_type: DataType.Int64, is_primary_key: true },
        { name: 'vector', data_type: DataType.FloatVector, dim: 4 },
        { name: 'title', data_type: DataType.VarChar, max_length: 100 },
        { name: 'price', data_type: DataType.Double },
      ],
      enable_dynamic_field: true,
      consistency_level: 'Strong',
    })
  );
});

after(async () => {
  await client.dropCollection({ collection_name: name });
  await client.closeConnection();
});

test('the server names its version and is healthy', async () => {
  const version = ok(await client.getVersion());
  assert.match(version.version, /^v3\./);
  assert.equal((await client.checkHealth()).isHealthy, true);
});

test('metadata', async () => {
  assert.equal(ok(await client.hasCollection({ collection_name: name })).value, true);
  assert.equal(ok(await client.hasCollection({ collection_name: 'nosuch' })).value, false);
  const described = ok(await client.describeCollection({ collection_name: name }));
  assert.deepEqual(described.schema.fields.map((f) => f.name), ['id', 'vector', 'title', 'price']);
  assert.equal(described.schema.enable_dynamic_field, true);
  const listed = ok(await client.showCollections());
  assert.ok(listed.data.some((c) => c.name === name));
  assert.ok(ok(await client.listDatabases()).db_names.includes('default'));
});

test('index, load, insert, flush, query, search, upsert, delete', async () => {
  ok(await client.createIndex({
    collection_name: name, field_name: 'vector', index_type: 'HNSW', metric_type: MetricType.L2,
    params: { M: 8, efConstruction: 100 },
  }));
  ok(await client.loadCollectionSync({ collection_name: name }));
  const inserted = ok(await client.insert({ collection_name: name, data: rows(200) }));
  assert.equal(inserted.insert_cnt, '200');
  assert.equal(await count(), 200);

  ok(await client.flushSync({ collection_names: [name] }));
  assert.equal(await count(), 200);

  const queried = ok(await client.query({
    collection_name: name, filter: 'price > 290 and title like "title%"', output_fields: ['title', 'extra'],
  }));
  assert.deepEqual(queried.data.map((r) => r.id), ['194', '195', '196', '197', '198', '199']);
  // the SDK takes names from the columns: undeclared keys are below $meta
  assert.deepEqual(queried.data[0].$meta, { extra: { nested: [194, 'x'] } });

  const found = ok(await client.search({
    collection_name: name, data: rows(1, 42)[0].vector, limit: 3, output_fields: ['id', 'title', 'extra'],
    filter: 'extra["nested"][0] < 100',
  }));
  assert.equal(found.results[0].id, '42');
  assert.equal(found.results[0].title, 'title 42');
  assert.equal(found.results.length, 3);

  const none = ok(await client.search({ collection_name: name, data: [0, 0, 0, 0], limit: 3, filter: 'id < 0' }));
  assert.equal(none.results.length, 0);

  ok(await client.upsert({ collection_name: name, data: [{ ...rows(1, 7)[0], title: 'changed' }] }));
  const got = ok(await client.get({ collection_name: name, ids: [7], output_fields: ['title'] }));
  assert.equal(got.data[0].title, 'changed');

  ok(await client.delete({ collection_name: name, ids: [1, 2, 3] }));
  assert.equal(await count(), 197);
  ok(await client.delete({ collection_name: name, filter: 'price < 30' }));
  assert.equal(await count('price < 30'), 0);
});

test('segments are compacted', async () => {
  for (const first of [1000, 1100]) {
    ok(await client.insert({ collection_name: name, data: rows(100, first) }));
    ok(await client.flushSync({ collection_names: [name] }));
  }
  const before = await count();
  const started = ok(await client.compact({ collection_name: name }));
  assert.ok(Number(started.compactionID) > 0);
  const deadline = Date.now() + 60_000;
  let state = '';
  while (state !== 'Completed') {
    assert.ok(Date.now() < deadline, 'within a minute');
    state = ok(await client.getCompactionState({ compactionID: started.compactionID })).state;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const plans = ok(await client.getCompactionStateWithPlans({ compactionID: started.compactionID }));
  assert.ok(plans.mergeInfos.length > 0);
  assert.equal(await count(), before);
});

test('iterators return every row once', async () => {
  const total = await count();
  const queried = [];
  for await (const page of await client.queryIterator({ collection_name: name, batchSize: 37, expr: 'id >= 0', output_fields: ['id'] })) {
    queried.push(...page.map((row) => Number(row.id)));
  }
  assert.equal(queried.length, total);
  assert.deepEqual(queried, [...queried].sort((a, b) => a - b));

  const found = [];
  const iterator = await client.searchIterator({
    collection_name: name, anns_field: 'vector', data: rows(1, 4)[0].vector, batchSize: 41, output_fields: ['id'] });
  for await (const page of iterator) {
    found.push(...page);
  }
  assert.equal(found.length, total);
  assert.equal(new Set(found.map((hit) => hit.id)).size, total);
  assert.deepEqual(found.map((hit) => hit.score), found.map((hit) => hit.score).sort((a, b) => a - b));
});

test('errors name the fault', async () => {
  const missing = await client.describeCollection({ collection_name: 'nosuch' });
  assert.equal(missing.status.error_code, 'CollectionNotExists');
  await client
    .query({ collection_name: name, filter: 'price ==', output_fields: ['title'] })
    .then((answer) => assert.match(answer.status.reason, /cannot parse expression/),
          (error) => assert.match(String(error), /cannot parse expression/));
});

test('flush of nothing is flushed', async () => {
  const state = await client.getFlushState({ segmentIDs: [] });
  assert.equal(state.flushed, true);
});

test('structs come back as they went', async () => {
  const collection = `${name}_structs`;
  ok(
    await client.createCollection({
      collection_name: collection,
      fields: [
        { name: 'id', data_type: DataType.Int64, is_primary_key: true },
        { name: 'vector', data_type: DataType.FloatVector, dim: 2 },
        {
          name: 'chunks',
          data_type: DataType.Array,
          element_type: DataType.Struct,
          max_capacity: 3,
          nullable: true,
          fields: [
            { name: 'text', data_type: DataType.VarChar, max_length: 8 },
            { name: 'page', data_type: DataType.Int64 },
            { name: 'meaning', data_type: DataType.FloatVector, dim: 2 },
          ],
        },
      ],
      index_params: [{ field_name: 'vector', index_type: 'FLAT', metric_type: MetricType.L2 }],
      consistency_level: 'Strong',
    })
  );
  ok(await client.loadCollectionSync({ collection_name: collection }));
  const chunks = [
    { text: 'a', page: '1', meaning: [1, 0.5] },
    { text: 'b', page: '2', meaning: [2, 0.5] },
  ];
  const data = [
    { id: '1', vector: [1, 1], chunks },
    { id: '2', vector: [2, 2], chunks: null },
    { id: '3', vector: [3, 3], chunks: [chunks[1]] },
  ];
  ok(await client.insert({ collection_name: collection, data }));
  for (let round = 0; round < 2; round++) {
    const rows = ok(await client.query({ collection_name: collection, filter: 'id > 0', output_fields: ['chunks'] })).data;
    assert.deepEqual(rows.map((row) => row.chunks), data.map((row) => row.chunks));
    ok(await client.flushSync({ collection_names: [collection] }));
  }
  const described = ok(await client.describeCollection({ collection_name: collection }));
  assert.deepEqual(described.schema.fields.map((f) => f.name), ['id', 'vector', 'chunks']);
  ok(await client.dropCollection({ collection_name: collection }));
});

test('a struct is added to rows that are there', async () => {
  const collection = `${name}_added_structs`;
  ok(
    await client.createCollection({
      collection_name: collection,
      fields: [
        { name: 'id', data_type: DataType.Int64, is_primary_key: true },
        { name: 'vector', data_type: DataType.FloatVector, dim: 2 },
      ],
      index_params: [{ field_name: 'vector', index_type: 'FLAT', metric_type: MetricType.L2 }],
      consistency_level: 'Strong',
    })
  );
  ok(await client.loadCollectionSync({ collection_name: collection }));
  ok(await client.insert({ collection_name: collection, data: [{ id: '1', vector: [1, 1] }] }));
  ok(await client.flushSync({ collection_names: [collection] }));

  ok(
    await client.addCollectionField({
      collection_name: collection,
      field: {
        name: 'notes',
        data_type: DataType.Array,
        element_type: DataType.Struct,
        max_capacity: 2,
        nullable: true,
        fields: [
          { name: 'text', data_type: DataType.VarChar, max_length: 8 },
          { name: 'mood', data_type: DataType.FloatVector, dim: 2 },
        ],
      },
    })
  );
  const notes = [null, [{ text: 'a', mood: [1, 0.5] }], []];
  const data = [2, 3].map((id) => ({ id: `${id}`, vector: [id, 1], notes: notes[id - 1] }));
  ok(await client.insert({ collection_name: collection, data }));
  for (let round = 0; round < 2; round++) {
    const rows = ok(await client.query({ collection_name: collection, filter: 'id > 0', output_fields: ['notes'] })).data;
    assert.deepEqual(rows.map((row) => row.notes), notes);
    ok(await client.flushSync({ collection_names: [collection] }));
  }
  ok(await client.dropCollection({ collection_name: collection }));
});
