"""MINHASH_LSH and MHJACCARD, as a pymilvus user who looks for near duplicates has them."""

import random
import struct
import unittest

from pymilvus import DataType
from test_indexes import Case as IndexCase

FORMS = {8: "B", 16: "H", 32: "I", 64: "Q"}


class Case(IndexCase):
    """Signatures of families, whose heads are the first rows: others have some of a head's elements. What is found is
    spelled out here."""

    COUNT = 1600
    ELEMENTS = 32

    def bits(self, width):
        schema = self.client.create_schema()
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("vector", DataType.BINARY_VECTOR, dim=width * self.ELEMENTS)
        schema.add_field("age", DataType.INT64)
        return schema

    def signatures(self, width, count=COUNT, seed=4):
        rng = random.Random(seed)
        draw = lambda: rng.randrange(1 << width)
        families = [[draw() for _ in range(self.ELEMENTS)] for _ in range(20)]
        changes = [rng.random() if i >= len(families) else 0 for i in range(count)]
        return [
            [draw() if rng.random() < change else element for element in families[i % len(families)]]
            for i, change in enumerate(changes)
        ]

    def encode(self, signature, width):
        return struct.pack(f"<{len(signature)}{FORMS[width]}", *signature)

    def expected(self, rows, query, bands, limit, jaccard=True):
        length = self.ELEMENTS // bands
        found = []
        for key, signature in rows.items():
            equal = [a == b for a, b in zip(signature, query)]
            if any(all(equal[band * length:(band + 1) * length]) for band in range(bands)):
                found.append((-sum(equal) / len(equal) if jaccard else -1.0, key))
        return [(key, -score) for score, key in sorted(found)[:limit]]

    def found(self, query, limit, filter="", **params):
        hits = self.client.search(self.name, [query], limit=limit, filter=filter, anns_field="vector",
                                  search_params={"metric_type": "MHJACCARD", "params": params})[0]
        return [(hit["id"], hit["distance"]) for hit in hits]

    def make(self, index, width):
        self.client.create_collection(
            self.name, schema=self.bits(width), index_params=index, consistency_level="Strong")
        signatures = self.signatures(width)
        self.client.insert(self.name, [
            {"id": i, "vector": self.encode(signature, width), "age": i % 100}
            for i, signature in enumerate(signatures)])
        self.client.delete(self.name, ids=list(range(0, self.COUNT, 9)))
        return {i: signature for i, signature in enumerate(signatures) if i % 9 != 0}

    def stages(self):
        """Before rows are flushed, and after an index is built over them."""
        yield "tail"
        self.client.flush(self.name)
        self.wait_indexed()
        yield "indexed"

    def lsh(self, width=32, bands=8, **params):
        return self.index("MINHASH_LSH", "MHJACCARD", mh_element_bit_width=width, mh_lsh_band=bands, **params)


class Searches(Case):
    def check(self, index, width, bands, flat=False):
        rows = self.make(index, width)
        rng = random.Random(8)
        near = [rng.randrange(1 << width) if i % 5 == 0 else e for i, e in enumerate(rows[7])]
        alone = [rng.randrange(1 << width) for _ in range(self.ELEMENTS)]
        for stage in self.stages():
            for query in (rows[1], near, alone):
                sent = self.encode(query, width)
                for limit in (1, 10, 500):
                    with self.subTest(stage, limit=limit):
                        self.assertEqual(self.expected(rows, query, bands, limit),
                                         self.found(sent, limit, mh_search_with_jaccard=True, refine_k=2 * limit))
                        self.assertEqual(self.expected(rows, query, bands, limit, jaccard=flat),
                                         self.found(sent, limit))
                young = {key: row for key, row in rows.items() if key % 100 < 30}
                self.assertEqual(self.expected(young, query, bands, 50),
                                 self.found(sent, 50, filter="age < 30", mh_search_with_jaccard="true"), stage)
        self.assertEqual((1, 1.0), self.expected(rows, rows[1], bands, 1)[0])
        self.client.drop_collection(self.name)

    def test_every_width(self):
        for width in FORMS:
            with self.subTest(width=width):
                self.check(self.lsh(width, 8), width, 8)

    def test_bands(self):
        for bands in (1, 5, 32):
            with self.subTest(bands=bands):
                self.check(self.lsh(32, bands, with_raw_data=True, mh_lsh_code_in_mem=1), 32, bands)

    def test_auto(self):
        index = self.client.prepare_index_params()
        index.add_index("vector", index_type="AUTOINDEX", metric_type="MHJACCARD")
        self.check(index, 32, 8)

    def test_flat_ranks_every_row_that_has_an_element_in_common(self):
        self.check(self.index("BIN_FLAT", "MHJACCARD", mh_element_bit_width=32), 32, 32, flat=True)

    def test_nothing_shares_a_band(self):
        self.make(self.lsh(64, 4), 64)
        alone = self.encode([2 ** 64 - 1] * self.ELEMENTS, 64)
        for stage in self.stages():
            self.assertEqual([], self.found(alone, 10), stage)
            self.assertEqual([], self.found(alone, 10, mh_search_with_jaccard=True), stage)

    def test_many_queries(self):
        rows = self.make(self.lsh(bands=16), 32)
        queries = [rows[key] for key in sorted(rows)[:100]]
        for stage in self.stages():
            hits = self.client.search(
                self.name, [self.encode(query, 32) for query in queries], limit=3, anns_field="vector",
                search_params={"params": {"mh_search_with_jaccard": True, "mh_lsh_batch_search": True}})
            self.assertEqual([self.expected(rows, query, 16, 3) for query in queries],
                             [[(hit["id"], hit["distance"]) for hit in of_one] for of_one in hits], stage)

    def test_all_that_are_alike_enough(self):
        rows = self.make(self.lsh(bands=16), 32)
        for stage in self.stages():
            near = [hit for hit in self.expected(rows, rows[1], 16, self.COUNT) if hit[1] > 0.5]
            self.assertGreater(len(near), 5)
            self.assertEqual(near, self.found(self.encode(rows[1], 32), 1000, radius=0.5,
                                              mh_search_with_jaccard=True), stage)

    def test_an_iterator_goes_through_all(self):
        rows = self.make(self.lsh(bands=16), 32)
        for stage in self.stages():
            pages = self.client.search_iterator(
                self.name, [self.encode(rows[1], 32)], batch_size=20, limit=1000, anns_field="vector",
                search_params={"metric_type": "MHJACCARD", "params": {"mh_search_with_jaccard": True}})
            found = []
            while page := pages.next():
                found += [(hit["id"], hit["distance"]) for hit in page]
            pages.close()
            self.assertEqual(self.expected(rows, rows[1], 16, 1000), found, stage)


class Indexes(Case):
    def test_another_number_of_bands(self):
        rows = self.make(self.lsh(bands=4), 32)
        self.client.flush(self.name)
        self.wait_indexed()
        self.client.release_collection(self.name)
        self.client.drop_index(self.name, "vector")
        self.client.create_index(self.name, self.lsh(bands=16))
        self.client.load_collection(self.name)
        query = rows[2]
        expected = self.expected(rows, query, 16, 200)
        self.assertNotEqual(expected, self.expected(rows, query, 4, 200))
        self.assertEqual(expected, self.found(self.encode(query, 32), 200, mh_search_with_jaccard=True))
        self.wait_indexed()
        self.assertEqual(expected, self.found(self.encode(query, 32), 200, mh_search_with_jaccard=True))

    def test_it_is_described_as_it_was_asked_for(self):
        rows = self.make(self.lsh(bands=16, with_raw_data=True), 32)
        self.client.flush(self.name)
        self.wait_indexed()
        described = self.client.describe_index(self.name, "vector")
        self.assertEqual("MINHASH_LSH", described["index_type"])
        self.assertEqual("MHJACCARD", described["metric_type"])
        self.assertEqual(("32", "16"), (described["mh_element_bit_width"], described["mh_lsh_band"]))
        self.assertEqual((len(rows), len(rows)), (described["total_rows"], described["indexed_rows"]))

    WRONG = [
        ("MINHASH_LSH", "HAMMING", {}, "metric type HAMMING not found or not supported, supported: [MHJACCARD]"),
        ("BIN_IVF_FLAT", "MHJACCARD", {"nlist": 8}, "metric type MHJACCARD not found or not supported"),
        ("MINHASH_LSH", "MHJACCARD", {"mh_element_bit_width": 4},
         "Out of range in json: param 'mh_element_bit_width' (4) should be in range [8, 256]: invalid parameter"),
        ("MINHASH_LSH", "MHJACCARD", {"mh_element_bit_width": 12}, "should be a multiple of 8"),
        ("MINHASH_LSH", "MHJACCARD", {"mh_element_bit_width": 96}, "should be a multiple of mh_element_bit_width"),
        ("MINHASH_LSH", "MHJACCARD", {"mh_lsh_band": "many"}, "invalid integer value, key: 'mh_lsh_band'"),
        ("MINHASH_LSH", "MHJACCARD", {"with_raw_data": 7}, "should be a boolean"),
        ("AUTOINDEX", "MHJACCARD", {"mh_lsh_band": 8}, "only metric type can be passed when use AutoIndex"),
    ]

    def test_wrong_parameters_are_named(self):
        self.client.create_collection(self.name, schema=self.bits(32))
        for name, metric, params, text in self.WRONG:
            with self.subTest(name, metric=metric, **params):
                self.fails(text, self.client.create_index, self.name, self.index(name, metric, **params))
        self.assertEqual([], self.client.list_indexes(self.name))

    def test_wrong_searches_are_named(self):
        self.make(self.lsh(), 32)
        query = bytes(4 * self.ELEMENTS)
        self.fails("param 'refine_k' (0) should be in range", self.found, query, 3, refine_k=0)
        self.fails("param 'mh_search_with_jaccard' (\"7\") should be a boolean",
                   self.found, query, 3, mh_search_with_jaccard=7)
        self.fails("metric type not match", self.client.search, self.name, [query], limit=3, anns_field="vector",
                   search_params={"metric_type": "JACCARD"})

    def test_numbers_are_no_signatures(self):
        self.client.create_collection(self.name, schema=self.schema())
        self.fails("can't build with this index MINHASH_LSH: invalid parameter",
                   self.client.create_index, self.name, self.lsh())


if __name__ == "__main__":
    unittest.main()
