"""Aliases, names, partitions, properties and counts through pymilvus, against the server named by MILVUS_URI."""

import time
import unittest

from pymilvus import MilvusException
from test_first_light import Case, unique


class Catalog(Case):
    def setUp(self):
        super().setUp()
        self.create()
        self.alias = unique("a")
        self.other = unique("o")
        self.addCleanup(lambda: self.client.drop_collection(self.other))

    def count_of(self, name, partitions=None):
        found = self.client.query(name, filter="", output_fields=["count(*)"], partition_names=partitions)
        return found[0]["count(*)"]

    def refused(self, text, call, *args, **kwargs):
        with self.assertRaises(MilvusException) as refused:
            call(*args, **kwargs)
        self.assertIn(text, str(refused.exception))
        return refused.exception.code

    def test_aliases(self):
        self.client.create_collection(self.other, schema=self.schema(), index_params=self.index())
        self.client.create_alias(self.name, self.alias)
        self.client.create_alias(self.name, self.alias)
        self.client.insert(self.alias, self.rows(5))
        self.assertEqual(5, self.count_of(self.alias))
        self.assertEqual(5, len(self.client.search(self.alias, [[0.1] * 8], limit=5)[0]))
        self.assertEqual([self.alias], self.client.describe_collection(self.alias)["aliases"])
        self.assertEqual([self.alias], self.client.list_aliases(self.name)["aliases"])
        self.assertEqual(self.name, self.client.describe_alias(self.alias)["collection_name"])
        self.assertEqual(1602, self.refused("is alias to another collection", self.client.create_alias, self.other, self.alias))
        self.assertEqual(1601, self.refused("alias and collection name conflict", self.client.create_alias, self.name, self.other))
        self.refused("cannot drop the collection via alias", self.client.drop_collection, self.alias)
        self.client.alter_alias(self.other, self.alias)
        self.assertEqual(0, self.count_of(self.alias))
        self.client.drop_alias(self.alias)
        self.assertEqual(1600, self.refused("alias not found", self.client.describe_alias, self.alias))
        self.client.drop_alias(self.alias)
        self.assertEqual(1600, self.refused("alias not found", self.client.alter_alias, self.other, self.alias))
        self.refused("Invalid collection alias: 1a.", self.client.create_alias, self.name, "1a")

    def test_rename(self):
        self.client.insert(self.name, self.rows(5))
        self.client.rename_collection(self.name, self.other)
        self.assertFalse(self.client.has_collection(self.name))
        self.assertEqual(5, self.count_of(self.other))
        self.assertEqual(100, self.refused("collection not found", self.client.rename_collection, self.name, unique("x")))

    def test_truncate(self):
        self.client.insert(self.name, self.rows(20))
        self.client.flush(self.name)
        self.client.truncate_collection(self.name)
        self.assertEqual(0, self.count_of(self.name))
        self.assertEqual(0, self.client.get_collection_stats(self.name)["row_count"])
        self.client.insert(self.name, self.rows(3))
        self.assertEqual(3, self.count_of(self.name))

    def test_statistics(self):
        def rows():
            return self.client.get_collection_stats(self.name)["row_count"]

        self.client.insert(self.name, self.rows(20))
        self.client.upsert(self.name, self.rows(5))
        self.client.delete(self.name, ids=[1, 2, 3])
        self.assertEqual(17, rows(), "before a flush")
        self.client.flush(self.name)
        self.assertEqual(17, rows())
        self.client.delete(self.name, ids=[4])
        self.assertEqual(16, rows())
        self.client.release_collection(self.name)
        self.assertEqual(17, rows(), "what is stored, when nobody can read it")
        self.client.load_collection(self.name)
        self.assertEqual(16, rows())

    def test_snapshots(self):
        self.client.insert(self.name, self.rows(20))
        self.client.flush(self.name)
        self.client.insert(self.name, self.rows(5, first=20))
        self.client.delete(self.name, ids=[3, 22])
        self.client.create_snapshot(snapshot_name="monday", collection_name=self.name, description="all of it")
        self.client.truncate_collection(self.name)
        self.assertEqual(["monday"], self.client.list_snapshots(self.name))
        described = self.client.describe_snapshot("monday", self.name)
        self.assertEqual(("monday", "all of it", self.name, ["_default"]), (described.name, described.description, described.collection_name, described.partition_names))
        self.assertEqual(1100, self.refused("snapshot name monday already exists", self.client.create_snapshot, "monday", self.name))
        self.assertEqual(1100, self.refused("snapshot tuesday not found", self.client.describe_snapshot, "tuesday", self.name))
        job = self.client.restore_snapshot("monday", source_collection_name=self.name, target_collection_name=self.other)
        self.addCleanup(lambda: self.client.drop_collection(self.other))
        deadline = time.monotonic() + 60
        state = self.client.get_restore_snapshot_state(job)
        while state.state in ("RestoreSnapshotPending", "RestoreSnapshotExecuting") and time.monotonic() < deadline:
            time.sleep(0.1)
            state = self.client.get_restore_snapshot_state(job)
        self.assertEqual(("RestoreSnapshotCompleted", 100, "monday", self.other), (state.state, state.progress, state.snapshot_name, state.collection_name))
        self.assertIn(job, [one.job_id for one in self.client.list_restore_snapshot_jobs(self.other)])
        self.client.load_collection(self.other)
        found = self.client.query(self.other, filter="id >= 0", output_fields=["id"])
        self.assertEqual([i for i in range(25) if i not in (3, 22)], sorted(row["id"] for row in found))
        self.assertEqual(0, self.count_of(self.name))
        self.assertEqual(1100, self.refused("it exists", self.client.restore_snapshot, "monday", self.name, self.other))
        self.client.drop_snapshot("monday", self.name)
        self.assertEqual([], self.client.list_snapshots(self.name))

    def test_partitions(self):
        self.client.create_partition(self.name, "p")
        self.client.insert(self.name, self.rows(5), partition_name="p")
        self.client.insert(self.name, self.rows(7, first=10))
        self.assertEqual(["_default", "p"], self.client.list_partitions(self.name))
        self.assertEqual(5, self.count_of(self.name, ["p"]))
        self.assertEqual(12, self.count_of(self.name))
        self.assertEqual(5, self.client.get_partition_stats(self.name, "p")["row_count"])
        found = self.client.search(self.name, [[0.1] * 8], limit=20, partition_names=["p"])[0]
        self.assertEqual([0, 1, 2, 3, 4], sorted(hit["id"] for hit in found))
        self.client.delete(self.name, filter="age < 2", partition_name="p")
        self.assertEqual(3, self.count_of(self.name, ["p"]))
        self.refused("partition is loaded, please release it first", self.client.drop_partition, self.name, "p")
        self.client.release_partitions(self.name, ["p"])
        self.client.drop_partition(self.name, "p")
        self.assertFalse(self.client.has_partition(self.name, "p"))
        self.assertEqual(7, self.count_of(self.name))
        self.refused("default partition cannot be deleted", self.client.drop_partition, self.name, "_default")

    def test_properties(self):
        self.client.alter_collection_properties(self.name, {"collection.ttl.seconds": 60})
        self.assertEqual("60", self.client.describe_collection(self.name)["properties"]["collection.ttl.seconds"])
        self.client.drop_collection_properties(self.name, ["collection.ttl.seconds"])
        self.assertNotIn("collection.ttl.seconds", self.client.describe_collection(self.name)["properties"])
        self.refused("can't alter index on loaded collection, please release the collection first",
                     self.client.alter_index_properties, self.name, "vector", {"mmap.enabled": True})
        self.client.release_collection(self.name)
        self.client.alter_index_properties(self.name, "vector", {"mmap.enabled": True})
        self.assertEqual("True", self.client.describe_index(self.name, "vector")["mmap.enabled"])
        self.refused("metric_type is not a configable index property",
                     self.client.alter_index_properties, self.name, "vector", {"metric_type": "IP"})
        self.client.alter_collection_field(self.name, "name", {"max_length": 3})
        self.refused("does not allow update in collection field param",
                     self.client.alter_collection_field, self.name, "name", {"dim": 3})

    def test_an_added_field_must_be_nullable(self):
        from pymilvus import DataType
        self.refused("added field must be nullable", self.client.add_collection_field,
                     self.name, "more", DataType.INT64, nullable=False)

    def test_fields_are_added_to_rows(self):
        from pymilvus import DataType
        self.client.insert(self.name, self.rows(5))
        self.client.flush(self.name)
        self.client.insert(self.name, self.rows(5, first=5))
        self.client.add_collection_field(self.name, "eggs", DataType.INT64, nullable=True)
        self.client.add_collection_field(self.name, "wings", DataType.INT64, nullable=True, default_value=2)
        self.client.add_collection_field(self.name, "again", DataType.FLOAT_VECTOR, nullable=True, dim=4)
        self.assertIn(
            ("wings", True, 2),
            [(f["name"], f.get("nullable"), getattr(f.get("default_value"), "long_data", None))
             for f in self.client.describe_collection(self.name)["fields"]])
        self.client.insert(self.name, [{**row, "eggs": row["id"]} for row in self.rows(5, first=10)])
        rows = self.client.query(self.name, filter="id in [1, 7, 12]", output_fields=["*"])
        self.assertEqual([None, None, 12], [row["eggs"] for row in rows])
        self.assertEqual([2, 2, 2], [row["wings"] for row in rows])
        self.assertEqual(10, len(self.client.query(self.name, filter="eggs is null")))
        self.assertEqual(15, len(self.client.query(self.name, filter="wings == 2")))
        self.refused("duplicate field name: eggs", self.client.add_collection_field,
                     self.name, "eggs", DataType.INT64, nullable=True)
        self.refused("dynamic schema cannot supported to be disabled",
                     self.client.alter_collection_properties, self.name, {"dynamicfield.enabled": False})

    def test_times_are_texts_or_parts(self):
        from pymilvus import DataType
        self.client.add_collection_field(self.name, "at", DataType.TIMESTAMPTZ, nullable=True)
        self.client.insert(self.name, [{**row, "at": at} for row, at in zip(self.rows(2), ["2025-01-02T03:04:05Z", None])])
        show = {"output_fields": ["at"], "timezone": "America/Havana"}
        self.assertEqual(["2025-01-01T22:04:05-05:00", None],
                         [row["at"] for row in self.client.query(self.name, filter="id >= 0", **show)])
        show["time_fields"] = "year, day hour"
        self.assertEqual([[2025, 1, 22], None],
                         [row["at"] for row in self.client.query(self.name, filter="id >= 0", **show)])
        found = self.client.search(self.name, [[0.5] * 8], filter="id == 0", limit=1, **show)
        self.assertEqual([2025, 1, 22], found[0][0]["entity"]["at"])
        show["time_fields"] = "week"
        self.refused("unsupported field for extraction: week", self.client.query, self.name, filter="id >= 0", **show)

    def test_a_partial_upsert_keeps_what_is_not_given(self):
        self.client.insert(self.name, self.rows(5))
        before = self.client.query(self.name, filter="id == 3", output_fields=["*"])[0]
        done = self.client.upsert(self.name, [{"id": 3, "name": "new", "size": 9}], partial_update=True)
        self.assertEqual(1, done["upsert_count"])
        after = self.client.query(self.name, filter="id == 3", output_fields=["*"])[0]
        self.assertEqual({**before, "name": "new", "size": 9}, after)
        self.assertEqual(5, self.count_of(self.name))
        self.refused("has no corresponding fieldData pass in",
                     self.client.upsert, self.name, [{"id": 77, "name": "new"}], partial_update=True)


if __name__ == "__main__":
    unittest.main()
