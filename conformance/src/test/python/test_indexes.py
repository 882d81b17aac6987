"""Indexes by all their names, as a pymilvus user makes them."""

import random
import struct
import threading
import unittest

import numpy as np
from pymilvus import DataType
from test_first_light import Case as AnyCase
from test_first_light import squared


class Case(AnyCase):
    def wait_indexed(self, name="vector"):
        for _ in range(600):
            state = self.client.describe_index(self.name, name)
            if state["state"] == "Finished" and state["pending_index_rows"] == 0:
                return
            threading.Event().wait(0.05)
        self.fail("the index was not built")


class Metrics(Case):
    GRAPH = {"M": 16, "efConstruction": 100}
    INDEXES = [
        ("HNSW", GRAPH, {"ef": 200}),
        ("HNSW_SQ", {**GRAPH, "sq_type": "SQ8", "refine": True, "refine_type": "FP32"}, {"ef": 200, "refine_k": 4}),
        ("HNSW_SQ", {**GRAPH, "sq_type": "SQ4U"}, {"ef": 400, "refine_k": 20}),
        ("IVF_FLAT", {"nlist": 16}, {"nprobe": 16}),
        ("IVF_SQ8", {"nlist": 16}, {"nprobe": 16}),
        ("SCANN", {"nlist": 16, "with_raw_data": True}, {"nprobe": 16, "reorder_k": 200}),
    ]

    # Built as their nearest relatives.
    RELATIVES = [
        ("HNSW_PQ", {**GRAPH, "m": 4, "nbits": 8}, {"ef": 400, "refine_k": 20}),
        ("HNSW_PRQ", {**GRAPH, "m": 4, "nrq": 2, "refine": "true", "refine_type": "SQ8"}, {"ef": 200, "refine_k": 4}),
        ("IVF_PQ", {"nlist": 16, "m": 4}, {"nprobe": 16, "refine_k": 20}),
        ("IVF_RABITQ", {"nlist": 16, "refine": True}, {"nprobe": 16, "rbq_bits_query": 6, "refine_k": 20}),
        ("DISKANN", {}, {"search_list": 200, "refine_k": 4}),
        ("GPU_CAGRA", {"graph_degree": 64}, {"ef": 200}),
    ]

    def check(self, metric, score, larger_first, indexes=None):
        for name, params, effort in indexes or self.INDEXES:
            with self.subTest(name, **params):
                self.check_index(self.index(name, metric, **params), effort, metric, score, larger_first)
            self.client.drop_collection(self.name)

    def check_index(self, index, effort, metric, score, larger_first):
        self.create(index)
        data = self.rows(1500)
        self.client.insert(self.name, data)
        query = [0.3, -0.2, 0.9, 0.1, 0.0, 0.4, -0.6, 0.2]
        ordered = sorted(data, key=lambda r: score(r["vector"], query), reverse=larger_first)
        for flushed in (False, True):
            if flushed:
                self.client.flush(self.name)
                self.wait_indexed()
            hits = self.client.search(self.name, [query], limit=10, search_params={"params": effort})[0]
            self.assertEqual([r["id"] for r in ordered[:10]], [h["id"] for h in hits], (metric, flushed))
            self.assertAlmostEqual(score(ordered[0]["vector"], query), hits[0]["distance"], places=4)

    def test_only_the_nearest_have_to_be_among_what_a_search_keeps(self):
        self.create(self.index("HNSW", "L2", **self.GRAPH))
        self.client.insert(self.name, self.rows(300))
        search = lambda effort, **kwargs: self.client.search(
            self.name, [[0.0] * 8], limit=10, search_params={"params": {"ef": 5, **effort}}, **kwargs)
        self.fails("ef(5) should be larger than k(10)", search, {})
        self.fails("hints: fast not supported", search, {"hints": "fast"})
        self.assertEqual(10, len(search({"radius": 1e6})[0]))
        self.assertEqual(10, len(search({"hints": "iterative_filter"}, filter="id >= 0")[0]))
        self.assertEqual(10, len(search({}, group_by_field="id")[0]))
        pages = self.client.search_iterator(
            self.name, data=[[0.0] * 8], batch_size=50, search_params={"params": {"ef": 5}})
        self.assertEqual(50, len(pages.next()))
        pages.close()

    def test_l2(self):
        self.check("L2", squared, False)

    def test_relatives(self):
        self.check("L2", squared, False, self.RELATIVES)

    def test_ip(self):
        self.check("IP", lambda a, b: sum(x * y for x, y in zip(a, b)), True)

    def test_cosine(self):
        def cosine(a, b):
            dot = sum(x * y for x, y in zip(a, b))
            return dot / (sum(x * x for x in a) * sum(y * y for y in b)) ** 0.5

        self.check("COSINE", cosine, True)


class Structures(Case):
    """Fingerprints: only what contains the query, or is contained in it, is found, smaller keys first."""

    COUNT = 2000

    def make(self, metric):
        schema = self.client.create_schema()
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("vector", DataType.BINARY_VECTOR, dim=16)
        self.client.create_collection(
            self.name, schema=schema, index_params=self.index("BIN_FLAT", metric), consistency_level="Strong")
        rng = random.Random(5)
        bits = [rng.randrange(1 << 16) for _ in range(self.COUNT)]
        self.client.insert(self.name, [{"id": i, "vector": self.vector(b)} for i, b in enumerate(bits)])
        return bits

    def vector(self, bits):
        return struct.pack("<H", bits)

    def check(self, metric, query, fits):
        bits = self.make(metric)
        expected = [i for i, b in enumerate(bits) if fits(b)]
        self.assertGreater(len(expected), 10)
        for flushed in (False, True):
            if flushed:
                self.client.flush(self.name)
            for limit in (7, self.COUNT):
                hits = self.client.search(self.name, [self.vector(query)], limit=limit)[0]
                self.assertEqual(expected[:limit], [hit["id"] for hit in hits], flushed)
                self.assertEqual({0.0}, {hit["distance"] for hit in hits})
            few = self.client.search(self.name, [self.vector(query)], limit=self.COUNT, filter="id < 500")[0]
            self.assertEqual([i for i in expected if i < 500], [hit["id"] for hit in few])

    def test_rows_that_contain_the_query(self):
        query = 0b0000_0100_0000_1001
        self.check("SUBSTRUCTURE", query, lambda bits: bits & query == query)

    def test_rows_that_the_query_contains(self):
        query = 0b1110_1111_0111_1111
        self.check("SUPERSTRUCTURE", query, lambda bits: bits & ~query == 0)

    def test_lists_have_no_such_metric(self):
        schema = self.client.create_schema()
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("vector", DataType.BINARY_VECTOR, dim=16)
        self.fails(
            "metric type SUBSTRUCTURE not found or not supported, supported: [HAMMING JACCARD]",
            self.client.create_collection,
            self.name,
            schema=schema,
            index_params=self.index("BIN_IVF_FLAT", "SUBSTRUCTURE", nlist=16))


class SparseVectors(Case):
    """What an index over sparse vectors finds is what sums over all rows say, before and after it is built."""

    COUNT = 3000

    def setUp(self):
        super().setUp()
        self.rng = random.Random(3)
        schema = self.client.create_schema()
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("vector", DataType.SPARSE_FLOAT_VECTOR)
        schema.add_field("age", DataType.INT64)
        self.sparse_schema = schema

    def sparse(self, size):
        """Weights are eighths, so that sums of products have no rounding; few terms are in many rows."""
        terms = {int(self.rng.paretovariate(0.5)) % 4000000000 for _ in range(size)}
        return {term: self.rng.randrange(1, 64) / 8 for term in terms}

    def make(self, index):
        self.client.create_collection(
            self.name, schema=self.sparse_schema, index_params=index, consistency_level="Strong")
        data = [{"id": i, "vector": self.sparse(self.rng.randrange(1, 30)), "age": i % 100}
                for i in range(self.COUNT)]
        self.client.insert(self.name, data)
        self.client.delete(self.name, ids=list(range(0, self.COUNT, 9)))
        return [row for row in data if row["id"] % 9 != 0]

    def expected(self, rows, query, limit):
        scored = [(sum(w * query.get(t, 0) for t, w in r["vector"].items()), r["id"]) for r in rows]
        best = sorted((-score, key) for score, key in scored if score > 0)
        return [(key, -score) for score, key in best[:limit]]

    def found(self, query, limit, **kwargs):
        hits = self.client.search(self.name, [query], limit=limit, **kwargs)[0]
        return [(hit["id"], hit["distance"]) for hit in hits]

    def check(self, index):
        rows = self.make(index)
        queries = [self.sparse(size) for size in (1, 6, 30)] + [{4000000001: 1.0}]
        for flushed in (False, True):
            if flushed:
                self.client.flush(self.name)
                self.wait_indexed()
            for query in queries:
                for limit in (10, 2000):
                    self.assertEqual(self.expected(rows, query, limit), self.found(query, limit), flushed)
                young = [row for row in rows if row["age"] < 30]
                self.assertEqual(self.expected(young, query, 50), self.found(query, 50, filter="age < 30"), flushed)
        exact = dict(self.expected(rows, queries[2], self.COUNT))
        some = self.found(queries[2], 20, search_params={"params": {"drop_ratio_search": 0.5}})
        self.assertEqual(20, len(some))
        for key, score in some:
            self.assertEqual(exact[key], score, "scores are those of the whole query")

    def test_inverted_index(self):
        self.check(self.index("SPARSE_INVERTED_INDEX", "IP", inverted_index_algo="SINDI"))

    def test_wand(self):
        self.check(self.index("SPARSE_WAND", "IP", drop_ratio_build=0.2))

    def test_auto(self):
        index = self.client.prepare_index_params()
        index.add_index("vector", index_type="AUTOINDEX")
        self.check(index)

    def test_wrong_parameters(self):
        create = self.client.create_collection
        self.fails("sparse inverted index algo NOPE not found or not supported", create, self.name,
                   schema=self.sparse_schema,
                   index_params=self.index("SPARSE_INVERTED_INDEX", "IP", inverted_index_algo="NOPE"))
        self.client.drop_collection(self.name)
        self.fails("Out of range in json: param 'drop_ratio_build'", create, self.name,
                   schema=self.sparse_schema, index_params=self.index("SPARSE_WAND", "IP", drop_ratio_build=1.3))
        self.client.drop_collection(self.name)
        self.fails("only IP&BM25 is the supported metric type for sparse index", create, self.name,
                   schema=self.sparse_schema, index_params=self.index("SPARSE_WAND", "L2"))
        self.client.drop_collection(self.name)
        self.make(self.index("SPARSE_INVERTED_INDEX", "IP"))
        self.fails("Out of range in json: param 'drop_ratio_search'", self.found, {1: 1.0}, 10,
                   search_params={"params": {"drop_ratio_search": 1.0}})


class NarrowVectors(Case):
    """Vectors of halves and of bytes have the indexes that those of floats have. A client without bfloat16 searches by key."""

    COUNT = 1500
    TYPES = {
        DataType.FLOAT16_VECTOR: lambda values: np.array(values, dtype=np.float16),
        DataType.BFLOAT16_VECTOR: lambda values: b"".join(struct.pack("<f", value)[2:] for value in values),
        DataType.INT8_VECTOR: lambda values: np.array([8 * value for value in values], dtype=np.int8),
    }

    def check(self, kind, index, effort):
        schema = self.client.create_schema()
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("vector", kind, dim=8)
        self.client.create_collection(self.name, schema=schema, index_params=index, consistency_level="Strong")
        rng = random.Random(5)
        vectors = [[rng.randrange(-100, 101) / 8 for _ in range(8)] for _ in range(self.COUNT)]
        self.client.insert(
            self.name, [{"id": i, "vector": self.TYPES[kind](vector)} for i, vector in enumerate(vectors)])
        query = vectors[3]
        nearest = sorted(range(self.COUNT), key=lambda i: (squared(vectors[i], query), i))[:10]
        for flushed in (False, True):
            if flushed:
                self.client.flush(self.name)
                self.wait_indexed()
                self.assertEqual(self.COUNT, self.client.describe_index(self.name, "vector")["indexed_rows"])
            asked = {"ids": [3]} if kind == DataType.BFLOAT16_VECTOR else {"data": [self.TYPES[kind](query)]}
            hits = self.client.search(self.name, limit=10, search_params={"params": effort}, **asked)[0]
            self.assertEqual(nearest, [hit["id"] for hit in hits], flushed)
        self.client.drop_collection(self.name)

    def test_every_type_in_a_graph_and_in_lists(self):
        for kind in self.TYPES:
            with self.subTest(kind.name):
                self.check(kind, self.index("HNSW", "L2", M=16, efConstruction=100), {"ef": 400})
                self.check(kind, self.index("IVF_SQ8", "L2", nlist=16), {"nprobe": 16, "refine_k": 4})

    def test_auto(self):
        index = self.client.prepare_index_params()
        index.add_index("vector", index_type="AUTOINDEX", metric_type="L2")
        self.check(DataType.INT8_VECTOR, index, {"ef": 400})

    def test_auto_says_its_metric(self):
        self.client.create_collection(self.name, schema=self.schema())
        index = self.client.prepare_index_params()
        index.add_index("vector")
        self.client.create_index(self.name, index)
        described = self.client.describe_index(self.name, "vector")
        self.assertEqual(("AUTOINDEX", "COSINE"), (described["index_type"], described["metric_type"]))

    def test_what_is_not_over_bytes(self):
        schema = self.client.create_schema()
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("vector", DataType.INT8_VECTOR, dim=8)
        self.client.create_collection(self.name, schema=schema)
        for name in ("DISKANN", "IVF_RABITQ"):
            self.fails(f"can't build with this index {name}: invalid parameter",
                       self.client.create_index, self.name, self.index(name))


class WrongParameters(Case):
    WRONG = [
        ("IVF_PQ", {"m": 3}, "should be a multiple of the number of subquantizers (m)"),
        ("HNSW_PQ", {"m": 4, "nbits": 25}, "param 'nbits' (25) should be in range [1, 24]: invalid parameter"),
        ("HNSW_PRQ", {"m": 4, "nrq": 17}, "param 'nrq' (17) should be in range [1, 16]"),
        ("HNSW_SQ", {"sq_type": "FP32"}, "invalid scalar quantizer type: invalid parameter"),
        ("HNSW_SQ", {"refine": 1}, "should be a boolean: invalid parameter"),
        ("IVF_RABITQ", {"refine_type": "PQ"},
         "invalid refine type : PQ, optional types are [sq6, sq8, fp16, bf16, fp32, flat]"),
    ]

    def test_they_are_named(self):
        self.client.create_collection(self.name, schema=self.schema())
        for name, params, text in self.WRONG:
            with self.subTest(name, **params):
                self.fails(text, self.client.create_index, self.name, self.index(name, **params))
        self.assertEqual([], self.client.list_indexes(self.name))


class ScalarIndexes(Case):
    """Filters find the same with an index as without."""

    FILTERS = ["age == 7", "age in [1, 2, 3]", "score < 20.5", 'name like "n1%"', "flag == true", 'doc["k"] > 30']

    def setUp(self):
        super().setUp()
        self.create()
        self.client.insert(self.name, [
            {"id": i, "vector": [i / 100] * 8, "age": i % 30, "score": i / 10, "name": f"n{i % 17}",
             "flag": i % 3 == 0, "doc": {"k": i % 50, "s": f"t{i}"}}
            for i in range(1200)])
        self.client.flush(self.name)

    def answers(self):
        return [sorted(row["id"] for row in self.client.query(self.name, filter=text, output_fields=["id"]))
                for text in self.FILTERS]

    def add(self, field, index_type, **params):
        index = self.client.prepare_index_params()
        name = params.pop("index_name", "")
        index.add_index(field, index_type=index_type, index_name=name, params=params)
        self.client.create_index(self.name, index)

    def test_every_type(self):
        before = self.answers()
        self.assertTrue(all(before))
        self.add("age", "STL_SORT")
        self.add("score", "INVERTED")
        self.add("name", "NGRAM", min_gram=2, max_gram=3)
        self.add("flag", "BITMAP")
        self.add("doc", "INVERTED", json_cast_type="DOUBLE", json_path='doc["k"]')
        self.add("doc", "INVERTED", json_cast_type="VARCHAR", json_path='doc["s"]', index_name="doc_s")
        self.assertEqual(before, self.answers())
        self.assertEqual({"vector", "age", "score", "name", "flag", 'doc["k"]', "doc_s"},
                         set(self.client.list_indexes(self.name)))
        self.wait_indexed("age")
        described = self.client.describe_index(self.name, "name")
        self.assertEqual("NGRAM", described["index_type"])
        self.assertEqual("name", described["field_name"])
        self.assertEqual("3", described["max_gram"])
        self.assertEqual(1200, self.client.describe_index(self.name, "doc_s")["indexed_rows"])

    def test_made_with_the_collection_and_dropped_while_loaded(self):
        self.client.drop_collection(self.name)
        index = self.index()
        index.add_index("age", index_type="AUTOINDEX")
        index.add_index("name", index_type="Trie")
        self.create(index)
        self.client.drop_index(self.name, "age")
        self.assertEqual({"vector", "name"}, set(self.client.list_indexes(self.name)))

    def test_keys_of_the_dynamic_field(self):
        self.client.insert(self.name, [
            {"id": 5000 + i, "vector": [0.0] * 8, "age": 1, "score": 0.0, "name": "n", "flag": True, "doc": {},
             "color": f"c{i % 3}"} for i in range(30)])
        self.add("color", "INVERTED", json_path="color", json_cast_type="varchar")
        self.add("shade", "AUTOINDEX", index_name="shades", json_path='shade["deep"]', json_cast_type="double")
        self.add("shade", "AUTOINDEX", json_path='shade["flat"]', json_cast_type="double")
        self.add("hue", "INVERTED", json_cast_type="varchar")
        self.assertLessEqual({"color", "shades", 'shade["flat"]', "hue"}, set(self.client.list_indexes(self.name)))
        self.assertEqual("hue", self.client.describe_index(self.name, "hue")["field_name"])
        self.assertEqual("color", self.client.describe_index(self.name, "color")["field_name"])
        self.assertEqual("shade", self.client.describe_index(self.name, "shades")["field_name"])
        self.assertEqual(10, len(self.client.query(self.name, filter='color == "c1"')))
        self.client.drop_index(self.name, "color")
        self.assertNotIn("color", self.client.list_indexes(self.name))

    def test_what_does_not_fit_is_refused(self):
        self.fails("TRIE are only supported on varchar field", self.add, "age", "TRIE")
        self.fails("create bitmap index on primary key not supported", self.add, "id", "BITMAP")
        self.fails("Ngram index must specify both min_gram and max_gram", self.add, "name", "NGRAM")
        self.fails("json index must specify cast type", self.add, "doc", "INVERTED")
        self.fails("index HNSW only supports vector data type: invalid parameter", self.add, "age", "HNSW", M=8)
        self.fails("metric type not set for vector index", self.add, "vector", "INVERTED")
        self.add("age", "INVERTED")
        self.fails("at most one distinct index is allowed per field", self.add, "age", "STL_SORT")
        self.fails("creating multiple indexes on same field is not supported",
                   self.add, "age", "STL_SORT", index_name="other")
        self.fails("creating multiple indexes on same field is not supported",
                   self.add, "age", "STL_SORT", index_name="other", json_path="k")
        self.fails("The length of a index name must be less than 255 characters",
                   self.add, "doc", "INVERTED", json_cast_type="DOUBLE", json_path="/" + "k" * 255)


if __name__ == "__main__":
    unittest.main()
