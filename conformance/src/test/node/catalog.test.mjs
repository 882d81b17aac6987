// Aliases, names, partitions and counts through the Node SDK, against the server named by MILVUS_ADDRESS.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { randomUUID } from 'node:crypto';
import { ConsistencyLevelEnum, DataType, MetricType, MilvusClient } from '@zilliz/milvus2-sdk-node';

const client = new MilvusClient({ address: process.env.MILVUS_ADDRESS ?? 'localhost:19530', token: process.env.MILVUS_TOKEN ?? '' });
const unique = (prefix) => `${prefix}_${randomUUID().replaceAll('-', '').slice(0, 12)}`;
const name = unique('c');
const moved = unique('m');
const alias = unique('a');

const ok = (answer) => {
  assert.equal((answer.status ?? answer).error_code, 'Success', JSON.stringify(answer.status ?? answer));
  return answer;
};

const rows = (count, first = 0) =>
  Array.from({ length: count }, (_, i) => ({ id: first + i, vector: [first + i, 1] }));

const count = async (collection) =>
  Number(ok(await client.count({ collection_name: collection, expr: '', consistency_level: ConsistencyLevelEnum.Strong })).data);

before(async () => {
  await client.connectPromise;
  ok(await client.createCollection({
    collection_name: name,
    fields: [
      { name: 'id', data_type: DataType.Int64, is_primary_key: true },
      { name: 'vector', data_type: DataType.FloatVector, dim: 2 },
    ],
    consistency_level: 'Strong',
  }));
  ok(await client.createIndex({
    collection_name: name, field_name: 'vector', index_type: 'FLAT', metric_type: MetricType.L2,
  }));
  ok(await client.loadCollectionSync({ collection_name: name }));
});

after(async () => {
  await client.dropAlias({ alias });
  await client.dropCollection({ collection_name: name });
  await client.dropCollection({ collection_name: moved });
  await client.closeConnection();
});

test('an alias is a name in every call', async () => {
  ok(await client.createAlias({ collection_name: name, alias }));
  ok(await client.insert({ collection_name: alias, data: rows(5) }));
  assert.equal(await count(alias), 5);
  assert.deepEqual(ok(await client.listAliases({ collection_name: name })).aliases, [alias]);
  assert.equal(ok(await client.describeAlias({ collection_name: name, alias })).collection, name);
  ok(await client.dropAlias({ alias }));
  ok(await client.dropAlias({ alias }));
  assert.equal((await client.describeAlias({ collection_name: name, alias })).status.code, 1600);
});

test('partitions, statistics, segments', async () => {
  ok(await client.createPartition({ collection_name: name, partition_name: 'p' }));
  ok(await client.insert({ collection_name: name, partition_name: 'p', data: rows(3, 100) }));
  assert.equal(ok(await client.hasPartition({ collection_name: name, partition_name: 'p' })).value, true);
  ok(await client.flushSync({ collection_names: [name] }));
  const statistics = ok(await client.getPartitionStatistics({ collection_name: name, partition_name: 'p' }));
  assert.equal(statistics.data.row_count, '3');
  const segments = ok(await client.getPersistentSegmentInfo({ collectionName: name, dbName: '' }));
  assert.equal(segments.infos.reduce((sum, s) => sum + Number(s.num_rows), 0), 8);
  assert.equal(ok(await client.getIndexStatistics({ collection_name: name, index_name: 'vector' })).index_descriptions.length, 1);
  assert.equal(ok(await client.getIndexState({ collection_name: name, index_name: 'vector' })).state, 'Finished');
  const progress = ok(await client.getIndexBuildProgress({ collection_name: name, index_name: 'vector' }));
  assert.equal(progress.indexed_rows, progress.total_rows);
  const described = ok(await client.batchDescribeCollections({ collection_names: [name], db_name: 'default' }));
  assert.deepEqual(described.responses.map((r) => r.collection_name), [name]);
  const loaded = ok(await client.getQuerySegmentInfo({ collectionName: name, dbName: '' }));
  assert.equal(loaded.infos.reduce((sum, s) => sum + Number(s.num_rows), 0), 8);
  assert.equal(ok(await client.getReplicas({ collectionID: described.responses[0].collectionID })).replicas.length, 1);
  ok(await client.releasePartitions({ collection_name: name, partition_names: ['p'] }));
  ok(await client.loadPartitions({ collection_name: name, partition_names: ['p'] }));
  ok(await client.releasePartitions({ collection_name: name, partition_names: ['p'] }));
  ok(await client.dropPartition({ collection_name: name, partition_name: 'p' }));
  assert.equal(await count(name), 5);
});

test('a field is added, and given alone', async () => {
  ok(await client.addCollectionField({
    collection_name: name,
    field: { name: 'eggs', data_type: DataType.Int64, nullable: true },
  }));
  ok(await client.upsert({ collection_name: name, data: [{ id: 2, eggs: 7 }], partial_update: true }));
  const found = ok(await client.query({
    collection_name: name, expr: 'id in [1, 2]', output_fields: ['eggs', 'vector'],
    consistency_level: ConsistencyLevelEnum.Strong,
  })).data;
  assert.deepEqual(found.map((row) => row.eggs === null ? null : Number(row.eggs)), [null, 7]);
  assert.deepEqual(found[1].vector, [2, 1]);
});

test('truncate and rename', async () => {
  ok(await client.renameCollection({ collection_name: name, new_collection_name: moved }));
  assert.equal(ok(await client.hasCollection({ collection_name: name })).value, false);
  assert.equal(await count(moved), 5);
  ok(await client.truncateCollection({ collection_name: moved }));
  assert.equal(await count(moved), 0);
});

test('a snapshot outlives its rows, and becomes a collection', async () => {
  const restored = unique('r');
  ok(await client.insert({ collection_name: moved, data: rows(4, 900) }));
  ok(await client.createSnapshot({ collection_name: moved, snapshot_name: 'monday', description: 'all of it' }));
  ok(await client.delete({ collection_name: moved, filter: 'id >= 900' }));
  assert.deepEqual(ok(await client.listSnapshots({ collection_name: moved })).snapshots, ['monday']);
  const described = ok(await client.describeSnapshot({ collection_name: moved, snapshot_name: 'monday' }));
  assert.equal(described.description, 'all of it');
  const { job_id } = ok(await client.restoreSnapshot({
    snapshot_name: 'monday', source_collection_name: moved, target_collection_name: restored,
  }));
  try {
    let info;
    do {
      await new Promise((resume) => setTimeout(resume, 100));
      info = ok(await client.getRestoreSnapshotState({ job_id })).info;
    } while (['RestoreSnapshotPending', 'RestoreSnapshotExecuting'].includes(info.state));
    assert.equal(info.state, 'RestoreSnapshotCompleted', info.reason);
    assert.equal(ok(await client.listRestoreSnapshotJobs({ collection_name: restored })).jobs.length, 1);
    ok(await client.loadCollectionSync({ collection_name: restored }));
    assert.equal(await count(restored), 4);
    assert.equal(await count(moved), 0);
  } finally {
    await client.dropCollection({ collection_name: restored });
  }
  ok(await client.dropSnapshot({ collection_name: moved, snapshot_name: 'monday' }));
  assert.deepEqual(ok(await client.listSnapshots({ collection_name: moved })).snapshots, []);
});

test('flush of everything, and what the server says of itself', async () => {
  ok(await client.flushAllSync());
  const metrics = ok(await client.getMetric({ request: { metric_type: 'system_info' } }));
  assert.ok(metrics.response.nodes_info.length > 0);
});
