package io.elanus.simulation;

import com.google.protobuf.ByteString;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestCodec;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.common.wal.Wal;
import io.elanus.proto.internal.ReplaceEdit;
import io.elanus.proto.internal.SubmitEditRequest;
import io.elanus.simulation.Node.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// Bugs of compaction, of index building, and of the edits they end with.
final class EditPlants {
  private EditPlants() {}

  /// Changes manifests that edits make, as datanodes write them.
  ///
  /// @param change from the manifest that is two older and the edited one
  record Edits(BinaryOperator<Manifest> change, Map<ShardId, List<Manifest>> written)
      implements Plant {
    Edits(BinaryOperator<Manifest> change) {
      this(change, new HashMap<>());
    }

    @Override
    public ObjectStore objects(Kind kind, SimulatedProcess process, ObjectStore objects, Wal wal) {
      return kind == Kind.DATANODE ? ManifestPlants.writing(objects, this::rewritten) : objects;
    }

    private Manifest rewritten(Manifest next) {
      List<Manifest> before = written.computeIfAbsent(next.shard(), _ -> new ArrayList<>());
      boolean edit =
          before.size() >= 2 && !before.getLast().recentEdits().equals(next.recentEdits());
      before.add(next);
      return edit ? change.apply(before.get(before.size() - 3), next) : next;
    }
  }

  static Manifest ofOlder(Manifest older, Manifest edited) {
    Set<SegmentId> known =
        older.segments().stream().map(SegmentEntry::id).collect(Collectors.toSet());
    return ManifestPlants.withSegments(
        edited, edited.segments().stream().filter(s -> known.contains(s.id())).toList());
  }

  /// The indexes of the last segment that has any are said to be another's.
  static Manifest ofAnotherSegment(Manifest m) {
    List<SegmentEntry> segments = new ArrayList<>(m.segments());
    for (int i = segments.size() - 1; i > 0; i--) {
      if (!segments.get(i).indexes().isEmpty()) {
        segments.set(i - 1, segments.get(i - 1).withIndexes(segments.get(i).indexes()));
        segments.set(i, segments.get(i).withIndexes(List.of()));
        break;
      }
    }
    return ManifestPlants.withSegments(m, segments);
  }

  /// Changes what workers submit to owners.
  record Submitted(UnaryOperator<ReplaceEdit> change) implements Plant {
    @Override
    public Object request(SimulatedProcess process, Object request) {
      if (!(request instanceof SubmitEditRequest edit) || edit.getReplacesCount() == 0) {
        return request;
      }
      return edit.toBuilder().setReplaces(0, change.apply(edit.getReplaces(0))).build();
    }
  }

  static ReplaceEdit claimingDeletes(ReplaceEdit edit) {
    List<SegmentEntry> added =
        ManifestCodec.decodeSegments(edit.getAdded().toByteArray()).stream()
            .map(segment -> segment.withAppliedThrough(Long.MAX_VALUE))
            .toList();
    return edit.toBuilder()
        .setAdded(ByteString.copyFrom(ManifestCodec.encodeSegments(added)))
        .build();
  }

  static ReplaceEdit losingRows(ReplaceEdit edit) {
    return edit.toBuilder()
        .setAdded(ByteString.copyFrom(ManifestCodec.encodeSegments(List.of())))
        .setStaged(false)
        .build();
  }

  static ReplaceEdit removingLess(ReplaceEdit edit) {
    int kept = Math.max(1, edit.getRemovedIdsCount() - 1);
    return edit.toBuilder()
        .clearRemovedIds()
        .addAllRemovedIds(edit.getRemovedIdsList().subList(0, kept))
        .build();
  }
}
