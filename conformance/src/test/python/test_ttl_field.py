"""Rows that say themselves until when they live: the property ttl_field."""

import threading
import time
import unittest
from datetime import datetime, timedelta, timezone

from pymilvus import DataType
from test_first_light import Case as AnyCase

HOUR = timedelta(hours=1)


def text(delta):
    return (datetime.now(timezone.utc) + delta).isoformat()


class Case(AnyCase):
    def schema(self, nullable=True):
        schema = self.client.create_schema(enable_dynamic_field=False)
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=2)
        schema.add_field("age", DataType.INT64)
        schema.add_field("until", DataType.TIMESTAMPTZ, nullable=nullable)
        return schema

    def create(self, **properties):
        self.client.create_collection(
            self.name, schema=self.schema(), index_params=self.index(), consistency_level="Strong",
            properties=properties)

    def insert(self, **until):
        """Rows 1, 2... of these times; None for no time."""
        self.client.insert(self.name, [
            {"id": int(name[1:]), "vector": [int(name[1:]), 0.0], "age": int(name[1:]),
             "until": None if delta is None else text(delta)}
            for name, delta in until.items()])

    def ids(self, expr="id >= 0"):
        return sorted(row["id"] for row in self.client.query(self.name, filter=expr, output_fields=["id"]))

    def hits(self, **kwargs):
        found = self.client.search(self.name, data=[[0.0, 0.0]], anns_field="vector", limit=10, **kwargs)
        return [hit["id"] for hit in found[0]]


class Reads(Case):
    def test_rows_are_seen_until_their_time(self):
        self.create(ttl_field="until")
        self.insert(r1=-HOUR, r2=HOUR, r3=None, r4=timedelta(seconds=2))
        for flushed in (False, True):
            with self.subTest(flushed=flushed):
                self.assertNotIn(1, self.ids())
                self.assertLessEqual({2, 3}, set(self.ids("age > 0")))
        while 4 in self.ids():
            threading.Event().wait(0.1)
        self.client.flush(self.name)
        self.assertEqual([2, 3], self.ids())
        self.assertEqual([2, 3], self.hits())
        self.assertEqual([3], self.hits(filter="age > 2"))
        self.assertEqual(2, self.count())
        self.assertEqual([], self.client.get(self.name, ids=[1, 4], output_fields=["id"]))
        iterator = self.client.query_iterator(self.name, batch_size=1, output_fields=["id"])
        seen = []
        while page := iterator.next():
            seen += [row["id"] for row in page]
        self.assertEqual([2, 3], seen)

    def test_an_upsert_gives_a_row_another_time(self):
        self.create(ttl_field="until")
        self.insert(r1=HOUR, r2=-HOUR)
        self.client.upsert(self.name, [
            {"id": 1, "vector": [1.0, 0.0], "age": 1, "until": text(-HOUR)},
            {"id": 2, "vector": [2.0, 0.0], "age": 2, "until": None}])
        self.assertEqual([2], self.ids())

    def test_an_expired_row_is_not_there_for_writers_either(self):
        self.create(ttl_field="until")
        self.insert(r1=-HOUR, r2=HOUR)
        self.assertEqual(1, self.client.delete(self.name, filter="age > 0")["delete_count"])
        self.fails("", self.client.upsert, self.name, [{"id": 1, "age": 5}], partial_update=True)
        self.assertEqual([], self.ids())


class Property(Case):
    def test_set_and_removed_later(self):
        self.create()
        self.insert(r1=-HOUR, r2=HOUR)
        self.assertEqual([1, 2], self.ids())
        self.client.alter_collection_properties(self.name, {"ttl_field": "until"})
        self.assertEqual([2], self.ids())
        self.assertEqual("until", self.client.describe_collection(self.name)["properties"]["ttl_field"])
        self.client.drop_collection_properties(self.name, ["ttl_field"])
        self.assertEqual([1, 2], self.ids(), "nothing took it from the disk yet")

    def test_a_field_that_is_added_later(self):
        self.create()
        self.insert(r1=None)
        self.client.add_collection_field(self.name, "end", DataType.TIMESTAMPTZ, nullable=True)
        self.client.alter_collection_properties(self.name, {"ttl_field": "end"})
        self.client.insert(self.name, [
            {"id": 2, "vector": [2.0, 0.0], "age": 2, "until": None, "end": text(-HOUR)},
            {"id": 3, "vector": [3.0, 0.0], "age": 3, "until": None, "end": text(HOUR)}])
        self.assertEqual([1, 3], self.ids())

    def test_what_it_cannot_be(self):
        self.fails("ttl field must be timestamptz, field name = age", self.create, ttl_field="age", code=1100)
        self.fails("ttl field name x not found in schema", self.create, ttl_field="x", code=1100)
        both = "collection TTL and ttl field cannot be set at the same time"
        self.fails(both, self.create, **{"ttl_field": "until", "collection.ttl.seconds": 3600}, code=1100)
        self.create(**{"collection.ttl.seconds": 3600})
        self.fails(both, self.client.alter_collection_properties, self.name, {"ttl_field": "until"}, code=1100)
        self.client.drop_collection_properties(self.name, ["collection.ttl.seconds"])
        self.client.alter_collection_properties(self.name, {"ttl_field": "until"})
        self.fails(both, self.client.alter_collection_properties, self.name, {"collection.ttl.seconds": 60}, code=1100)


class Purge(Case):
    def test_a_compaction_takes_them_from_the_disk(self):
        self.create(ttl_field="until")
        self.insert(r1=-HOUR, r2=HOUR)
        self.client.flush(self.name)
        self.insert(r3=None)  # time passes by records
        self.client.flush(self.name)
        job = self.client.compact(self.name)
        deadline = time.monotonic() + 60
        while self.client.get_compaction_state(job) != "Completed":
            self.assertLess(time.monotonic(), deadline)
            threading.Event().wait(0.1)
        self.client.drop_collection_properties(self.name, ["ttl_field"])
        self.assertEqual([2, 3], self.ids())


if __name__ == "__main__":
    unittest.main()
