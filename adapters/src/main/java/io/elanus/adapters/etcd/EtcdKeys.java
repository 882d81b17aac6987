package io.elanus.adapters.etcd;

import com.google.protobuf.ByteString;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.meta.MetaStore.MetaEvent;
import java.util.Optional;

/// Where things lie in etcd. All keys are UTF-8, which compares bytewise.
///
/// ```
/// <root>/data/<key>                  the entries
/// <root>/generation                  which generation takes request ids
/// <root>/request/<generation>/<id>   a commit, by the revision that wrote this
/// ```
record EtcdKeys(String root) {
  /// Keys from `first` up to and without `end`.
  record Range(ByteString first, ByteString end) {}

  private String dataPrefix() {
    return root + "/data/";
  }

  ByteString data(String key) {
    return ByteString.copyFromUtf8(dataPrefix() + key);
  }

  Range dataRange(String prefix) {
    return range(dataPrefix() + prefix);
  }

  ByteString generation() {
    return ByteString.copyFromUtf8(root + "/generation");
  }

  ByteString request(long generation, String id) {
    return ByteString.copyFromUtf8("%s/request/%d/%s".formatted(root, generation, id));
  }

  Range requests(long generation) {
    return range("%s/request/%d/".formatted(root, generation));
  }

  Range everything() {
    return range(root + "/");
  }

  MetaEntry entry(etcdserverpb.KeyValue pair) {
    return new MetaEntry(key(pair.getKey()), pair.getValue().toByteArray(), pair.getModRevision());
  }

  MetaEvent event(etcdserverpb.Event event) {
    etcdserverpb.KeyValue pair = event.getKv();
    Optional<byte[]> value =
        event.getType() == etcdserverpb.Event.EventType.PUT
            ? Optional.of(pair.getValue().toByteArray())
            : Optional.empty();
    return new MetaEvent(key(pair.getKey()), value, pair.getModRevision());
  }

  private String key(ByteString data) {
    return data.toStringUtf8().substring(dataPrefix().length());
  }

  /// All keys that begin with `prefix`, which no UTF-8 ends with the largest byte.
  private static Range range(String prefix) {
    ByteString first = ByteString.copyFromUtf8(prefix);
    byte[] end = first.toByteArray();
    end[end.length - 1]++;
    return new Range(first, ByteString.copyFrom(end));
  }
}
