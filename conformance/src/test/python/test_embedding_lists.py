"""Lists of vectors in structs, searched for those most like a list (MaxSim), against sums over all rows."""

import unittest

import numpy as np
from pymilvus import DataType
from pymilvus.client.embedding_list import EmbeddingList
from test_indexes import Case

DIM = 16
FIELD = "chunks[meaning]"

# Of a vector and the vectors of a list.
SCORES = {
    "MAX_SIM_L2": lambda q, v: np.square(v - q).sum(axis=1),
    "MAX_SIM_IP": lambda q, v: v @ q,
    "MAX_SIM_COSINE": lambda q, v: v @ q / (np.linalg.norm(v, axis=1) * np.linalg.norm(q)),
    "MAX_SIM_HAMMING": lambda q, v: (q != v).sum(axis=1),
    "MAX_SIM_JACCARD": lambda q, v: (q != v).sum(axis=1) / np.maximum(1, (q.astype(int) | v.astype(int)).sum(axis=1)),
}
SCORES["MAX_SIM"] = SCORES["MAX_SIM_COSINE"]
LARGER_FIRST = {"MAX_SIM", "MAX_SIM_COSINE", "MAX_SIM_IP"}

# What a client holds of a vector's values; NumPy alone has no bfloat16.
SENT = {
    DataType.FLOAT_VECTOR: lambda values: values.astype(np.float32),
    DataType.FLOAT16_VECTOR: lambda values: values.astype(np.float16),
    DataType.INT8_VECTOR: lambda values: values.astype(np.int8),
    DataType.BINARY_VECTOR: lambda values: np.packbits(values.astype(bool)),
}


class Lists(Case):
    COUNT = 1500

    def setUp(self):
        super().setUp()
        self.rng = np.random.default_rng(5)

    def make(self, vector_type, metric, index_type="HNSW", nullable=False, **params):
        schema = self.client.create_schema()
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=2)
        schema.add_field("age", DataType.INT64)
        chunk = self.client.create_struct_field_schema()
        chunk.add_field("page", DataType.INT64)
        chunk.add_field("meaning", vector_type, dim=DIM)
        schema.add_field("chunks", datatype=DataType.ARRAY, element_type=DataType.STRUCT, struct_schema=chunk,
                         max_capacity=8, nullable=nullable)
        index = self.index()
        index.add_index(FIELD, index_type=index_type, metric_type=metric, params=params)
        self.client.create_collection(self.name, schema=schema, index_params=index, consistency_level="Strong")
        self.type, self.metric = vector_type, metric

    def values(self, count):
        """Whole numbers, which every type holds; of bits zeros and ones."""
        if self.type == DataType.BINARY_VECTOR:
            return self.rng.integers(0, 2, (count, DIM))
        values = self.rng.integers(-9, 10, (count, DIM)).astype(float)
        values[:, 0] = 1  # none is zero
        return values

    def insert(self, nullable=False):
        """Lists by key: of up to seven vectors, some of none; with `nullable` some rows have no list."""
        lists = {}
        rows = []
        for key in range(self.COUNT):
            missing = nullable and key % 7 == 0
            lists[key] = self.values(0 if missing else int(self.rng.integers(0, 8)))
            chunks = [{"page": i, "meaning": self.sent(v)} for i, v in enumerate(lists[key])]
            rows.append({"id": key, "vector": [0, 0], "age": key % 100, "chunks": None if missing else chunks})
        for first in range(0, self.COUNT, 500):
            self.client.insert(self.name, rows[first:first + 500])
        gone = list(range(0, self.COUNT, 9))
        self.client.delete(self.name, ids=gone)
        return {key: values for key, values in lists.items() if key % 9 != 0 and len(values)}

    def sent(self, vector):
        sent = SENT[self.type](vector)
        return sent.tobytes() if self.type == DataType.BINARY_VECTOR else sent

    def query(self, values):
        query = EmbeddingList()
        for vector in values:
            query.add(SENT[self.type](vector))
        return query

    def score(self, query, values):
        best = max if self.metric in LARGER_FIRST else min
        return sum(best(SCORES[self.metric](vector, values)) for vector in query)

    def ordered(self, query, lists, accepts=lambda key: True):
        scored = [(key, self.score(query, values)) for key, values in lists.items() if accepts(key)]
        sign = -1 if self.metric in LARGER_FIRST else 1
        return sorted(scored, key=lambda row: (sign * row[1], row[0]))

    def search(self, queries, limit=10, **kwargs):
        return self.client.search(self.name, [self.query(q) for q in queries], anns_field=FIELD, limit=limit, **kwargs)

    def check(self, queries, lists, found, limit=10, accepts=lambda key: True, least=1.0):
        """Every score is that of its row, in order, and of the nearest rows at least so many are found."""
        same = 0
        for query, hits in zip(queries, found):
            expected = self.ordered(query, lists, accepts)[:limit]
            self.assertEqual(len(expected), len(hits))
            self.assertEqual(len(hits), len({hit["id"] for hit in hits}))
            for place, hit in enumerate(hits):
                score = self.score(query, lists[hit["id"]])
                self.assertTrue(accepts(hit["id"]), hit)
                self.assertAlmostEqual(score, hit["distance"], delta=1e-4 * max(1, abs(score)))
                if least == 1.0:
                    self.assertAlmostEqual(expected[place][1], hit["distance"], delta=1e-4 * max(1, abs(score)))
            # A row that is as near as the last one is as good.
            last = expected[-1][1] if expected else 0
            slack = 1e-4 * max(1, abs(last))
            sign = -1 if self.metric in LARGER_FIRST else 1
            same += sum(sign * (hit["distance"] - last) <= slack for hit in hits)
        self.assertGreaterEqual(same, least * sum(len(hits) for hits in found))

    def check_all(self, lists, least, **kwargs):
        queries = [self.values(count) for count in (1, 2, 5, 8)]
        params = {"search_params": {"metric_type": self.metric, "params": {"ef": 200}, **kwargs}}
        for limit in (1, 10, 100):
            self.check(queries, lists, self.search(queries, limit, **params), limit, least=least)
        few = self.search(queries, filter="age in [3, 50, 51]", **params)
        self.check(queries, lists, few, accepts=lambda key: key % 100 in (3, 50, 51), least=least)
        most = self.search(queries, filter="age > 20", **params)
        self.check(queries, lists, most, accepts=lambda key: key % 100 > 20, least=least)
        none = self.search(queries, filter="age > 1000", **params)
        self.assertEqual([0] * 4, [len(hits) for hits in none])

    def check_type(self, vector_type, metric, index_type="HNSW", nullable=False, **params):
        with self.subTest(vector_type, metric=metric, index=index_type, nullable=nullable):
            self.make(vector_type, metric, index_type, nullable, **params)
            lists = self.insert(nullable)
            self.check_all(lists, least=1.0)
            self.client.flush(self.name)
            self.wait_indexed(FIELD)
            self.check_all(lists, least=0.9)
            self.client.delete(self.name, ids=list(range(1, self.COUNT, 5)))
            self.check_all({key: values for key, values in lists.items() if key % 5 != 1}, least=0.9)
        self.client.drop_collection(self.name)

    def test_floats(self):
        for metric in ("MAX_SIM", "MAX_SIM_COSINE", "MAX_SIM_IP", "MAX_SIM_L2"):
            self.check_type(DataType.FLOAT_VECTOR, metric, M=16, efConstruction=100)

    def test_rows_without_a_list_are_never_found(self):
        self.check_type(DataType.FLOAT_VECTOR, "MAX_SIM_L2", nullable=True)
        self.check_type(DataType.BINARY_VECTOR, "MAX_SIM_HAMMING", nullable=True)

    def test_other_vectors(self):
        self.check_type(DataType.FLOAT16_VECTOR, "MAX_SIM_L2")
        self.check_type(DataType.INT8_VECTOR, "MAX_SIM_COSINE")

    def test_bits(self):
        self.check_type(DataType.BINARY_VECTOR, "MAX_SIM_HAMMING")
        self.check_type(DataType.BINARY_VECTOR, "MAX_SIM_JACCARD", "AUTOINDEX")

    def test_other_indexes(self):
        self.check_type(DataType.FLOAT_VECTOR, "MAX_SIM_L2", "AUTOINDEX")
        self.check_type(DataType.FLOAT_VECTOR, "MAX_SIM_L2", "HNSW_SQ", sq_type="SQ8")
        self.check_type(DataType.FLOAT_VECTOR, "MAX_SIM_L2", "IVF_FLAT", nlist=16)

    def check_vectors(self, vector_type, metric, index_type="HNSW"):
        with self.subTest(vector_type, metric=metric, index=index_type):
            self.make(vector_type, metric, index_type, nullable=True)
            lists = self.insert(nullable=True)
            query = self.values(1)[0]
            score = SCORES["MAX_SIM_" + metric]
            sign = -1 if metric == "IP" else 1
            for flushed in (False, True):
                if flushed:
                    self.client.flush(self.name)
                    self.wait_indexed(FIELD)
                for expr, accepts in (("", lambda key: True), ("age in [7, 8]", lambda key: key % 100 in (7, 8))):
                    expected = sorted(
                        (sign * value, key, place)
                        for key, values in lists.items() if accepts(key)
                        for place, value in enumerate(score(query, values)))[:30]
                    hits = self.client.search(
                        self.name, [self.sent(query)], anns_field=FIELD, limit=30, filter=expr,
                        search_params={"params": {"ef": 400} if index_type == "HNSW" else {}},
                        output_fields=["chunks[page]"])[0]
                    self.assertEqual([(key, place) for _, key, place in expected],
                                     [(hit["id"], hit["offset"]) for hit in hits])
                    for (value, key, _), hit in zip(expected, hits):
                        self.assertAlmostEqual(sign * value, hit["distance"], delta=1e-3)
                        self.assertEqual(len(lists[key]), len(hit["entity"]["chunks"]))
        self.client.drop_collection(self.name)

    def test_vectors_are_found_alone_by_metrics_of_vectors(self):
        self.check_vectors(DataType.FLOAT_VECTOR, "L2")
        self.check_vectors(DataType.FLOAT_VECTOR, "IP", "FLAT")
        self.check_vectors(DataType.INT8_VECTOR, "L2")
        self.check_vectors(DataType.BINARY_VECTOR, "HAMMING", "BIN_FLAT")

    def test_what_else_a_search_says(self):
        self.make(DataType.FLOAT_VECTOR, "MAX_SIM_IP")
        lists = self.insert()
        described = self.client.describe_index(self.name, FIELD)
        self.assertEqual(("MAX_SIM_IP", FIELD), (described["metric_type"], described["field_name"]))
        query = self.values(3)
        first = self.search([query], 6, output_fields=["age", "chunks"])[0]
        self.assertEqual(["page", "meaning"], list(first[0]["entity"]["chunks"][0]))
        self.assertEqual(len(lists[first[0]["id"]]), len(first[0]["entity"]["chunks"]))
        self.assertEqual(first[0]["id"] % 100, first[0]["entity"]["age"])
        rest = self.search([query], 4, search_params={"offset": 2})[0]
        self.assertEqual([hit["id"] for hit in first[2:]], [hit["id"] for hit in rest])
        rounded = self.search([query], 1, search_params={"round_decimal": 1})[0]
        self.assertEqual(round(first[0]["distance"], 1), round(rounded[0]["distance"], 3))

    def test_an_upsert_changes_a_list(self):
        self.make(DataType.FLOAT_VECTOR, "MAX_SIM_L2")
        lists = self.insert()
        self.client.flush(self.name)
        query = self.values(3)
        for values in (query, self.values(0)):
            chunks = [{"page": 1, "meaning": self.sent(v)} for v in values]
            self.client.upsert(self.name, [{"id": 1, "vector": [0, 0], "age": 1, "chunks": chunks}])
            lists.pop(1, None)
            if len(values):
                lists[1] = values
            self.check([query], lists, self.search([query]))

    def test_what_does_not_fit_is_refused(self):
        self.make(DataType.FLOAT_VECTOR, "MAX_SIM_L2")
        self.insert()
        query = self.values(2)

        def fails(text, **kwargs):
            self.fails(text, self.search, [query], **kwargs)

        fails("metric type not match", search_params={"metric_type": "MAX_SIM_IP"})
        fails("metric type not match", search_params={"metric_type": "L2"})
        fails("range search is not supported for vector array (embedding list) fields",
              search_params={"params": {"radius": 100.0}})
        self.fails("vector type must be the same, field chunks[meaning] - type ArrayOfVector, search info type FloatVector",
                   self.client.search, self.name, [query[0].tolist()], anns_field=FIELD)
        self.fails("search info type EmbListFloatVector", self.client.search, self.name, [self.query(query)],
                   anns_field="vector")
        wrong = EmbeddingList()
        wrong.add(np.zeros(DIM + 1, dtype=np.float32))
        self.fails("vector dimension mismatch", self.client.search, self.name, [wrong], anns_field=FIELD)
        index = self.client.prepare_index_params()
        index.add_index(FIELD, index_type="IVF_PQ", metric_type="MAX_SIM_L2", params={"m": 4})
        self.fails("can't build with this index IVF_PQ", self.client.create_index, self.name, index)


if __name__ == "__main__":
    unittest.main()
