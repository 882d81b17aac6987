import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.milvus.v2.client.ConnectConfig;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.service.collection.request.CreateCollectionReq;
import io.milvus.v2.service.collection.request.DropCollectionReq;
import io.milvus.v2.service.vector.request.InsertReq;
import io.milvus.v2.service.vector.request.SearchReq;
import io.milvus.v2.service.vector.request.data.FloatVec;
import io.milvus.v2.service.vector.response.SearchResp;
import java.util.List;
import java.util.stream.Stream;

public class Quickstart {
  public static void main(String[] args) {
    MilvusClientV2 client =
        new MilvusClientV2(ConnectConfig.builder().uri("http://localhost:19530").build());

    client.createCollection(
        CreateCollectionReq.builder().collectionName("birds").dimension(4).build());
    List<JsonObject> rows =
        Stream.of(
                "{id: 1, vector: [0.9, 0.1, 0.0, 0.2], name: 'black-winged kite', length_cm: 33}",
                "{id: 2, vector: [0.8, 0.2, 0.1, 0.1], name: 'letter-winged kite', length_cm: 36}",
                "{id: 3, vector: [0.1, 0.9, 0.3, 0.0], name: 'red kite', length_cm: 65}")
            .map(row -> JsonParser.parseString(row).getAsJsonObject())
            .toList();
    client.insert(InsertReq.builder().collectionName("birds").data(rows).build());

    SearchResp found =
        client.search(
            SearchReq.builder()
                .collectionName("birds")
                .data(List.of(new FloatVec(new float[] {0.9f, 0.1f, 0.0f, 0.1f})))
                .filter("length_cm < 40 and name like \"%kite\"")
                .limit(2)
                .outputFields(List.of("name", "length_cm"))
                .build());
    for (SearchResp.SearchResult hit : found.getSearchResults().getFirst()) {
      System.out.println(hit.getId() + " " + hit.getScore() + " " + hit.getEntity());
    }

    client.dropCollection(DropCollectionReq.builder().collectionName("birds").build());
    client.close();
  }
}
