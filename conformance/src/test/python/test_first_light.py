"""What a pymilvus user does first, against the server named by MILVUS_URI."""

import logging
import os
import random
import threading
import time
import unittest
import uuid

from pymilvus import AnnSearchRequest, DataType, MilvusClient, MilvusException, RRFRanker

logging.disable(logging.CRITICAL)  # refused calls are part of the suite

URI = os.environ.get("MILVUS_URI", "http://localhost:19530")
TOKEN = os.environ.get("MILVUS_TOKEN", "")


def unique(prefix: str) -> str:
    return f"{prefix}_{uuid.uuid4().hex[:12]}"


def squared(a, b) -> float:
    return sum((x - y) ** 2 for x, y in zip(a, b))


class Case(unittest.TestCase):
    def setUp(self):
        self.client = MilvusClient(URI, token=TOKEN)
        self.name = unique("c")
        self.addCleanup(self.client.close)
        self.addCleanup(lambda: self.client.drop_collection(self.name))

    def schema(self, key=DataType.INT64, dynamic=True, auto_id=False, dim=8):
        schema = self.client.create_schema(enable_dynamic_field=dynamic)
        extra = {"max_length": 64} if key == DataType.VARCHAR else {}
        schema.add_field("id", key, is_primary=True, auto_id=auto_id, **extra)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dim)
        schema.add_field("age", DataType.INT64)
        schema.add_field("score", DataType.DOUBLE)
        schema.add_field("name", DataType.VARCHAR, max_length=64)
        schema.add_field("flag", DataType.BOOL)
        schema.add_field("doc", DataType.JSON)
        return schema

    def index(self, index_type="FLAT", metric="L2", **params):
        index = self.client.prepare_index_params()
        index.add_index("vector", index_type=index_type, metric_type=metric, params=params)
        return index

    def create(self, index=None, level="Strong", **kwargs):
        self.client.create_collection(
            self.name, schema=self.schema(**kwargs), index_params=index or self.index(), consistency_level=level
        )

    def rows(self, count, key=int, first=0, dim=8, seed=7):
        rng = random.Random(seed)
        return [
            {
                "id": key(first + i),
                "vector": [rng.uniform(-1, 1) for _ in range(dim)],
                "age": (first + i) % 100,
                "score": (first + i) / 10,
                "name": f"name_{first + i}",
                "flag": (first + i) % 2 == 0,
                "doc": {"n": first + i, "tag": f"t{(first + i) % 5}", "deep": {"list": [first + i, "x"]}},
                "colour": ["red", "green", "blue"][(first + i) % 3],
            }
            for i in range(count)
        ]

    def count(self, expr=""):
        return self.client.query(self.name, filter=expr, output_fields=["count(*)"])[0]["count(*)"]

    def fails(self, text, call, *args, code=None, **kwargs):
        with self.assertRaises(MilvusException) as caught:
            call(*args, **kwargs)
        self.assertIn(text, str(caught.exception))
        if code is not None:
            self.assertEqual(code, caught.exception.code)


class Metadata(Case):
    def test_server_version_and_databases(self):
        self.assertTrue(self.client.get_server_version().startswith("v3."))
        self.assertIn("default", self.client.list_databases())
        db = unique("db")
        self.client.create_database(db)
        self.assertIn(db, self.client.list_databases())
        other = MilvusClient(URI, token=TOKEN, db_name=db)
        self.assertEqual([], other.list_collections())
        other.create_collection("inside", dimension=4)
        self.assertEqual(["inside"], other.list_collections())
        self.assertNotIn("inside", self.client.list_collections())
        self.fails("not empty", self.client.drop_database, db)
        other.drop_collection("inside")
        other.close()
        self.client.drop_database(db)
        self.assertNotIn(db, self.client.list_databases())

    def test_create_describe_list_has_drop(self):
        self.assertFalse(self.client.has_collection(self.name))
        self.create()
        self.assertTrue(self.client.has_collection(self.name))
        self.assertIn(self.name, self.client.list_collections())
        described = self.client.describe_collection(self.name)
        self.assertEqual(self.name, described["collection_name"])
        self.assertTrue(described["enable_dynamic_field"])
        names = [field["name"] for field in described["fields"]]
        self.assertEqual(["id", "vector", "age", "score", "name", "flag", "doc"], names)
        self.assertEqual(8, described["fields"][1]["params"]["dim"])
        self.assertEqual(1, described["num_shards"])
        self.client.drop_collection(self.name)
        self.assertFalse(self.client.has_collection(self.name))
        self.client.drop_collection(self.name)
        self.fails("can't find collection", self.client.describe_collection, self.name, code=100)

    def test_name_is_free_again_after_drop(self):
        self.create()
        self.client.insert(self.name, self.rows(10))
        self.client.drop_collection(self.name)
        self.create()
        self.assertEqual(0, self.count())
        self.client.insert(self.name, self.rows(3))
        self.assertEqual(3, self.count())

    def test_wrong_schemas_are_refused_with_milvus_texts(self):
        self.fails("Invalid collection name", self.client.create_collection, "1bad", dimension=4)
        self.fails("Invalid collection name", self.client.create_collection, "a-b", dimension=4)
        schema = self.client.create_schema()
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=1)
        self.fails("dimension", self.client.create_collection, self.name, schema=schema)
        self.create()
        schema = self.client.create_schema()
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=4)
        self.fails("create duplicate collection with different parameters", self.client.create_collection,
                   self.name, schema=schema)

    def test_index_and_load_states(self):
        self.client.create_collection(self.name, schema=self.schema())
        self.fails("index not found", self.client.load_collection, self.name, code=700)
        self.client.create_index(self.name, self.index("HNSW", "COSINE", M=16, efConstruction=100))
        self.assertEqual(["vector"], self.client.list_indexes(self.name))
        described = self.client.describe_index(self.name, "vector")
        self.assertEqual("HNSW", described["index_type"])
        self.assertEqual("COSINE", described["metric_type"])
        self.assertEqual("Finished", described["state"])
        self.assertEqual("NotLoad", self.client.get_load_state(self.name)["state"].name)
        self.fails("collection not loaded", self.client.query, self.name, filter="id > 0", code=101)
        self.client.load_collection(self.name)
        self.assertEqual("Loaded", self.client.get_load_state(self.name)["state"].name)
        self.fails("vector index cannot be dropped on loaded collection", self.client.drop_index, self.name, "vector")
        self.client.release_collection(self.name)
        self.assertEqual("NotLoad", self.client.get_load_state(self.name)["state"].name)
        self.client.release_collection(self.name)
        self.client.drop_index(self.name, "vector")
        self.assertEqual([], self.client.list_indexes(self.name))

    def test_wrong_index_parameters(self):
        self.client.create_collection(self.name, schema=self.schema())
        create = self.client.create_index
        self.fails("param 'M' (2049) should be in range [2, 2048]", create, self.name,
                   self.index("HNSW", "L2", M=2049, efConstruction=100))
        self.fails("invalid index type", create, self.name, self.index("NOSUCH", "L2"))


class Writing(Case):
    def test_insert_upsert_delete_get(self):
        self.create()
        result = self.client.insert(self.name, self.rows(100))
        self.assertEqual(100, result["insert_count"])
        self.assertEqual(list(range(100)), list(result["ids"]))
        self.assertEqual(100, self.count())
        row = self.client.get(self.name, ids=[42])[0]
        self.assertEqual(42, row["age"])
        self.assertEqual({"n": 42, "tag": "t2", "deep": {"list": [42, "x"]}}, row["doc"])
        self.assertEqual("red", row["colour"])
        changed = self.rows(1, first=42)[0] | {"age": 999, "colour": "violet"}
        self.assertEqual(1, self.client.upsert(self.name, [changed])["upsert_count"])
        row = self.client.get(self.name, ids=[42])[0]
        self.assertEqual((999, "violet"), (row["age"], row["colour"]))
        self.assertEqual(100, self.count())
        self.client.delete(self.name, ids=[1, 2, 3])
        self.assertEqual(97, self.count())
        self.client.delete(self.name, filter="age >= 50 and age < 60")
        self.assertEqual(87, self.count())
        self.assertEqual([], self.client.get(self.name, ids=[1, 55]))
        self.fails("delete plan can't be empty or always true", self.client.delete, self.name, filter="1 == 1")

    def test_text_keys(self):
        self.create(key=DataType.VARCHAR)
        self.client.insert(self.name, self.rows(20, key=lambda i: f'k"{i} ö'))
        self.assertEqual(20, self.count())
        row = self.client.get(self.name, ids=['k"7 ö'])[0]
        self.assertEqual(7, row["age"])
        self.client.delete(self.name, ids=['k"7 ö'])
        self.assertEqual(19, self.count())

    def test_assigned_keys(self):
        self.create(auto_id=True)
        rows = [{k: v for k, v in row.items() if k != "id"} for row in self.rows(50)]
        ids = list(self.client.insert(self.name, rows)["ids"])
        self.assertEqual(50, len(set(ids)))
        self.assertEqual(50, self.count())
        self.assertEqual(1, len(self.client.get(self.name, ids=[ids[10]])))

    def test_wrong_rows_change_nothing(self):
        self.create()
        good = self.rows(1)[0]
        bad = [
            good | {"vector": [0.0] * 7},
            good | {"name": "x" * 65},
            good | {"vector": [float("nan")] * 8},
            {k: v for k, v in good.items() if k != "age"},
        ]
        for row in bad:
            with self.assertRaises(Exception):
                self.client.insert(self.name, [row])
        self.assertEqual(0, self.count())

    def test_a_duplicate_key_within_an_upsert_is_refused(self):
        self.create()
        rows = self.rows(1) + self.rows(1)
        self.fails("duplicate primary keys are not allowed in the same batch", self.client.upsert, self.name, rows)

    def test_compaction_keeps_everything_visible(self):
        self.create()
        for first in (0, 100, 200):
            self.client.insert(self.name, self.rows(100, first=first))
            self.client.flush(self.name)
        self.client.delete(self.name, filter="id < 30")
        self.client.flush(self.name)
        job = self.client.compact(self.name)
        self.assertGreater(job, 0)
        deadline = time.monotonic() + 60
        while self.client.get_compaction_state(job) != "Completed":
            self.assertLess(time.monotonic(), deadline, "within a minute")
            time.sleep(0.1)
        self.assertEqual(self.count(), 270)
        self.assertEqual(self.client.compact(self.name), -1)
        self.assertEqual(self.client.get_compaction_state(-1), "Completed")

    def test_flush_keeps_everything_visible(self):
        self.create(self.index("HNSW", "L2", M=16, efConstruction=100))
        for batch in range(4):
            self.client.insert(self.name, self.rows(600, first=batch * 600))
            self.client.flush(self.name)
        self.client.delete(self.name, filter="id % 2 == 1")
        self.assertEqual(1200, self.count())
        self.client.flush(self.name)
        self.assertEqual(1200, self.count())
        self.client.upsert(self.name, self.rows(10, first=100))
        self.assertEqual(1205, self.count())
        self.client.release_collection(self.name)
        self.client.load_collection(self.name)
        self.assertEqual(1205, self.count())
        rows = self.client.query(self.name, filter="id >= 100 and id < 115", output_fields=["id"])
        self.assertEqual([100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 112, 114], [r["id"] for r in rows])


class Reading(Case):
    def setUp(self):
        super().setUp()
        self.create()
        self.data = self.rows(500)
        self.client.insert(self.name, self.data)

    def expect(self, expr, matches, **kwargs):
        rows = self.client.query(self.name, filter=expr, output_fields=["id"], **kwargs)
        self.assertEqual([row["id"] for row in self.data if matches(row)], [row["id"] for row in rows], expr)
        self.assertEqual(len(rows), self.count(expr), expr)

    def test_filters(self):
        self.expect("age == 7", lambda r: r["age"] == 7)
        self.expect("10 <= age < 20", lambda r: 10 <= r["age"] < 20)
        self.expect("age in [1, 2, 3] or not (score < 45)", lambda r: r["age"] in (1, 2, 3) or r["score"] >= 45)
        self.expect("age not in [1, 2]", lambda r: r["age"] not in (1, 2))
        self.expect("flag == true && score > 40.5", lambda r: r["flag"] and r["score"] > 40.5)
        self.expect('name like "name_1%"', lambda r: r["name"].startswith("name_1"))
        self.expect('name like "%9"', lambda r: r["name"].endswith("9"))
        self.expect('name like "name__"', lambda r: len(r["name"]) == 6)
        self.expect('doc["n"] > 490', lambda r: r["id"] > 490)
        self.expect('doc["tag"] == "t3"', lambda r: r["id"] % 5 == 3)
        self.expect('doc["deep"]["list"][0] == 17', lambda r: r["id"] == 17)
        self.expect('doc["missing"] != 5', lambda r: False)
        self.expect('colour == "blue"', lambda r: r["colour"] == "blue")
        self.expect('$meta["colour"] in ["red", "blue"]', lambda r: r["colour"] != "green")
        self.expect('exists doc["tag"]', lambda r: True)
        self.expect("age + 3 == 10", lambda r: r["age"] == 7)
        self.expect("id % 7 == 1", lambda r: r["id"] % 7 == 1)

    def test_wrong_filters(self):
        for expr in ["age ==", "nosuch(", "age like 5", "age == 'x'"]:
            self.fails("cannot parse expression", self.client.query, self.name, filter=expr)
        self.fails("predicate is not a boolean expression", self.client.query, self.name, filter="flag")

    def test_templates(self):
        rows = self.client.query(self.name, filter="age < {x}", filter_params={"x": 5}, output_fields=["id"])
        self.assertEqual([r["id"] for r in self.data if r["age"] < 5], [r["id"] for r in rows])

    def test_limit_and_offset(self):
        rows = self.client.query(self.name, filter="age >= 0", limit=10, offset=20, output_fields=["id"])
        self.assertEqual(list(range(20, 30)), [row["id"] for row in rows])
        self.fails("empty expression should be used with limit", self.client.query, self.name, filter="")

    def test_output_fields(self):
        row = self.client.query(self.name, filter="id == 3", output_fields=["*"])[0]
        self.assertEqual({"id", "vector", "age", "score", "name", "flag", "doc", "colour"}, set(row))
        row = self.client.query(self.name, filter="id == 3", output_fields=["colour", "vector"])[0]
        self.assertEqual({"id", "vector", "colour"}, set(row))
        for got, want in zip(row["vector"], self.data[3]["vector"]):
            self.assertAlmostEqual(want, got, places=6)

    def test_search_is_exact_with_flat(self):
        query = [0.1 * i for i in range(8)]
        nearest = sorted(self.data, key=lambda r: squared(r["vector"], query))
        hits = self.client.search(self.name, [query], limit=10, output_fields=["age", "colour"])[0]
        self.assertEqual([r["id"] for r in nearest[:10]], [h["id"] for h in hits])
        self.assertAlmostEqual(squared(nearest[0]["vector"], query), hits[0]["distance"], places=4)
        self.assertEqual(nearest[0]["age"], hits[0]["entity"]["age"])
        self.assertEqual(nearest[0]["colour"], hits[0]["entity"]["colour"])
        page = self.client.search(self.name, [query], limit=5, offset=5)[0]
        self.assertEqual([r["id"] for r in nearest[5:10]], [h["id"] for h in page])

    def test_filtered_search_and_several_vectors(self):
        queries = [[0.5] * 8, [-0.5] * 8, [0.0] * 8]
        red = [r for r in self.data if r["colour"] == "red"]
        result = self.client.search(self.name, queries, limit=7, filter='colour == "red"')
        for query, hits in zip(queries, result):
            nearest = sorted(red, key=lambda r: squared(r["vector"], query))
            self.assertEqual([r["id"] for r in nearest[:7]], [h["id"] for h in hits])
        few = self.client.search(self.name, [[0.5] * 8], limit=100, filter="id < 3")[0]
        self.assertEqual(3, len(few))
        none = self.client.search(self.name, [[0.5] * 8], limit=100, filter="id < 0")[0]
        self.assertEqual(0, len(none))

    def test_wrong_searches(self):
        self.fails("topk [16385] is invalid", self.client.search, self.name, [[0.5] * 8], limit=16385)
        self.fails("vector dimension mismatch", self.client.search, self.name, [[0.5] * 7], limit=1)
        self.fails("metric type not match", self.client.search, self.name, [[0.5] * 8], limit=1,
                   search_params={"metric_type": "IP"})

    def test_all_consistency_levels(self):
        for level in ["Strong", "Session", "Bounded", "Eventually"]:
            hits = self.client.search(self.name, [[0.5] * 8], limit=3, consistency_level=level)[0]
            self.assertEqual(3, len(hits), level)
            self.assertEqual(500, self.client.query(
                self.name, output_fields=["count(*)"], consistency_level=level)[0]["count(*)"], level)


class Freshness(Case):
    def test_every_client_reads_what_was_written(self):
        self.create()
        failures = []

        def work(first):
            client = MilvusClient(URI, token=TOKEN)
            for i in range(first, first + 50):
                client.insert(self.name, self.rows(1, first=i))
                if not client.get(self.name, ids=[i]):
                    failures.append(i)
            client.close()

        threads = [threading.Thread(target=work, args=(n * 1000,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual([], failures)
        self.assertEqual(200, self.count())


class Iterators(Case):
    def setUp(self):
        super().setUp()
        self.create(self.index("HNSW", M=8, efConstruction=64))
        self.data = self.rows(500)
        self.client.insert(self.name, self.data)

    def pages(self, iterator, between=lambda: None):
        pages = []
        while page := iterator.next():
            pages.append(page)
            between()
        iterator.close()
        return pages

    def disturb(self):
        if not hasattr(self, "disturbed"):
            self.disturbed = True
            self.client.flush(self.name)
            self.client.delete(self.name, filter="id % 2 == 0")
            self.client.insert(self.name, self.rows(100, first=1000))
            self.client.flush(self.name)

    def test_a_query_iterator_sees_one_state(self):
        iterator = self.client.query_iterator(self.name, batch_size=60, filter="age >= 0", output_fields=["age"])
        pages = self.pages(iterator, self.disturb)
        self.assertEqual([60] * 8 + [20], [len(page) for page in pages])
        self.assertEqual(list(range(500)), [row["id"] for page in pages for row in page])
        self.assertEqual(350, self.count())

    def test_a_query_iterator_with_limit_and_without_rows(self):
        iterator = self.client.query_iterator(self.name, batch_size=30, limit=70, filter="id >= 100")
        self.assertEqual(list(range(100, 170)), [row["id"] for page in self.pages(iterator) for row in page])
        self.assertEqual([], self.pages(self.client.query_iterator(self.name, filter="age > 1000")))

    def test_two_iterators_see_what_was_there_when_they_began(self):
        first = self.client.query_iterator(self.name, batch_size=100)
        self.client.delete(self.name, ids=list(range(100)))
        second = self.client.query_iterator(self.name, batch_size=100)
        self.client.delete(self.name, ids=list(range(100, 300)))
        self.assertEqual(500, sum(len(page) for page in self.pages(first)))
        self.assertEqual(400, sum(len(page) for page in self.pages(second)))
        self.assertEqual(200, self.count())

    def expected(self, vector, rows):
        return [row["id"] for row in sorted(rows, key=lambda row: (squared(row["vector"], vector), row["id"]))]

    def test_a_search_iterator_returns_every_row_once_nearest_first(self):
        query = self.data[7]["vector"]
        iterator = self.client.search_iterator(self.name, [query], batch_size=45, anns_field="vector", output_fields=["age"])
        pages = self.pages(iterator, self.disturb)
        self.assertEqual(self.expected(query, self.data), [hit["id"] for page in pages for hit in page])
        self.assertEqual(45, len(pages[0]))

    def test_a_search_iterator_with_filter_and_limit(self):
        query = self.data[3]["vector"]
        iterator = self.client.search_iterator(self.name, [query], batch_size=20, limit=50, filter="age < 40")
        found = [hit["id"] for page in self.pages(iterator) for hit in page]
        self.assertEqual(self.expected(query, [row for row in self.data if row["age"] < 40])[:50], found)

    def test_equally_near_rows_come_once(self):
        self.client.upsert(self.name, [dict(row, vector=[float(row["id"] // 50)] * 8) for row in self.data])
        iterator = self.client.search_iterator(self.name, [[0.0] * 8], batch_size=30)
        pages = self.pages(iterator)
        self.assertEqual(list(range(500)), [hit["id"] for page in pages for hit in page])

    def test_the_older_search_iterator(self):
        query = self.data[11]["vector"]
        from pymilvus import Collection, connections

        connections.connect("older", uri=URI, token=TOKEN)
        self.addCleanup(lambda: connections.disconnect("older"))
        collection = Collection(self.name, using="older")
        iterator = collection.search_iterator(
            [query], "vector", {"metric_type": "L2", "params": {}}, batch_size=50, limit=200)
        found = [hit.id for page in self.pages(iterator, self.disturb) for hit in page]
        self.assertEqual(self.expected(query, self.data)[:200], found)

    def test_range_search(self):
        query = self.data[5]["vector"]
        distances = sorted(squared(row["vector"], query) for row in self.data)
        near, far = distances[20] - 1e-4, distances[60] - 1e-4
        hits = self.client.search(
            self.name, [query], limit=100,
            search_params={"params": {"radius": far, "range_filter": near, "ef": 500}})[0]
        self.assertEqual(40, len(hits))
        self.assertTrue(all(near <= hit["distance"] < far for hit in hits))
        self.fails("range_filter requires radius to be set", self.client.search, self.name, [query], limit=3,
                   search_params={"params": {"range_filter": 1.0}})

    def test_what_was_never_given_out_is_refused(self):
        self.fails("nothing is kept as of timestamp", self.client.query, self.name, filter="id >= 0", limit=3,
                   iterator="True", guarantee_timestamp=1 << 62)


class NotServedYet(Case):
    def test_what_later_versions_bring_says_so(self):
        self.create()
        with self.assertRaises(MilvusException):
            self.client.hybrid_search(
                self.name, [AnnSearchRequest([[0.5] * 8], "vector", {}, limit=1)] * 2, RRFRanker(), limit=1)


if __name__ == "__main__":
    unittest.main()
