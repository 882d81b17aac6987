import { MilvusClient } from '@zilliz/milvus2-sdk-node';

const client = new MilvusClient({ address: 'localhost:19530' });
await client.connectPromise;

await client.createCollection({ collection_name: 'birds', dimension: 4 });
await client.insert({
  collection_name: 'birds',
  data: [
    { id: 1, vector: [0.9, 0.1, 0.0, 0.2], name: 'black-winged kite', length_cm: 33 },
    { id: 2, vector: [0.8, 0.2, 0.1, 0.1], name: 'letter-winged kite', length_cm: 36 },
    { id: 3, vector: [0.1, 0.9, 0.3, 0.0], name: 'red kite', length_cm: 65 },
  ],
});

const { results } = await client.search({
  collection_name: 'birds',
  data: [0.9, 0.1, 0.0, 0.1],
  filter: 'length_cm < 40 and name like "%kite"',
  limit: 2,
  output_fields: ['id', 'name', 'length_cm'],
});
console.log(results);

await client.dropCollection({ collection_name: 'birds' });
await client.closeConnection();
