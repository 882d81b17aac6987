"""Searches for groups of rows, as a pymilvus user makes them, against lists of all rows."""

import random
import unittest
from collections import Counter

import numpy as np
from pymilvus import DataType, MilvusException
from pymilvus.client.embedding_list import EmbeddingList
from pymilvus.client.prepare import Prepare
from test_first_light import squared
from test_indexes import Case

DIM = 8
BRANDS = ["acme", "bolt", "", "Ähre", None, "dune", "echo"]


class Groups(Case):
    """A collection whose rows are written, written again and deleted; `self.data` has what is left, by key."""

    def setUp(self):
        super().setUp()
        self.rng = random.Random(11)
        self.data = {}

    def make(self, index_type="FLAT", metric="L2", shards=3, key=DataType.INT64, **params):
        schema = self.client.create_schema()
        extra = {"max_length": 64} if key == DataType.VARCHAR else {}
        schema.add_field("id", key, is_primary=True, **extra)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=DIM)
        schema.add_field("brand", DataType.VARCHAR, max_length=64, nullable=True)
        schema.add_field("size", DataType.INT16)
        schema.add_field("lot", DataType.INT64, nullable=True)
        schema.add_field("flag", DataType.BOOL)
        schema.add_field("price", DataType.DOUBLE)
        schema.add_field("doc", DataType.JSON)
        self.key = str if key == DataType.VARCHAR else int
        self.client.create_collection(self.name, schema=schema, num_shards=shards, consistency_level="Strong",
                                      index_params=self.index(index_type, metric, **params))

    def row(self, key):
        rng = self.rng
        return {
            "id": self.key(key),
            # Whole numbers: distances have no rounding, and many are equal.
            "vector": [rng.randint(-6, 6) for _ in range(DIM)],
            "brand": rng.choice(BRANDS),
            "size": rng.choice([38, 39, 40, -1] if rng.random() < 0.9 else [44, 45]),
            "lot": rng.choice([None, rng.randint(0, 200)]),
            "flag": rng.random() < 0.5,
            "price": key / 10,
            "doc": {"n": key},
        }

    def write(self, keys, call):
        rows = [self.row(key) for key in keys]
        for first in range(0, len(rows), 2000):
            call(self.name, rows[first:first + 2000])
        self.data.update({row["id"]: row for row in rows})

    def fill(self, count=1500):
        self.write(range(count), self.client.insert)
        self.write(range(0, count, 4), self.client.upsert)
        gone = [self.key(key) for key in range(0, count, 7)]
        self.client.delete(self.name, ids=gone)
        for key in gone:
            del self.data[key]

    def query(self):
        return [self.rng.randint(-6, 6) for _ in range(DIM)]

    def expected(self, query, fields, limit, size=1, strict=False, offset=0, accepts=lambda row: True):
        """Rows of the nearest groups: of strict ones as many as there are, else those before the last group's first."""
        groups = {}
        rows = sorted(filter(accepts, self.data.values()), key=lambda r: (squared(r["vector"], query), r["id"]))
        for row in rows:
            group = tuple(row[field] for field in fields)
            if group in groups or len(groups) < offset + limit:
                members = groups.setdefault(group, [])
                if len(members) < size:
                    members.append(row)
            if len(groups) == offset + limit and not (strict and size > 1):
                break
        return [row for group in list(groups.values())[offset:] for row in group]

    def search(self, queries, fields, limit, size=None, strict=None, **kwargs):
        by = {"group_by_field": fields[0]} if len(fields) == 1 else {"group_by_fields": fields}
        if size is not None:
            by["group_size"] = size
        if strict is not None:
            by["strict_group_size"] = strict
        return self.client.search(self.name, queries, anns_field="vector", limit=limit, **by, **kwargs)

    def check(self, fields, limit, size=1, strict=False, offset=0, filter="", accepts=lambda row: True, nq=3, **kwargs):
        queries = [self.query() for _ in range(nq)]
        extra = {"offset": offset} if offset else {}
        found = self.search(queries, fields, limit, size, strict, filter=filter, output_fields=fields + ["price"],
                            **extra, **kwargs)
        self.assertEqual(nq, len(found))
        for query, hits in zip(queries, found):
            expected = self.expected(query, fields, limit, size, strict, offset, accepts)
            self.assertEqual([row["id"] for row in expected], [hit["id"] for hit in hits])
            for row, hit in zip(expected, hits):
                self.assertEqual(squared(row["vector"], query), hit["distance"])
                self.assertEqual({field: row[field] for field in fields + ["price"]}, hit["entity"])

    def check_all(self, **kwargs):
        for fields in (["brand"], ["size"], ["lot"], ["flag"], ["id"], ["brand", "size"]):
            for size, strict in ((1, False), (3, False), (3, True), (10, True)):
                with self.subTest(fields=fields, size=size, strict=strict):
                    self.check(fields, 5, size, strict, **kwargs)
                    self.check(fields, 3, size, strict, offset=2, **kwargs)
                    self.check(fields, 40, size, strict, nq=1, **kwargs)


class Exact(Groups):
    def test_of_rows_just_written(self):
        self.make()
        self.fill()
        self.check_all()

    def test_of_segments_and_what_came_since(self):
        self.make()
        self.fill(1000)
        self.client.flush(self.name)
        self.write(range(900, 1300), self.client.upsert)
        self.check_all()

    def test_of_one_shard(self):
        self.make(shards=1)
        self.fill(600)
        self.client.flush(self.name)
        self.check_all()

    def test_keys_of_text(self):
        self.make(key=DataType.VARCHAR)
        self.fill(800)
        self.check_all()

    def test_filters(self):
        self.make()
        self.fill()
        self.client.flush(self.name)
        filters = {
            "price > 100": lambda row: row["price"] > 100,
            "flag == true and size == 38": lambda row: row["flag"] and row["size"] == 38,
            'brand in ["acme", "dune"]': lambda row: row["brand"] in ("acme", "dune"),
            "brand is null": lambda row: row["brand"] is None,
            "price < 2": lambda row: row["price"] < 2,
            "price < 0": lambda row: False,
        }
        for filter, accepts in filters.items():
            with self.subTest(filter):
                self.check_all(filter=filter, accepts=accepts)

    def test_partitions(self):
        self.make()
        self.client.create_partition(self.name, "aside")
        self.fill(400)
        rows = [self.row(key) for key in range(5000, 5200)]
        self.client.insert(self.name, rows, partition_name="aside")
        aside = {row["id"] for row in rows}
        self.data.update({row["id"]: row for row in rows})
        self.check_all(partition_names=["aside"], accepts=lambda row: row["id"] in aside)
        self.check_all()

    def test_lists_of_whole_indexes(self):
        self.make("IVF_FLAT", nlist=16)
        self.fill()
        self.client.flush(self.name)
        self.wait_indexed()
        self.check_all(search_params={"params": {"nprobe": 16}})

    def test_other_metrics(self):
        self.make(metric="IP")
        self.fill(500)
        query = self.query()
        hits = self.search([query], ["brand"], 10, 2, True, output_fields=["brand"])[0]
        score = lambda row: sum(a * b for a, b in zip(row["vector"], query))
        best = {}
        for row in sorted(self.data.values(), key=lambda r: (-score(r), r["id"])):
            members = best.setdefault(row["brand"], [])
            if len(members) < 2:
                members.append(row["id"])
        self.assertEqual([key for members in best.values() for key in members], [hit["id"] for hit in hits])

    def test_two_rows_of_a_key_are_found_in_both_groups(self):
        self.make()
        for brand in ("acme", "bolt", "acme"):
            self.client.insert(self.name, [{**self.row(1), "vector": [0] * DIM, "brand": brand}])
        hits = self.search([[0] * DIM], ["brand"], 5, 3, True, output_fields=["brand"])[0]
        self.assertEqual([("acme", 1), ("bolt", 1)], sorted((h["entity"]["brand"], h["id"]) for h in hits))


class Approximate(Groups):
    def check_nearly(self, params, least=0.9):
        """Whole groups, and nearly always the right ones."""
        for fields, limit, size in ((["brand"], 5, 3), (["lot"], 20, 3), (["id"], 10, 1), (["lot", "size"], 30, 2)):
            for filter, accepts in (("", lambda row: True), ("price > 50", lambda row: row["price"] > 50)):
                same = 0
                total = 0
                for _ in range(10):
                    query = self.query()
                    hits = self.search([query], fields, limit, size, True, filter=filter, search_params={"params": params},
                                       output_fields=fields)[0]
                    expected = self.expected(query, fields, limit, size, True, accepts=accepts)
                    groups = {}
                    for place, hit in enumerate(hits):
                        row = self.data[hit["id"]]
                        self.assertTrue(accepts(row))
                        self.assertEqual(squared(row["vector"], query), hit["distance"])
                        self.assertEqual([row[f] for f in fields], [hit["entity"][f] for f in fields])
                        groups.setdefault(tuple(row[f] for f in fields), []).append((place, hit["distance"]))
                    counts = Counter(tuple(row[f] for f in fields) for row in self.data.values() if accepts(row))
                    self.assertEqual(min(limit, len(counts)), len(groups))
                    # Which groups are found is nearly right; each has as many rows as it may, or all.
                    self.assertEqual({group: min(size, counts[group]) for group in groups},
                                     {group: len(members) for group, members in groups.items()})
                    for members in groups.values():
                        self.assertEqual(len(members) - 1, members[-1][0] - members[0][0])  # they stand together
                        self.assertEqual(sorted(members), sorted(members, key=lambda m: (m[1], m[0])))
                    same += len({row["id"] for row in expected} & {hit["id"] for hit in hits})
                    total += len(expected)
                self.assertGreater(same / total, least, (fields, filter))

    def test_graphs(self):
        graph = {"M": 16, "efConstruction": 100}
        for index_type, params in (("HNSW", graph), ("HNSW_SQ", {**graph, "sq_type": "SQ8"}), ("DISKANN", {})):
            with self.subTest(index_type):
                self.data = {}
                self.make(index_type, shards=1, **params)
                self.fill(7000)
                self.client.flush(self.name)
                self.wait_indexed()
                self.check_nearly({"search_list": 40} if index_type == "DISKANN" else {"ef": 40})
            self.client.drop_collection(self.name)

    def test_lists(self):
        for index_type in ("IVF_FLAT", "IVF_SQ8", "IVF_RABITQ"):
            with self.subTest(index_type):
                self.data = {}
                self.make(index_type, shards=2, nlist=32)
                self.fill(6000)
                self.client.flush(self.name)
                self.wait_indexed()
                self.check_nearly({"nprobe": 16}, 0.8)
            self.client.drop_collection(self.name)


class OtherVectors(Case):
    """Sparse vectors and lists of vectors; their values are whole numbers."""

    def check(self, queries, rows, score, limit=4, size=3, **kwargs):
        found = self.client.search(self.name, queries, limit=limit, group_by_field="kind", group_size=size,
                                   strict_group_size=True, output_fields=["kind"], **kwargs)
        for query, hits in zip(queries, found):
            groups = {}
            for row in sorted(rows, key=lambda r: (-score(query, r), r["id"])):
                if row["kind"] in groups or len(groups) < limit:
                    members = groups.setdefault(row["kind"], [])
                    if len(members) < size:
                        members.append(row)
            expected = [(row["kind"], row["id"], score(query, row)) for of in groups.values() for row in of]
            self.assertEqual(expected, [(hit["entity"]["kind"], hit["id"], hit["distance"]) for hit in hits])

    def test_sparse(self):
        rng = random.Random(2)
        schema = self.client.create_schema()
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("vector", DataType.SPARSE_FLOAT_VECTOR)
        schema.add_field("kind", DataType.INT8)
        index = self.client.prepare_index_params()
        index.add_index("vector", index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
        self.client.create_collection(self.name, schema=schema, index_params=index, num_shards=2, consistency_level="Strong")
        vector = lambda: {rng.randrange(50): float(rng.randint(1, 9)) for _ in range(8)}
        rows = [{"id": key, "vector": vector(), "kind": rng.randrange(9)} for key in range(3000)]
        self.client.insert(self.name, rows)
        score = lambda query, row: sum(value * row["vector"].get(term, 0) for term, value in query.items())
        # A row is found for terms it has in common: queries have a term of each.
        queries = [{**{term: 1.0 for term in range(50)}, **vector()} for _ in range(5)]
        for flushed in (False, True):
            if flushed:
                self.client.flush(self.name)
                self.wait_indexed()
            self.check(queries, rows, score)

    def test_lists_of_vectors(self):
        rng = random.Random(3)
        schema = self.client.create_schema()
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("kind", DataType.VARCHAR, max_length=9)
        chunk = self.client.create_struct_field_schema()
        chunk.add_field("meaning", DataType.FLOAT_VECTOR, dim=4)
        schema.add_field("chunks", datatype=DataType.ARRAY, element_type=DataType.STRUCT, struct_schema=chunk, max_capacity=5)
        index = self.client.prepare_index_params()
        index.add_index("chunks[meaning]", index_type="HNSW", metric_type="MAX_SIM_IP")
        self.client.create_collection(self.name, schema=schema, index_params=index, consistency_level="Strong")
        vector = lambda: [rng.randint(-9, 9) for _ in range(4)]
        rows = [{"id": key, "kind": f"k{rng.randrange(9)}",
                 "chunks": [{"meaning": vector()} for _ in range(rng.randint(1, 4))]} for key in range(600)]
        self.client.insert(self.name, rows)
        dot = lambda a, b: sum(x * y for x, y in zip(a, b))
        lists = [[vector() for _ in range(3)] for _ in range(4)]
        queries = []
        for list_ in lists:
            query = EmbeddingList()
            for one in list_:
                query.add(np.array(one, dtype=np.float32))
            queries.append(query)
        of = dict(zip(map(id, queries), lists))
        score = lambda query, row: float(sum(max(dot(q, c["meaning"]) for c in row["chunks"]) for q in of[id(query)]))
        self.check(queries, rows, score, anns_field="chunks[meaning]")


class Answers(Groups):
    def raw(self, **kwargs):
        connection = self.client._get_connection()
        request = Prepare.search_requests_with_expr(self.name, "vector", {"metric_type": "L2"}, 3, data=[[0] * DIM], **kwargs)
        return connection._stub.Search(request, metadata=[("authorization", "")]).results

    def test_the_values_of_the_groups_are_told(self):
        self.make()
        self.fill(200)
        one = self.raw(group_by_field="brand")
        brands = [row["brand"] for row in self.expected([0] * DIM, ["brand"], 3)]
        values = one.group_by_field_value
        self.assertEqual("brand", values.field_name)
        self.assertEqual(DataType.VARCHAR, values.type)
        told = [v if valid else None for v, valid in zip(values.scalars.string_data.data, values.valid_data)]
        self.assertEqual(brands, told)
        self.assertEqual([], list(one.group_by_field_values))
        self.assertEqual([3], list(one.topks))

        several = self.raw(group_by_fields=["size", "flag"])
        self.assertEqual(["size", "flag"], [values.field_name for values in several.group_by_field_values])
        self.assertFalse(several.HasField("group_by_field_value"))
        expected = self.expected([0] * DIM, ["size", "flag"], 3)
        self.assertEqual([r["size"] for r in expected], list(several.group_by_field_values[0].scalars.int_data.data))
        self.assertEqual([r["flag"] for r in expected], list(several.group_by_field_values[1].scalars.bool_data.data))

        none = self.raw()
        self.assertFalse(none.HasField("group_by_field_value"))

    def test_nothing_is_an_answer_too(self):
        self.make()
        self.assertEqual([[]], [list(hits) for hits in self.search([self.query()], ["brand"], 5, 3, True)])
        self.fill(30)
        self.assertEqual([[]], [list(hits) for hits in self.search([self.query()], ["flag"], 5, 3, True, offset=10)])
        self.assertEqual([[]], [list(hits) for hits in self.search([self.query()], ["flag"], 5, 3, filter="price < 0")])

    def test_the_first_name_counts(self):
        self.make()
        self.fill(100)
        query = self.query()
        hits = self.client.search(self.name, [query], anns_field="vector", limit=4, group_by_field="size",
                                  group_by_fields=["flag"], output_fields=["size"])[0]
        self.assertEqual([r["id"] for r in self.expected(query, ["size"], 4)], [hit["id"] for hit in hits])


class Refusals(Groups):
    def test_what_rows_are_not_grouped_by(self):
        self.make()
        self.refused("groupBy field not found in schema", ["colour"], code=1700)
        self.refused("groupBy field not found in schema", ["size", "colour"], code=1700)
        self.refused("unsupported data type DOUBLE for group by operator", ["price"], code=1100)
        self.refused("unsupported data type VECTOR_FLOAT for group by operator", ["vector"], code=1100)
        self.refused("unsupported data type JSON for group by operator", ["doc"], code=1100)
        self.refused("grouping by a key of a JSON field (doc[\"n\"]) is not supported yet", ["doc[\"n\"]"], code=1100)

    def test_sizes(self):
        self.make()
        self.refused("input group size:0 is negative, failed to do search_groupby", ["size"], 0, code=1100)
        self.refused("input group size:-3 is negative, failed to do search_groupby", ["size"], -3, code=1100)
        self.refused("input group size:11 exceeds configured max group size:10", ["size"], 11, code=1100)
        self.refused("failed to parse input group size:many", ["size"], "many", code=1100)

    def test_what_groups_do_not_go_with(self):
        self.make()
        self.fill(50)
        self.refused("Not allowed to do range-search when doing search-group-by", ["size"],
                     search_params={"params": {"radius": 100}}, code=1100)
        with self.assertRaisesRegex(MilvusException, "Not allowed to do groupBy when doing iteration"):
            self.client.search_iterator(self.name, [self.query()], batch_size=5, anns_field="vector",
                                        group_by_field="size").next()

    def test_vectors_of_bits(self):
        schema = self.client.create_schema()
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("vector", DataType.BINARY_VECTOR, dim=16)
        schema.add_field("size", DataType.INT64)
        index = self.client.prepare_index_params()
        index.add_index("vector", index_type="BIN_FLAT", metric_type="HAMMING")
        self.client.create_collection(self.name, schema=schema, index_params=index)
        self.fails("not support search_group_by operation based on binary vector column", self.client.search, self.name,
                   [b"\0\0"], anns_field="vector", limit=3, group_by_field="size", code=1100)

    def refused(self, text, fields, size=None, code=None, **kwargs):
        self.fails(text, self.search, [self.query()], fields, 3, size, code=code, **kwargs)


if __name__ == "__main__":
    unittest.main()
