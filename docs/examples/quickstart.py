from pymilvus import MilvusClient

client = MilvusClient("http://localhost:19530")

client.create_collection("birds", dimension=4)          # key `id`, vector `vector`, any other key allowed
client.insert("birds", [
    {"id": 1, "vector": [0.9, 0.1, 0.0, 0.2], "name": "black-winged kite", "length_cm": 33},
    {"id": 2, "vector": [0.8, 0.2, 0.1, 0.1], "name": "letter-winged kite", "length_cm": 36},
    {"id": 3, "vector": [0.1, 0.9, 0.3, 0.0], "name": "red kite", "length_cm": 65},
])

hits = client.search(
    "birds",
    data=[[0.9, 0.1, 0.0, 0.1]],
    filter='length_cm < 40 and name like "%kite"',
    limit=2,
    output_fields=["name", "length_cm"],
)
for hit in hits[0]:
    print(hit["id"], round(hit["distance"], 4), hit["entity"])

client.drop_collection("birds")
