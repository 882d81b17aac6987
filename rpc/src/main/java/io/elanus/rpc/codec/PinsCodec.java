package io.elanus.rpc.codec;

import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.model.Pin;
import io.elanus.proto.internal.PinMeta;
import io.elanus.proto.internal.PinsMeta;
import java.time.Duration;
import java.util.List;

/// The value of `pin/<collection>`: the marks of the collection that are kept readable.
public final class PinsCodec {
  private PinsCodec() {}

  public static byte[] encode(List<Pin> pins) {
    PinsMeta.Builder meta = PinsMeta.newBuilder();
    for (Pin pin : pins) {
      meta.addPins(PinMeta.newBuilder().setMark(pin.mark()).setTtlMillis(pin.ttl().toMillis()));
    }
    return meta.build().toByteArray();
  }

  /// @throws io.elanus.common.error.DbException `CORRUPT`
  public static List<Pin> decode(MetaEntry entry) {
    return CatalogCodec.parse(entry, PinsMeta.parser()).getPinsList().stream()
        .map(pin -> new Pin(pin.getMark(), Duration.ofMillis(pin.getTtlMillis())))
        .toList();
  }
}
