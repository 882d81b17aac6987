"""Lists of structs in rows, as a pymilvus user has them."""

import unittest

from pymilvus import DataType
from test_first_light import Case


class Structs(Case):
    def create_with_structs(self, nullable=False):
        schema = self.client.create_schema()
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=2)
        chunk = self.client.create_struct_field_schema()
        chunk.add_field("text", DataType.VARCHAR, max_length=8)
        chunk.add_field("page", DataType.INT64)
        chunk.add_field("meaning", DataType.FLOAT_VECTOR, dim=2)
        schema.add_field(
            "chunks",
            datatype=DataType.ARRAY,
            element_type=DataType.STRUCT,
            struct_schema=chunk,
            max_capacity=3,
            nullable=nullable,
        )
        self.client.create_collection(
            self.name, schema=schema, index_params=self.index(), consistency_level="Strong"
        )

    def chunks(self, *pages):
        return [{"text": f"p{page}", "page": page, "meaning": [page, 0.5]} for page in pages]

    def row(self, key, chunks):
        return {"id": key, "vector": [key, 1], "chunks": chunks}

    def found(self, *output):
        rows = self.client.query(self.name, filter="id > 0", output_fields=list(output) or ["*"])
        return {row["id"]: row.get("chunks") for row in rows}

    def test_structs_come_back_as_they_went(self):
        self.create_with_structs()
        described = self.client.describe_collection(self.name)
        self.assertEqual([f["name"] for f in described["fields"]], ["id", "vector", "chunks"])
        struct = described["fields"][2]
        self.assertEqual(struct["element_type"], DataType.STRUCT)
        self.assertEqual([f["name"] for f in struct["struct_fields"]], ["text", "page", "meaning"])

        expected = {1: self.chunks(1, 2), 2: [], 3: self.chunks(3)}
        self.client.insert(self.name, [self.row(key, chunks) for key, chunks in expected.items()])
        for _ in range(2):
            self.assertEqual(self.found(), expected)
            self.assertEqual(self.found("chunks"), expected)
            self.assertEqual(self.found("chunks[page]")[1], [{"page": 1}, {"page": 2}])
            hits = self.client.search(self.name, [[3, 1]], limit=1, anns_field="vector", output_fields=["chunks"])
            self.assertEqual(hits[0][0]["entity"]["chunks"], expected[3])
            self.client.flush(self.name)

        expected[1] = self.chunks(7, 8, 9)
        self.client.upsert(self.name, [self.row(1, expected[1])])
        self.assertEqual(self.found(), expected)
        self.client.upsert(self.name, [{"id": 2, "chunks": self.chunks(4)}], partial_update=True)
        expected[2] = self.chunks(4)
        self.client.upsert(self.name, [{"id": 3, "vector": [9, 9]}], partial_update=True)
        self.assertEqual(self.found(), expected)

    def test_a_struct_may_be_null_as_a_whole(self):
        self.create_with_structs(nullable=True)
        expected = {1: self.chunks(1), 2: None, 3: []}
        self.client.insert(self.name, [self.row(key, chunks) for key, chunks in expected.items()])
        self.client.insert(self.name, [{"id": 4, "vector": [4, 1]}])
        expected[4] = None
        for _ in range(2):
            self.assertEqual(self.found(), expected)
            self.client.flush(self.name)

    def test_a_struct_is_added_to_rows_that_are_there(self):
        self.create_with_structs()
        first = {1: self.chunks(1), 2: []}
        self.client.insert(self.name, [self.row(key, chunks) for key, chunks in first.items()])
        self.client.flush(self.name)
        self.client.insert(self.name, [self.row(3, [])])

        note = self.client.create_struct_field_schema()
        note.add_field("stars", DataType.INT8)
        note.add_field("mood", DataType.FLOAT_VECTOR, dim=2)
        self.client.add_collection_struct_field(self.name, "notes", note, max_capacity=2)

        expected = {1: None, 2: None, 3: None}
        self.assertEqual(self.notes(), expected)
        self.assertEqual(self.notes("notes"), expected)
        hits = self.client.search(self.name, [[1, 1]], limit=1, anns_field="vector", output_fields=["notes"])
        self.assertIsNone(hits[0][0]["entity"]["notes"])
        described = self.client.describe_collection(self.name)["fields"][-1]
        self.assertEqual((described["name"], described.get("nullable")), ("notes", True))

        expected |= {2: self.some_notes(5), 3: [], 4: self.some_notes(1, 2), 5: None, 6: []}
        self.client.insert(self.name, [self.row(key, []) | {"notes": expected[key]} for key in (4, 5, 6)])
        self.client.upsert(self.name, [{"id": 2, "notes": expected[2]}], partial_update=True)
        self.client.upsert(self.name, [self.row(3, []) | {"notes": []}])
        for _ in range(2):
            self.assertEqual(self.notes(), expected)
            self.assertEqual(self.found("chunks")[1], first[1])
            self.client.flush(self.name)
        self.client.release_collection(self.name)
        self.client.load_collection(self.name)
        self.assertEqual(self.notes(), expected)

    def some_notes(self, *stars):
        return [{"stars": star, "mood": [star, 0.5]} for star in stars]

    def notes(self, *output):
        rows = self.client.query(self.name, filter="id > 0", output_fields=list(output) or ["*"])
        return {row["id"]: row["notes"] for row in rows}

    def test_what_does_not_fit_is_refused(self):
        self.create_with_structs()
        self.fails("exceeds max capacity", self.client.insert, self.name, [self.row(1, self.chunks(1, 2, 3, 4))])
        long = [{"text": "x" * 9, "page": 1, "meaning": [0, 0]}]
        self.fails("exceeds max length", self.client.insert, self.name, [self.row(1, long)])
        self.assertEqual(self.found(), {})


if __name__ == "__main__":
    unittest.main()
